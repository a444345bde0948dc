"""The forms for merging and splitting."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.fields import DescriptionField, TitleField
from tickets.forms import OpeningForm, WriteForm
from tickets.merging.services import MERGE_MAX
from tickets.merging.services.merge import too_many_text
from tickets.models import Comment, Ticket
from tms_site.lib.numbers import is_row_number

NUMBERS_TEXT_MAX = 1000
TITLE_WORDS = 80
_BETWEEN = re.compile(r"[\s,;]+")


class NumbersField(forms.CharField):
    """Numbers of tickets, as people write them: 12, #13 14."""

    default_error_messages = dict.fromkeys(("required", "invalid"), _("Enter numbers of tickets, such as 12, 13."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=NUMBERS_TEXT_MAX, **kwargs)
        self.widget.attrs |= {"autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """Return the numbers in the order in which they were written; raises ValidationError."""
        words = [word.removeprefix("#") for word in _BETWEEN.split(super().to_python(value) or "") if word]
        if not all(is_row_number(word) for word in words):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if len(words) > MERGE_MAX:
            raise ValidationError(too_many_text(), code="too_many")
        return list(dict.fromkeys(int(word) for word in words))

    def run_validators(self, value: Any) -> None:
        """Numbers need none of the checks of a text."""


class MergeForm(WriteForm):
    """Which tickets become one. Asked first without, then with the confirmation."""

    HERE, THERE = "here", "there"

    direction = forms.ChoiceField(
        label=_("What becomes part of what?"),
        choices=[
            (THERE, _("This ticket becomes part of another one")),
            (HERE, _("Other tickets become part of this one")),
        ],
        widget=forms.RadioSelect,
        initial=THERE,
        error_messages={"required": _("Choose one of the two.")},
    )
    numbers = NumbersField(label=_("Numbers"), help_text=_("Such as 12, or 12, 13 and so on."))
    of_others = forms.BooleanField(
        label=_("I know that these people will read, or no longer find, what the others wrote"), required=False
    )

    def __init__(self, data: Any = None, *, ticket: Ticket) -> None:
        super().__init__(data)
        self.ticket = ticket

    def clean(self) -> dict[str, Any]:
        """A ticket becomes part of one other only."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("direction") == self.THERE and len(data.get("numbers") or [0]) > 1:
            self.add_error("numbers", gettext("A ticket becomes part of one other: give one number."))
        return data

    @property
    def target_id(self) -> int:
        """The number of the ticket that goes on."""
        number: int = self.ticket.pk if self.cleaned_data["direction"] == self.HERE else self.cleaned_data["numbers"][0]
        return number

    @property
    def source_ids(self) -> list[int]:
        """The numbers of those that become part of it."""
        return self.cleaned_data["numbers"] if self.cleaned_data["direction"] == self.HERE else [self.ticket.pk]


class SplitForm(OpeningForm):
    """The ticket that a part of a conversation becomes."""

    title = TitleField()
    description = DescriptionField(rows=3, help_text=_("Its requester reads this first; the comments follow below."))

    def __init__(self, data: Any = None, *, comment: Comment) -> None:
        said = gettext("This was split off ticket #%(number)d.") % {"number": comment.ticket_id}
        super().__init__(data, initial={"title": title_from(comment), "description": said})


def title_from(comment: Comment) -> str:
    """Return the beginning of a comment as a title; of a note nothing, since the title is for everybody."""
    if comment.is_internal:
        return comment.ticket.title
    words = " ".join(comment.description.split("\n", 1)[0].split())
    return words if len(words) <= TITLE_WORDS else words[:TITLE_WORDS].rsplit(" ", 1)[0] + "…"
