"""How a record of the log becomes a line of JSON. Imported while logging is set up, so it imports nothing of ours."""

from __future__ import annotations

import logging
from typing import Any

import structlog

QUIET = frozenset({"healthz", "readyz", "metrics"})
FINE = 200
SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]


def configure() -> None:
    """Let structlog's own loggers write through the standard library's, so that there's one log."""
    structlog.configure(
        processors=[*SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def formatter() -> logging.Formatter:
    """Return what writes a record as one line of JSON."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED_PROCESSORS,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )


class HealthFilter(logging.Filter):
    """Leaves out the lines about probes, of which there are thousands a day."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass but what a probe caused."""
        message = record.msg
        return not (isinstance(message, dict) and message.get("view") in QUIET and message.get("code") == FINE)
