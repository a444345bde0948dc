"""Inputs without a template each: a ticket's page has ten of them, most of them hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from tms_site.lib.markup import format_text

# Those of Django's templates that say nothing but "as input.html".
_INPUTS: Final = frozenset(
    f"django/forms/widgets/{name}.html"
    for name in ("date", "datetime", "email", "hidden", "number", "password", "search", "tel", "text", "time", "url")
)


class Renderer(DjangoTemplates):
    """Django's way to draw widgets, quicker for plain inputs."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """Return a widget as HTML; the arguments are Django's."""
        if template_name in _INPUTS:
            return _input(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    given = {} if value is None else {"value": value}
    attributes = {"type": widget["type"], "name": widget["name"], **given, **widget["attrs"]}
    parts = [
        format_text(" {}", name) if value is True else format_text(' {}="{}"', name, value)
        for name, value in attributes.items()
        if value is not False
    ]
    return SafeString(f"<input{''.join(parts)}>")
