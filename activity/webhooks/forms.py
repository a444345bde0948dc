"""The form of a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activity.webhooks.enums import NAME_MAX, URL_MAX, Event
from activity.webhooks.models import Webhook
from tickets.fields import LineField
from tms_site.lib.fields import TOO_LONG, VersionField, refuse_nul_once
from tms_site.lib.forms import SubmissionForm


class WebhookForm(SubmissionForm):
    """A webhook's name, address and what it is told of."""

    version = VersionField()
    name = LineField(label=_("Name"), missing=_("Enter a name."), max_length=NAME_MAX)
    url = forms.CharField(
        label=_("Address"),
        max_length=URL_MAX,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the address that it sends to."), "max_length": TOO_LONG},
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it of"),
        choices=Event.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what it is told of.")},
    )
    with_notes = forms.BooleanField(
        label=_("Internal notes too"),
        required=False,
        help_text=_("Only where everybody who can read what it receives may read the helpdesk's notes and tags."),
    )
    is_active = forms.BooleanField(label=_("Active"), required=False)

    def __init__(self, data: Any = None, *, webhook: Webhook | None = None) -> None:
        initial: dict[str, Any] = {"is_active": True}
        if webhook is not None:
            names = ("version", "name", "url", "events", "with_notes", "is_active")
            initial = {name: getattr(webhook, name) for name in names}
        super().__init__(data, initial=initial)
        refuse_nul_once(self.fields["url"])
        self.fields["url"].help_text = _where_it_may_be()

    def values(self) -> dict[str, Any]:
        """Return the values for the services."""
        return {name: self.cleaned_data[name] for name in ("name", "url", "events", "with_notes", "is_active")}


def _where_it_may_be() -> str:
    if settings.WEBHOOK_ALLOW_HTTP:
        return gettext(
            "Where TMS sends what happens, by POST: by https, or here also by http. TMS reaches the public internet, "
            "and of one's own networks those in WEBHOOK_ALLOWED_NETWORKS."
        )
    return gettext(
        "Where TMS sends what happens, by POST and https. TMS reaches the public internet, and of one's own networks "
        "those in WEBHOOK_ALLOWED_NETWORKS."
    )
