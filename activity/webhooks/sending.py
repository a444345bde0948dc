"""Sending one delivery: signed, once, and with a look at whether it still may be sent."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from activity.outbox.worker import Failed
from activity.webhooks import deliveries
from activity.webhooks.enums import ANSWER_MAX
from activity.webhooks.guard import Unreachable, destination, open_connection
from activity.webhooks.models import WebhookDelivery
from activity.webhooks.payloads import without_desk_fields
from tms_site.lib.errors import ServiceError
from tms_site.lib.text import printable_line

# For connecting, sending and the answer together, well below the outbox's lease. Looking up the name counts as well,
# but only the system's resolver ends that.
TIMEOUT_SECONDS = 10.0
ANSWER_READ = 2_000
SUCCESS = range(200, 300)
REDIRECT = range(300, 400)


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the status, or None when there was no answer; what was said; how long it took."""

    status: int | None
    answer: str
    duration_ms: int

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it."""
        return self.status in SUCCESS


def deliver(payload: dict[str, Any]) -> None:
    """Do what the outbox says: send a delivery, and note what came of it.

    Args:
        payload: {"delivery": its number}.

    Raises:
        Failed: the receiver didn't take it; it's to be tried again.
    """
    delivery = WebhookDelivery.objects.select_related("webhook").filter(pk=payload["delivery"]).first()
    if delivery is None or deliveries.is_settled(delivery):
        return
    if not deliveries.may_be_sent(delivery):
        deliveries.cancel(delivery)
        return
    outcome = send(delivery, timezone.now())
    deliveries.note_attempt(delivery, outcome.status, outcome.answer, outcome.duration_ms, success=outcome.is_success)
    if outcome.status is None:
        # A receiver that doesn't answer takes up to TIMEOUT_SECONDS of the worker for each message: others come first.
        alike = deliveries.due_messages_of(delivery.webhook, timezone.now())
        raise Failed(outcome.answer, alike=alike)
    if not outcome.is_success:
        raise Failed(outcome.answer or str(outcome.status))


def send(delivery: WebhookDelivery, now: datetime) -> Outcome:
    """Send a delivery once, whatever comes of it."""
    payload = delivery.payload if delivery.webhook.with_notes else without_desk_fields(delivery.payload)
    body = json.dumps(payload, separators=(",", ":")).encode()
    begun = monotonic()
    try:
        status, answer = _post(delivery, body, now, begun + TIMEOUT_SECONDS)
    except (Unreachable, ServiceError) as error:
        status, answer = None, str(error)
    except TimeoutError:
        status, answer = None, _("There was no answer within %(seconds)d seconds.") % {"seconds": TIMEOUT_SECONDS}
    except (OSError, http.client.HTTPException) as error:
        status, answer = None, f"{type(error).__name__}: {error}"
    return Outcome(status, printable_line(answer)[:ANSWER_MAX], int((monotonic() - begun) * 1000))


def _post(delivery: WebhookDelivery, body: bytes, now: datetime, deadline: float) -> tuple[int, str]:
    to = destination(delivery.webhook.url)
    connection = open_connection(to, deadline)
    try:
        connection.request("POST", to.target, body, headers_for(delivery, body, now))
        response = connection.getresponse()
        # What it says is for the SysAdmin who looks why it failed; more than a little is never read.
        answer = response.read(ANSWER_READ).decode("utf-8", "replace")
    finally:
        connection.close()
    if response.status in REDIRECT:
        return response.status, _("It redirects elsewhere, which isn't followed. Give the new address instead.")
    return response.status, answer


def headers_for(delivery: WebhookDelivery, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of a delivery; its key stays the same with each attempt."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "TMS-Webhook/1",
        "TMS-Event": delivery.event,
        "TMS-Delivery": delivery.key,
        "TMS-Signature": signature(delivery.webhook.secret, body, int(now.timestamp())),
    }


def signature(secret: str, body: bytes, timestamp: int) -> str:
    """Return what proves where a body comes from and when: HMAC-SHA256 over "timestamp.body"."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
