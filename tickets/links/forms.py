"""The forms of links and of follow-ups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tickets.fields import DescriptionField, TitleField
from tickets.forms import OpeningForm, WriteForm
from tickets.links.kinds import OFFERED, RELATIONS, Relation
from tickets.models import Ticket
from tms_site.lib.numbers import is_row_number
from tms_site.lib.options import CheapSelect

NUMBER_MAX = 20


class NumberField(forms.CharField):
    """The number of a ticket, as people write it: 12 or #12."""

    default_error_messages = dict.fromkeys(("required", "invalid"), _("Enter the number of a ticket, such as 12."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=NUMBER_MAX, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """Return the number; raises ValidationError."""
        text = (super().to_python(value) or "").strip().removeprefix("#")
        if not text:
            return ""
        if not is_row_number(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text)

    def run_validators(self, value: Any) -> None:
        """A number needs none of the checks of a text."""


class LinkForm(WriteForm):
    """Another ticket, and what this one has to do with it."""

    relation = forms.ChoiceField(
        label=_("This ticket"),
        choices=[(each.key, each.label) for each in OFFERED],
        widget=CheapSelect,
        error_messages={"required": _("Choose what the two have to do with each other.")},
    )
    number = NumberField(label=_("Ticket number"))

    def chosen(self) -> Relation:
        """Return what was chosen."""
        return RELATIONS[self.cleaned_data["relation"]]


class FollowUpForm(OpeningForm):
    """A ticket that goes on where another one ended."""

    title = TitleField()
    description = DescriptionField(help_text=_("What happens now? The old ticket is linked: you needn't repeat it."))

    def __init__(self, data: Any = None, *, ticket: Ticket) -> None:
        super().__init__(data, initial={"title": ticket.title})
