"""What webhooks are told, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.models import User
from activity.outbox.models import OutboxMessage
from activity.outbox.services import enqueue
from activity.webhooks.enums import ANSWER_MAX, PING, DeliveryState, Event
from activity.webhooks.models import Webhook, WebhookDelivery
from activity.webhooks.payloads import event_of, naming, renamed
from tickets.models import Comment

# What the outbox calls a delivery.
KIND = "webhook"
KEEP_DELIVERIES = timedelta(days=30)
PURGE_BATCH = 1_000
# Bodies may be long.
REWRITE_BATCH = 100
SETTLED = (DeliveryState.DELIVERED, DeliveryState.CANCELLED)


def announce(
    event: Event, actor: Actor, at: datetime, about: Callable[[], dict[str, Any]], *, is_internal: bool = False
) -> None:
    """Put what happened into the outbox for each webhook that wants to be told of it.

    Args:
        event: what happened.
        actor: who did it.
        at: when.
        about: returns what it's about; asked only where somebody wants to be told.
        is_internal: of an internal note, which only those are told who asked for notes too.
    """
    wanted = [
        webhook
        for webhook in Webhook.objects.active()
        if event in webhook.events and (webhook.with_notes or not is_internal)
    ]
    if not wanted:
        return
    values = about()
    for webhook in wanted:
        put_in(webhook, event, actor, at, values, is_internal=is_internal)


def may_be_sent(delivery: WebhookDelivery) -> bool:
    """Tell, at the moment of sending, whether it may still be sent: the webhook may have been changed since."""
    webhook = delivery.webhook
    if delivery.event == PING:
        return True
    if not webhook.is_active or delivery.event not in webhook.events:
        return False
    return webhook.with_notes or not (delivery.is_internal or _is_note_now(delivery))


def _is_note_now(delivery: WebhookDelivery) -> bool:
    comment = delivery.payload.get("comment")
    return bool(comment) and Comment.objects.filter(pk=comment["id"], is_internal=True).exists()


def is_settled(delivery: WebhookDelivery) -> bool:
    """Tell whether nothing more is to be done about a delivery."""
    return delivery.state in SETTLED


def due_messages_of(webhook: Webhook, now: datetime) -> list[int]:
    """Return the numbers of the outbox's messages that are due and go to this webhook."""
    unsettled = WebhookDelivery.objects.filter(webhook=webhook).exclude(state__in=SETTLED)
    its_own = set(unsettled.values_list("pk", flat=True))
    due = OutboxMessage.objects.due(now).filter(kind=KIND).values_list("pk", "payload")
    return [number for number, payload in due.iterator() if payload["delivery"] in its_own]


def cancel(delivery: WebhookDelivery) -> None:
    """Note that a delivery isn't sent, since the webhook may not have it any more."""
    answer = gettext("Not sent: the webhook was switched off or no longer asks for this.")
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.CANCELLED, answer=answer)


def note_attempt(
    delivery: WebhookDelivery, status: int | None, answer: str, duration_ms: int, *, success: bool
) -> None:
    """Note what came of an attempt."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.DELIVERED if success else DeliveryState.FAILED,
        attempts=delivery.attempts + 1,
        attempted_at=timezone.now(),
        status_code=status,
        answer=answer[:ANSWER_MAX],
        duration_ms=duration_ms,
    )


def forget_old_deliveries(now: datetime | None = None) -> int:
    """Remove the deliveries of more than a month ago, in batches; returns how many."""
    removed, limit = 0, (now or timezone.now()) - KEEP_DELIVERIES
    old = WebhookDelivery.objects.filter(created_at__lt=limit).values_list("pk", flat=True)
    while numbers := list(old[:PURGE_BATCH]):
        removed += WebhookDelivery.objects.filter(pk__in=numbers).delete()[0]
    return removed


def rename_person(user: User) -> None:
    """Let all deliveries, sent or not, call somebody what they are called now. For receivers.

    The database picks those that name them, so that of the others nothing is read here; some at a time.
    """
    named, last = WebhookDelivery.objects.filter(naming(user)).order_by("pk"), 0
    while rows := list(named.filter(pk__gt=last).only("payload")[:REWRITE_BATCH]):
        for row in rows:
            row.payload = renamed(row.payload, user)
        # Only the body: the worker may be noting at this moment what came of it.
        WebhookDelivery.objects.bulk_update(rows, ["payload"])
        last = rows[-1].pk


def put_in(
    webhook: Webhook, event: str, actor: Actor, at: datetime, about: dict[str, Any], *, is_internal: bool = False
) -> OutboxMessage:
    """Make a delivery and put it into the outbox; the arguments are those of `announce`, and what it's about."""
    key = str(uuid4())
    delivery = WebhookDelivery.objects.create(
        webhook=webhook,
        key=key,
        event=event,
        payload=event_of(event, key, at, actor, **about),
        is_internal=is_internal,
        created_at=at,
    )
    return enqueue(KIND, {"delivery": delivery.pk})
