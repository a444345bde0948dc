"""Webhooks and what was sent to them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from activity.policies import can_manage_webhooks
from activity.webhooks.enums import ANSWER_MAX, NAME_MAX, URL_MAX, DeliveryState, Event
from tms_site.lib.fields import CLIENT_TOKEN_MAX
from tms_site.lib.submissions import SubmissionField
from tms_site.lib.text import validate_text, validate_visible

SECRET_MAX = 64


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Named, chainable reads of webhooks."""

    def visible_to(self, actor: Actor) -> Self:
        """Webhooks that `actor` may see: all or none."""
        return self if can_manage_webhooks(actor) else self.none()

    def active(self) -> Self:
        """Those that are told of what happens."""
        return self.filter(is_active=True).order_by("pk")


class Webhook(models.Model):
    """An address that is told of events. Written only by activity.webhooks.services."""

    name = models.CharField(_("name"), max_length=NAME_MAX, validators=[validate_text, validate_visible])
    url = models.CharField(_("address"), max_length=URL_MAX)
    events: models.JSONField[list[str]] = models.JSONField(_("events"), default=list)
    with_notes = models.BooleanField(_("internal notes too"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # The receiver has it too, so a digest of it wouldn't do.
    secret = models.CharField(max_length=SECRET_MAX)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX, null=True, unique=True)

    objects: ClassVar[models.Manager[Webhook]] = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the webhook's page."""
        return reverse("webhooks:detail", args=[self.pk])

    @property
    def event_labels(self) -> list[str]:
        """What it's told of, in words; what TMS doesn't know (any more), as it's stored."""
        labels = dict(Event.choices)
        return [str(labels.get(event, event)) for event in self.events]


class WebhookDelivery(models.Model):
    """One event on its way to one webhook, and what came of it."""

    State = DeliveryState

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    # The receiver can tell by it what it has had before.
    key = models.CharField(max_length=36, unique=True)
    event = models.CharField(_("event"), max_length=40)
    payload: models.JSONField[dict[str, Any]] = models.JSONField()
    # Of an internal note: asked again when it's sent.
    is_internal = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("happened"), default=timezone.now)
    state = models.CharField(_("state"), max_length=20, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    attempted_at = models.DateTimeField(_("last attempt"), null=True)
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer = models.CharField(max_length=ANSWER_MAX, blank=True)
    duration_ms = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (
            models.Index(fields=["webhook", "id"], name="delivery_webhook"),
            models.Index(fields=["created_at"], name="delivery_created"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.key}"
