"""Keeping webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext

from accounts.actors import Actor, actor_user
from activity import policies, signals
from activity.outbox.models import OutboxMessage
from activity.outbox.services import enqueue
from activity.webhooks.deliveries import KIND, put_in
from activity.webhooks.enums import PING, DeliveryState, Event
from activity.webhooks.guard import destination
from activity.webhooks.models import Webhook, WebhookDelivery
from tms_site.lib.errors import require_version
from tms_site.lib.permissions import require
from tms_site.lib.submissions import insert_once, same_as
from tms_site.lib.text import clean_line
from tms_site.lib.transactions import write_transaction

CHANGEABLE = ("name", "url", "events", "with_notes", "is_active")
SECRET_LENGTH = 40


@write_transaction
def create_webhook(
    *, actor: Actor, values: dict[str, Any], client_token: str | None = None, at: datetime | None = None
) -> Webhook:
    """Register an address for events; the same form again returns the first webhook.

    Args:
        actor: a SysAdmin.
        values: name, url, events (a list of Event), with_notes, is_active.
        client_token: names this submission.
        at: when, where that isn't now.

    Raises:
        PermissionDeniedError: the actor may not keep webhooks.
        SentBefore: the same form has become a webhook with other settings.
        ServiceError: the address is none that a webhook may have, or there are no events.
        ValidationError: the name isn't valid.
    """
    require(policies.can_manage_webhooks(actor))
    now = at or timezone.now()
    webhook = Webhook(
        **_clean(values), secret=new_secret(), created_by=actor_user(actor), created_at=now, client_token=client_token
    )
    if earlier := _of_token(client_token):
        return _same_as(webhook, earlier)
    _check(webhook)
    if earlier := insert_once(webhook, lambda: _of_token(client_token)):
        return _same_as(webhook, earlier)
    changes = {name: (None, getattr(webhook, name)) for name in CHANGEABLE}
    signals.webhook_created.send(Webhook, webhook=webhook, changes=changes, actor=actor, at=now)
    return webhook


@write_transaction
def change_webhook(
    *, actor: Actor, webhook_id: int, values: dict[str, Any], version: int | None = None, at: datetime | None = None
) -> Webhook:
    """Change a webhook.

    Raises:
        Webhook.DoesNotExist: there's none of that number.
        PermissionDeniedError: the actor may not keep webhooks.
        ChangedMeanwhile: somebody else changed it since `version`.
        ServiceError: as `create_webhook`.
        ValidationError: the name isn't valid.
    """
    webhook = _lock(actor, webhook_id)
    wanted = _clean(values)
    changes = {
        name: (getattr(webhook, name), value) for name, value in wanted.items() if getattr(webhook, name) != value
    }
    if not changes:
        return webhook
    require_version(webhook.version, version)
    for name, (_old, new) in changes.items():
        setattr(webhook, name, new)
    _check(webhook)
    webhook.version += 1
    webhook.save(update_fields=[*changes, "version"])
    signals.webhook_updated.send(Webhook, webhook=webhook, changes=changes, actor=actor, at=at or timezone.now())
    return webhook


@write_transaction
def renew_secret(*, actor: Actor, webhook_id: int, at: datetime | None = None) -> Webhook:
    """Give a webhook a new secret; from now on everything is signed with that. Raises like `change_webhook`."""
    webhook = _lock(actor, webhook_id)
    webhook.secret = new_secret()
    webhook.save(update_fields=["secret"])
    signals.webhook_secret_renewed.send(Webhook, webhook=webhook, actor=actor, at=at or timezone.now())
    return webhook


@write_transaction
def delete_webhook(*, actor: Actor, webhook_id: int, at: datetime | None = None) -> None:
    """Delete a webhook with what was sent to it. Raises like `change_webhook`."""
    webhook = _lock(actor, webhook_id)
    signals.webhook_deleted.send(Webhook, webhook=webhook, actor=actor, at=at or timezone.now())
    webhook.delete()


@write_transaction
def send_ping(*, actor: Actor, webhook_id: int, at: datetime | None = None) -> OutboxMessage:
    """Send a webhook something harmless, active or not. Raises like `change_webhook`."""
    webhook = _lock(actor, webhook_id)
    now = at or timezone.now()
    signals.webhook_tested.send(Webhook, webhook=webhook, actor=actor, at=now)
    return put_in(webhook, PING, actor, now, {})


@write_transaction
def send_again(*, actor: Actor, webhook_id: int, delivery_id: int, at: datetime | None = None) -> OutboxMessage:
    """Send what a webhook was told before once more, under the same key.

    Raises:
        WebhookDelivery.DoesNotExist: this webhook was told of no such thing.
        and like `change_webhook`.
    """
    webhook = _lock(actor, webhook_id)
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery_id, webhook=webhook)
    delivery.state = DeliveryState.WAITING
    delivery.save(update_fields=["state"])
    signals.webhook_sent_again.send(Webhook, webhook=webhook, actor=actor, at=at or timezone.now())
    return enqueue(KIND, {"delivery": delivery.pk})


def new_secret() -> str:
    """Return a new secret for signatures."""
    return get_random_string(SECRET_LENGTH)


def _of_token(client_token: str | None) -> Webhook | None:
    return Webhook.objects.filter(client_token=client_token).first() if client_token else None


def _same_as(webhook: Webhook, earlier: Webhook) -> Webhook:
    """Return what the same form made before; raises SentBefore where that has other settings than it says now."""
    text = gettext(
        "This form has become the webhook “%(name)s” before, with other settings. "
        "Send it once more if you want a second one."
    )
    return same_as(webhook, earlier, CHANGEABLE, text % {"name": earlier.name})


def _lock(actor: Actor, webhook_id: int) -> Webhook:
    require(policies.can_manage_webhooks(actor))
    return Webhook.objects.select_for_update().get(pk=webhook_id)


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    known = {name: values[name] for name in CHANGEABLE if name in values}
    if "name" in known:
        known["name"] = clean_line(known["name"])
    if "events" in known:
        known["events"] = sorted(set(known["events"]))
    return known


def _check(webhook: Webhook) -> None:
    webhook.clean_fields(exclude=("created_by", "client_token"))
    destination(webhook.url)
    if not webhook.events or set(webhook.events) - set(Event):
        raise ValidationError({"events": gettext("Choose what it is told of.")}, code="invalid_choice")
