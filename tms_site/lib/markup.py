"""HTML for what a page has hundreds of."""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString


def format_text(template: str, *args: object, **kwargs: object) -> SafeString:
    """Return what Django's `format_html` returns for texts and numbers, in half of its time.

    `format_html` is made for lazy texts too, and asks of each value several times whether it's one. Rows of lists
    have hundreds of values that aren't.

    Args:
        template: ours, with the places of `str.format`.
        args: what stands there; escaped, unless it's marked as safe. Not for lazy translations: they come out as
            they are in the current language, like every other object's text.
        kwargs: likewise, by name.
    """
    return SafeString(template.format(*map(_escaped, args), **{name: _escaped(kwargs[name]) for name in kwargs}))


def _escaped(value: object) -> str:
    if type(value) is SafeString:
        return value
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))
