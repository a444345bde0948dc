"""How long a request took, and how many queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from tms_site.observing import metrics

GetResponse = Callable[[HttpRequest], HttpResponse]
MEASURED = "TMS_MEASURED"


@dataclass
class Measured:
    """What a request took so far."""

    queries: int = 0
    seconds: float = 0.0

    def count(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Count a query, and do it."""
        self.queries += 1
        return execute(sql, params, many, context)


def measuring_middleware(get_response: GetResponse) -> GetResponse:
    """Measure each request, for /metrics and for the log."""

    def middleware(request: HttpRequest) -> HttpResponse:
        measured = request.META[MEASURED] = Measured()
        begun = perf_counter()
        with connection.execute_wrapper(measured.count):
            response = get_response(request)
        measured.seconds = perf_counter() - begun
        metrics.observe(view_of(request), request.method or "", response.status_code, measured)
        return response

    return middleware


def view_of(request: HttpRequest) -> str:
    """Return the name of the address that was asked for: never the address itself, of which there are millions."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match is not None else "none"
