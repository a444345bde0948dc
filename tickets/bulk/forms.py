"""The forms of a bulk action: what is chosen, what is done to it, and for deleting the word that one has to type."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.bulk.actions import AGENT, DELETE, LABELS, MERGE, PRIORITY, STATUS, TAG, TEAM, UNTAG, Action
from tickets.bulk.services import MOST, Chosen, refuse_too_many
from tickets.enums import Priority, Status
from tickets.fields import AgentField
from tickets.forms import WriteForm
from tickets.sorting.fields import TagsField, TeamField
from tms_site.lib.numbers import is_row_number

_CHOSEN = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")


def kinds_for(actor: User) -> list[tuple[str, Any]]:
    """Return the actions that somebody may choose from."""
    kinds = [(kind, label) for kind, label in LABELS.items() if kind != DELETE]
    kinds.append((MERGE, _("Merge")))
    return [*kinds, (DELETE, LABELS[DELETE])] if policies.can_delete_in_bulk(actor) else kinds


def numbers_of(data: QueryDict) -> list[int]:
    """Return the numbers that the checkboxes of a list have sent; what is none is passed over."""
    texts = data.getlist("ticket")[: MOST + 1]
    return list(dict.fromkeys(int(text) for text in texts if is_row_number(text)))


def selection_of(data: QueryDict) -> list[int]:
    """Return the numbers that are chosen at whichever step: by checkboxes, or with their versions by the preview."""
    return numbers_of(data) or [int(number) for number, _version in _CHOSEN.findall(data.get("chosen", ""))][:MOST]


class ChosenField(forms.CharField):
    """Numbers with the versions that were shown: `12:3 15:1`."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Return pairs of numbers; raises ValidationError."""
        parts = (super().to_python(value) or "").split()
        pairs: list[Chosen] = []
        for part in parts:
            found = _CHOSEN.fullmatch(part) if part.isascii() else None
            if found is None:
                raise ValidationError(_("Choose the tickets again."), code="invalid")
            pairs.append((int(found[1]), int(found[2])))
        refuse_too_many(pairs)
        return pairs


class BulkForm(WriteForm):
    """What is done to the chosen tickets."""

    chosen = ChosenField(label="")
    action = forms.ChoiceField(label=_("Action"))

    def __init__(
        self, *args: Any, actor: User, kind: str, count: int = 0, confirm: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.count = kind, count
        action = self.fields["action"]
        assert isinstance(action, forms.ChoiceField)  # noqa: S101 - for the type checker
        action.choices = kinds_for(actor)
        action.widget = forms.HiddenInput()
        field = self._value_field(kind)
        if field is not None:
            self.fields["value"] = field
        if kind == DELETE and confirm:
            self.fields["confirmation"] = forms.CharField(
                label=_("Type the number of tickets that you delete"), widget=forms.TextInput({"autocomplete": "off"})
            )

    @staticmethod
    def _value_field(kind: str) -> forms.Field | None:
        choices = {STATUS: (_("Status"), Status.choices), PRIORITY: (_("Priority"), Priority.choices)}
        if kind in choices:
            label, offered = choices[kind]
            return forms.ChoiceField(label=label, choices=offered)
        if kind == AGENT:
            return AgentField()
        if kind == TEAM:
            return TeamField()
        return TagsField(required=True) if kind in (TAG, UNTAG) else None

    def clean_confirmation(self) -> str:
        """Refuse to delete unless somebody has typed how many; raises ValidationError."""
        typed: str = self.cleaned_data["confirmation"]
        if typed.strip() != str(self.count):
            raise ValidationError(_("Type %(count)d to delete them."), code="invalid", params={"count": self.count})
        return typed

    def meant(self) -> Action:
        """Return the action that the form names."""
        value = self.cleaned_data.get("value")
        if self.kind in (TAG, UNTAG):
            return Action(self.kind, tags=value or [])
        return Action(self.kind, value)
