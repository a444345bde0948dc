"""Form fields for category, team and tags. None of them loads a list before it's shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.sorting.models import Category, Team
from tickets.sorting.names import TAG_MAX, TAGS_MAX, UNKNOWN_CATEGORY, UNKNOWN_TEAM, split_tags, too_many_tags
from tickets.sorting.offered import Named, Offered
from tms_site.lib.fields import refuse_nul_once
from tms_site.lib.listed import ListedField
from tms_site.lib.numbers import is_row_number


class ShelfField(ListedField):
    """A team or category by its number; none when blank."""

    model: type[Team | Category]
    nothing: str | Promise = _("None")

    def find(self, text: str) -> Team | Category | None:
        """Return the row with this number, if it can be chosen."""
        row = self.find_any(text)
        return row if row is not None and row.is_active else None

    def find_any(self, text: str) -> Team | Category | None:
        """Return the row with this number."""
        return self.model._meta.base_manager.filter(pk=int(text)).first() if is_row_number(text) else None

    def names(self, offered: Offered) -> list[Named]:
        """Return what can be chosen."""
        raise NotImplementedError

    def offer_from(self, offered: Offered) -> None:
        """Turn the field into a list."""
        self.offer(self.names(offered), self.nothing)


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
