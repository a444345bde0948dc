"""The options of a select as one string: a list of several hundred people can't afford a template for each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


def options_html(options: Iterable[tuple[object, str | Promise]], chosen: Collection[str]) -> SafeString:
    """Return the `<option>` elements of a select.

    Args:
        options: value and label of each.
        chosen: the values that are selected.
    """
    parts = [
        f'<option value="{escape(value)}"{" selected" if str(value) in chosen else ""}>{escape(label)}</option>'
        for value, label in options
    ]
    return mark_safe("".join(parts))  # noqa: S308 - values and labels are escaped above


class CheapSelect(forms.Select):
    """A select whose several hundred options cost little."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the element; the arguments are Django's."""
        offered = cast("Iterable[tuple[object, str]]", self.choices)  # never in groups
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html(
            "<select{}>{}</select>", attributes, options_html(offered, {"" if value is None else str(value)})
        )
