"""Webhooks for tests, straight in the database: no log entries."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from activity.webhooks.enums import Event
from activity.webhooks.models import Webhook


class WebhookFactory(DjangoModelFactory[Webhook]):
    """An active webhook that is told of everything but notes."""

    class Meta:
        model = Webhook

    name = factory.Sequence(lambda number: f"Pager {number}")
    url = "https://pager.example.com/hook"
    events = factory.LazyFunction(lambda: list(Event.values))
    secret = "a secret of forty characters, all told.."  # noqa: S105 - for tests
