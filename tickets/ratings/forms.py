"""The form of a rating."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.enums import RATING_TEXT_MAX, RatingValue
from tickets.fields import LineField
from tms_site.lib.forms import SubmissionForm


class RatingForm(SubmissionForm):
    """How well a ticket was resolved, and a line about it."""

    value = forms.ChoiceField(
        label=_("How did we do?"),
        choices=RatingValue.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    text = LineField(
        label=_("Anything to add?"),
        required=False,
        max_length=RATING_TEXT_MAX,
        help_text=_("A line of text, for the helpdesk. You may leave it empty."),
    )

    def said(self) -> dict[str, Any]:
        """Return the arguments for `rate_ticket`; the same said again is no other rating, by whichever form."""
        return {name: self.cleaned_data[name] for name in ("value", "text")}
