"""A field for one row of a table, chosen from a list that is loaded only when the form is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext

from tms_site.lib.options import CheapSelect


class ListedField(forms.CharField):
    """A row by its number; none when blank. Loads one row, however many there are.

    Hours may pass between choosing and sending. What can't be chosen any more is refused by its name and stays in the
    list: a browser would show the first entry instead, and send what nobody has chosen.
    """

    widget: forms.Widget
    unknown: str | Promise

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})
        # What is chosen already stays so, even where it couldn't be chosen anew.
        self.present: Model | None = None
        # What it was when the form was made: sent back as it was, it's no choice. Asked only if it can't be chosen.
        self.before: Callable[[], Model | None] = lambda: None
        # Whether names of rows that can't be chosen are kept from whoever sees the form: then a number that never was
        # anything gets the same answer.
        self.hides_names = False

    def find(self, text: str) -> Model | None:
        """Return the row that `text` names, if it can be chosen."""
        raise NotImplementedError

    def find_any(self, text: str) -> Model | None:
        """Return the row that `text` names, whether or not it can be chosen."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        """Return the row or None; raises ValidationError."""
        text = super().to_python(value)
        if not text:
            return None
        if _is(self.present, text):
            return self.present
        row = self.find(text)
        if row is not None:
            return row
        before = self.before()
        if _is(before, text):
            return before
        raise ValidationError(self._refusal(self._name_of(self._find_gone(text))), code="invalid_choice")

    def _find_gone(self, text: str) -> Model | None:
        return None if self.hides_names else self.find_any(text)

    def _name_of(self, gone: Model | None) -> str:
        if self.hides_names:
            return gettext("What you chose")
        return "" if gone is None else str(gone)

    def _refusal(self, name: str) -> str:
        if not name:
            return str(self.unknown)
        return " ".join([gettext("%(name)s isn't available any more.") % {"name": name}, str(self.unknown)])

    def run_validators(self, value: Any) -> None:
        """A row was found: there's no text left to check."""

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows for a row."""
        return value.pk if isinstance(value, Model) else value

    def offer(self, rows: list[tuple[int, str]], nothing: str | Promise) -> None:
        """Turn the field into a list, with `nothing` as its first entry."""
        if self.present is not None and self.present.pk not in dict(rows):
            rows = [*rows, (self.present.pk, str(self.present))]
        self.widget = CheapSelect(choices=[("", nothing), *rows])
        self.widget.is_required = False

    def keep_in_list(self, value: Any, *, is_refused: bool) -> None:
        """Leave in the list what is chosen, though it can't be any more, and say so where no error does."""
        if not isinstance(self.widget, CheapSelect) or value in (None, ""):
            return
        choices = list(self.widget.choices)
        offered = {str(each) for each, _label in choices}
        if str(value) in offered:
            return
        gone = self._find_gone(str(value))
        name = self._name_of(gone)
        # Named otherwise than the list does, such as by an address, a row may be there.
        if not name or (gone is not None and str(gone.pk) in offered):
            return
        label = gettext("%(name)s (not available any more)") % {"name": name}
        self.widget.choices = [*choices, (value if gone is None else gone.pk, label)]
        if not is_refused:
            self.help_text = format_html("{}", self._refusal(name))

    @property
    def is_choice(self) -> bool:
        """Whether there's anything to choose: between nothing and nothing there isn't."""
        return not isinstance(self.widget, CheapSelect) or len(list(self.widget.choices)) > 1


def _is(row: Model | None, text: str) -> bool:
    return row is not None and text == str(row.pk)
