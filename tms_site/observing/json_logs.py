"""The log as JSON, a line for each request: for machines that collect it (LOG_FORMAT=json).

django-structlog gives each line the request's id and the user's; what was searched for or typed is in none.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog import signals
from django_structlog.middlewares import RequestMiddleware

from tms_site.lib.request_id import get_request_id
from tms_site.observing.measuring import MEASURED, Measured, view_of

# A link to set a password stands behind it.
SECRET_PART = "/key/"  # noqa: S105 - a part of an address


class RequestLogMiddleware(RequestMiddleware):
    """Writes a line for each request."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the method and the path: queries hold what people search for, and some paths a secret."""
        prefix, marker, _ = request.path.partition(SECRET_PART)
        return f"{request.method} {prefix}{marker}…" if marker else f"{request.method} {request.path}"


def bind_request_id(sender: object, **kwargs: Any) -> None:
    """Use the id that the activity log and the error pages know too."""
    structlog.contextvars.bind_contextvars(request_id=get_request_id())


def add_measures(sender: object, *, request: HttpRequest, log_kwargs: dict[str, Any], **kwargs: Any) -> None:
    """Say how long the request took and how many queries it made."""
    measured = request.META.get(MEASURED) or Measured()
    log_kwargs |= {
        "view": view_of(request),
        "duration_ms": round(measured.seconds * 1000, 1),
        "queries": measured.queries,
        "address": request.META.get("REMOTE_ADDR", ""),
    }


def connect() -> None:
    """Connect the receivers, once."""
    signals.bind_extra_request_metadata.connect(bind_request_id, dispatch_uid="tms.bind_request_id")
    signals.bind_extra_request_finished_metadata.connect(add_measures, dispatch_uid="tms.add_measures")
