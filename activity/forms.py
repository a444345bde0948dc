"""Forms of the log's pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activity.services import purge_limit
from tickets.fields import PersonField
from tms_site.lib.errors import ServiceError
from tms_site.lib.forms import SubmissionForm
from tms_site.lib.moments import parse_moment


class MomentField(forms.CharField):
    """A date, or a date with a time, in the visitor's zone; a date alone is its first moment."""

    widget = forms.DateInput(attrs={"type": "date"})
    default_error_messages = dict.fromkeys(("required", "invalid"), _("Enter a date such as 2026-03-31."))

    def to_python(self, value: Any) -> Any:
        """Return the moment or None; raises ValidationError."""
        text = super().to_python(value)
        if not text:
            return None
        moment = parse_moment(text)
        if moment is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A date needs no limit of characters."""
        return {}


class PurgeForm(forms.Form):
    """What is to go: entries before a date, of everybody or of one person."""

    before = MomentField(label=_("Before"), help_text=_("Older entries go; those of this day and later stay."))
    user = PersonField(
        label=_("Only what this person did"),
        people=User.objects.for_choice(),
        unknown=_("Nobody has this e-mail address or number."),
        help_text=_("E-mail address or number; leave it empty for everybody."),
    )

    def clean_before(self) -> datetime:
        """Refuse a date that is to come."""
        before: datetime = self.cleaned_data["before"]
        try:
            return purge_limit(before, timezone.now())
        except ServiceError as error:
            raise ValidationError(str(error), code="future") from error


class ConfirmPurgeForm(SubmissionForm, PurgeForm):
    """The same, with the confirmation that it can't be undone."""

    confirm = forms.BooleanField(
        label=_("I understand that these entries are gone for good"),
        error_messages={"required": _("Tick this box to confirm.")},
    )
