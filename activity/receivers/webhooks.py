"""What the log hears of webhooks. Their secrets are in no entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts.actors import Actor
from activity import signals
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import changes_as_json, quote, summary
from activity.services import Entry, Target, record
from activity.webhooks.models import Webhook


def _write(
    kind: ActivityType,
    webhook: Webhook,
    details: str,
    actor: Actor,
    at: datetime,
    *,
    changes: dict[str, tuple[Any, Any]] | None = None,
) -> None:
    text = details % {"name": quote(webhook.name)}
    record(Entry(kind, _target(webhook), text, at, actor, changes=changes_as_json(changes or {})))


def _target(webhook: Webhook) -> Target:
    return Target(TargetType.WEBHOOK, webhook.pk, webhook.name)


def on_webhook_created(
    sender: object,
    *,
    webhook: Webhook,
    changes: dict[str, tuple[Any, Any]],
    actor: Actor,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Write that somebody registered a webhook, and what it began with."""
    _write(ActivityType.CREATE, webhook, gettext("Registered the webhook %(name)s."), actor, at, changes=changes)


def on_webhook_updated(
    sender: object,
    *,
    webhook: Webhook,
    changes: dict[str, tuple[Any, Any]],
    actor: Actor,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Write what changed about a webhook."""
    values = changes_as_json(changes)
    details = summary(gettext("Webhook %(name)s") % {"name": quote(webhook.name)}, values)
    record(Entry(ActivityType.UPDATE, _target(webhook), details, at, actor, changes=values))


def on_webhook_deleted(sender: object, *, webhook: Webhook, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a webhook was deleted."""
    _write(ActivityType.DELETE, webhook, gettext("Deleted the webhook %(name)s."), actor, at)


def on_webhook_secret_renewed(sender: object, *, webhook: Webhook, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a webhook was given a new secret, which isn't told."""
    _write(ActivityType.UPDATE, webhook, gettext("Gave the webhook %(name)s a new secret."), actor, at)


def on_webhook_tested(sender: object, *, webhook: Webhook, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody sent a webhook something harmless."""
    _write(ActivityType.UPDATE, webhook, gettext("Tested the webhook %(name)s."), actor, at)


def on_webhook_sent_again(sender: object, *, webhook: Webhook, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody sent a webhook once more what it was told before."""
    _write(ActivityType.UPDATE, webhook, gettext("Sent the webhook %(name)s a delivery again."), actor, at)


RECEIVERS: dict[Signal, Receiver] = {
    signals.webhook_created: on_webhook_created,
    signals.webhook_updated: on_webhook_updated,
    signals.webhook_deleted: on_webhook_deleted,
    signals.webhook_secret_renewed: on_webhook_secret_renewed,
    signals.webhook_tested: on_webhook_tested,
    signals.webhook_sent_again: on_webhook_sent_again,
}
