"""The request id: one name for what a request did, in the activity log, in the logs and on error pages.

It's a correlation id only. Who acts is never taken from here: every entrance passes its actor explicitly.
"""

import logging
import re
import uuid
from contextvars import ContextVar, Token
from typing import Any

SERVER_ERROR = 500
_current: ContextVar[str] = ContextVar("request_id", default="")
_LINE_BREAKS = re.compile("[\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
# Commands to a terminal, and halves of characters that no encoding takes.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def new_request_id() -> str:
    """Return a fresh id."""
    return uuid.uuid4().hex


def set_request_id(value: str) -> Token[str]:
    """Set the id of the running request and return the token that `reset_request_id` takes."""
    return _current.set(value)


def reset_request_id(token: Token[str]) -> None:
    """Put the id back that was set before."""
    _current.reset(token)


def get_request_id() -> str:
    """Return the running request's id, or the empty text outside a request."""
    return _current.get()


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to each log record, and takes the traceback from those about a visitor's own mistake."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Fill the record's id; every record passes."""
        # Django notes an answer once the middleware is through with it, and the id forgotten: then the request knows.
        request = getattr(record, "request", None)
        record.request_id = get_request_id() or getattr(request, "META", {}).get("TMS_REQUEST_ID") or "-"
        if getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True


class OneLineFormatter(logging.Formatter):
    """Writes a message on one line, so that text from outside can't forge a second entry."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is the standard library's
        """Return the formatted message with line breaks and other control characters shown as signs."""
        return _UNPRINTABLE.sub("\ufffd", _LINE_BREAKS.sub(" ⏎ ", super().formatMessage(record)))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is the standard library's
        """Return the traceback, indented: an error's text may come from outside, and no entry begins with a blank."""
        lines = super().formatException(ei).splitlines()
        return "\n".join("  " + _UNPRINTABLE.sub("\ufffd", line) for line in lines)
