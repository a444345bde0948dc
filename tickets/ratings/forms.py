"""The form of a rating."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.enums import RATING_TEXT_MAX, RatingValue
from tickets.fields import LineField


class RatingForm(forms.Form):
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
