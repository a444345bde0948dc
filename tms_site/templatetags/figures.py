"""The long tables and drawings of the dashboard as strings: cell by cell they made it slow (docs/benchmarks.md).

Load with ``{% load figures %}``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from tickets.figures.charts import Hit
from tickets.figures.parts import DurationCell, Step
from tms_site.lib.markup import format_text
from tms_site.templatetags.tms import number

register = template.Library()

_HIT: Final = '<rect class="hit" x="{}" width="{}" height="200"><title>{}</title></rect>'
_STEP: Final = (
    '<tr><th scope="row">{}</th><td class="number">{}</td><td class="number">{}</td><td class="number">{}</td></tr>'
)
_MONTH: Final = '<tr><th scope="row">{}</th>{}</tr>'
_DURATION: Final = "<td><b>{}</b> {}<br>{} {}<br><small>{}</small></td>"
_NO_DURATION: Final = '<td><span aria-hidden="true">&ndash;</span><span class="visually-hidden">{}</span></td>'


@register.simple_tag
def chart_hits(hits: Iterable[Hit]) -> SafeString:
    """Return the parts of a drawing that tell their values when one points at them."""
    return _joined(format_text(_HIT, hit.x, hit.width, hit.title) for hit in hits)


@register.simple_tag
def step_rows(steps: list[Step]) -> SafeString:
    """Return the rows of a table of days or weeks, the last one first."""
    cells = ((step.label, *map(number, (step.created, step.resolved, step.backlog))) for step in reversed(steps))
    return _joined(format_text(_STEP, *row) for row in cells)


@register.simple_tag
def duration_rows(rows: Iterable[tuple[str, list[DurationCell | None]]]) -> SafeString:
    """Return the rows of a table of durations: a month, and a cell for each priority."""
    median, ninetieth = gettext("median"), gettext("90th percentile")
    nothing = format_text(_NO_DURATION, gettext("none"))

    def cell(duration: DurationCell | None) -> SafeString:
        if duration is None:
            return nothing
        return format_text(_DURATION, duration.median, median, duration.ninetieth, ninetieth, duration.tickets)

    return _joined(format_text(_MONTH, month, _joined(map(cell, cells))) for month, cells in rows)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - each of them is safe already
