"""The figures at /metrics, in Prometheus' format.

Several processes serve TMS: each keeps its figures in files of the folder PROMETHEUS_MULTIPROC_DIR, which
gunicorn.conf.py makes, and whichever is asked adds them up.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from activity.outbox.models import OutboxMessage

if TYPE_CHECKING:
    from tms_site.observing.measuring import Measured

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
KNOWN_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")

REQUESTS = Counter("tms_requests", "Requests answered", ["view", "method", "status"])
SECONDS = Histogram(
    "tms_request_seconds", "Time that a request took", ["view"], buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
)
QUERIES = Histogram("tms_request_queries", "Queries of a request", ["view"], buckets=(2, 5, 10, 15, 20, 30, 50, 100))
LOGINS = Counter("tms_logins", "Log-ins", ["outcome"])


def observe(view: str, method: str, status: int, measured: Measured) -> None:
    """Count a request."""
    # Visitors choose the method: a made-up one must not make figures of its own.
    REQUESTS.labels(view, method if method in KNOWN_METHODS else "other", str(status)).inc()
    SECONDS.labels(view).observe(measured.seconds)
    QUERIES.labels(view).observe(measured.queries)


def on_logged_in(sender: object, **kwargs: Any) -> None:
    """Count a log-in."""
    LOGINS.labels("success").inc()


def on_login_failed(sender: object, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Count a log-in that failed."""
    LOGINS.labels("failure").inc()


class OutboxCollector(Collector):
    """What waits in the outbox, asked of the database at the moment."""

    def collect(self) -> Iterable[Metric]:
        """Return how much waits, for how long it has been due, and how much was given up."""
        now = timezone.now()
        oldest = OutboxMessage.objects.due(now).first()
        age = (now - oldest.available_at).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("tms_outbox_waiting", "Messages in the outbox", OutboxMessage.objects.waiting().count())
        yield GaugeMetricFamily("tms_outbox_due_seconds", "For how long the oldest due message has waited", age)
        yield GaugeMetricFamily("tms_outbox_dead", "Messages that were given up", OutboxMessage.objects.dead().count())


def exposition() -> bytes:
    """Return all figures as /metrics shows them."""
    registry = CollectorRegistry()
    registry.register(OutboxCollector())
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the package leaves it untyped
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)
