"""Inputs without a template each: a ticket's page has ten of them, most of them hidden."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

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
    given = [("type", widget["type"]), ("name", widget["name"]), ("value", widget["value"])]
    attributes = [
        *(f' {name}="{_text(value)}"' for name, value in given if value is not None),
        *(
            f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
            for name, value in widget["attrs"].items()
            if value is not False
        ),
    ]
    return SafeString(f"<input{''.join(attributes)}>")


def _text(value: object) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
