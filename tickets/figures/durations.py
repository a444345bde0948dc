"""How long tickets take: charts and tables by priority and month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.enums import PRIORITY_RANKS, Priority
from tickets.figures import charts, words
from tickets.figures.facts import Figure
from tickets.figures.parts import DurationCell, DurationSection, Panel, Text, percent
from tickets.figures.reading import Durations

DURATION_TEXTS: dict[Figure, tuple[str, Text, Text]] = {
    Figure.FIRST_RESPONSE: (
        "response",
        _("Time to first response"),
        _("From the opening of a ticket to the first reply by the helpdesk, in the month of that reply."),
    ),
    Figure.RESOLUTION: (
        "resolution",
        _("Time to resolution"),
        _("From the opening of a ticket to its resolution, in the month of the resolution."),
    ),
}


def duration_section(
    figure: Figure, months: list[date], durations: Mapping[tuple[int, date, int], Durations]
) -> DurationSection:
    """Return the section about one kind of duration, with the oldest month first in charts and last in the table."""
    slug, title, explanation = DURATION_TEXTS[figure]
    found = {
        (month, priority): durations.get((figure, month, PRIORITY_RANKS[priority]))
        for month in months
        for priority in Priority
    }
    marks = {
        place: (each.median, each.ninetieth)
        for place, each in found.items()
        if each is not None and each.median is not None and each.ninetieth is not None
    }
    scale = charts.Scale.around([minutes for pair in marks.values() for minutes in pair])
    panels = [
        Panel(
            priority.value,
            priority.label,
            charts.spread([marks.get((month, priority)) for month in months], scale),
            _panel_summary([(month, marks.get((month, priority))) for month in months]),
        )
        for priority in reversed(Priority)
    ]
    rows = [
        (words.month(month), [_duration_cell(found[month, priority]) for priority in reversed(Priority)])
        for month in reversed(months)
    ]
    ticks = [(words.duration(tick), f"{percent(scale.y(tick), charts.HEIGHT)}%") for tick in scale.ticks]
    first, last = words.short_month(months[0]), words.short_month(months[-1])
    return DurationSection(slug, title, explanation, panels, ticks[::-1], rows, (first, last))


def _duration_cell(durations: Durations | None) -> DurationCell | None:
    if durations is None or durations.median is None or durations.ninetieth is None:
        return None
    return DurationCell(words.duration(durations.median), words.duration(durations.ninetieth), durations.total)


def _panel_summary(marks: list[tuple[date, tuple[int, int] | None]]) -> str:
    """Return what one would see in a panel: its last month that has anything."""
    for month, mark in reversed(marks):
        if mark is not None:
            return gettext("median %(median)s, 90th percentile %(ninetieth)s in %(month)s") % {
                "median": words.duration(mark[0]),
                "ninetieth": words.duration(mark[1]),
                "month": words.month(month),
            }
    return gettext("no tickets")
