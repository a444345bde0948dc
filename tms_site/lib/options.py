"""The options of a select as one string: a list of several hundred people can't afford a template for each."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.functional import Promise
from django.utils.html import escape
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
