"""Form fields for category, team and tags. None of them loads a list before it's shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.sorting.models import Category, Team
from tickets.sorting.names import TAG_MAX, TAGS_MAX, UNKNOWN_CATEGORY, UNKNOWN_TEAM, split_tags, too_many_tags
from tickets.sorting.offered import Named, Offered
from tms_site.lib.fields import refuse_nul_once
from tms_site.lib.numbers import is_row_number
from tms_site.lib.options import CheapSelect


class ShelfField(forms.CharField):
    """A team or category by its number; none when blank. Loads one row, however many there are."""

    widget: forms.Widget
    model: type[Team | Category]
    nothing: str | Promise = _("None")
    unknown: str | Promise

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})
        # What is chosen already stays so, even where it couldn't be chosen anew.
        self.present: Team | Category | None = None

    def to_python(self, value: Any) -> Any:
        """Return the row or None; raises ValidationError."""
        text = super().to_python(value)
        if not text:
            return None
        if self.present is not None and text == str(self.present.pk):
            return self.present
        rows = self.model._meta.base_manager
        row = rows.filter(pk=int(text), is_active=True).first() if is_row_number(text) else None
        if row is None:
            raise ValidationError(str(self.unknown), code="invalid_choice")
        return row

    def run_validators(self, value: Any) -> None:
        """A row was found: there's no text left to check."""

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows for a row."""
        return value.pk if isinstance(value, Model) else value

    def names(self, offered: Offered) -> list[Named]:
        """Return what can be chosen."""
        raise NotImplementedError

    def offer_from(self, offered: Offered) -> bool:
        """Turn the field into a list; tells whether there's anything to choose."""
        names = self.names(offered)
        if self.present is not None and self.present.pk not in dict(names):
            names = [*names, (self.present.pk, str(self.present))]
        self.widget = CheapSelect(choices=[("", self.nothing), *names])
        self.widget.is_required = False
        return bool(names)


class CategoryField(ShelfField):
    """What a ticket is about."""

    model = Category
    nothing = _("Not chosen")
    unknown = UNKNOWN_CATEGORY

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Category"), **kwargs)

    def names(self, offered: Offered) -> list[Named]:
        """Return the active categories."""
        return offered.categories


class TeamField(ShelfField):
    """Who looks after a ticket."""

    model = Team
    nothing = _("No team")
    unknown = UNKNOWN_TEAM

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Team"), **kwargs)

    def names(self, offered: Offered) -> list[Named]:
        """Return the active teams."""
        return offered.teams


class TagsField(forms.CharField):
    """Tags in one line, with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "label": _("Tags"),
                "help_text": _("With commas between them. Only the helpdesk sees tags."),
                **kwargs,
            }
        )
        refuse_nul_once(self)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return what offers tags while one types."""
        return {
            "autocomplete": "off",
            "list": "tag-options",
            "hx-get": reverse_lazy("tickets:tags"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#tag-options",
            "hx-swap": "innerHTML",
            "hx-push-url": "false",
            "hx-sync": "this:replace",
        }

    def to_python(self, value: Any) -> Any:
        """Return the names, sorted; raises ValidationError."""
        text = super().to_python(value) or ""
        if len(text) > 2 * TAGS_MAX * TAG_MAX:
            raise too_many_tags()
        return split_tags(text)

    def run_validators(self, value: Any) -> None:
        """Each tag was checked on its own."""

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows for a list of tags."""
        return ", ".join(value) if isinstance(value, list) else value
