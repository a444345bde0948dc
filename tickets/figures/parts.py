"""The parts that the dashboard is made of, as its template needs them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import ngettext

from tickets.figures import charts
from tickets.figures.facts import EVERYBODY, subject_of
from tms_site.lib.paths import path_of

Text = str | Promise
_FULL = 100
# By which filter of the list one asks for the tickets of a subject.
FILTERS = {"agent": "assigned_agent", "team": "team", "category": "category"}


@dataclass(frozen=True)
class Tile:
    """A number that one should see first, with what's behind it."""

    label: Text
    value: int
    url: str
    note: str = ""


@dataclass(frozen=True)
class Step:
    """What happened in a day or a week, and how many tickets were unresolved at its end."""

    label: str
    created: int
    resolved: int
    backlog: int


@dataclass(frozen=True)
class Cell:
    """A number that leads to its tickets."""

    value: int
    url: str


@dataclass(frozen=True)
class MatrixRow:
    """The unresolved tickets of one status, by priority."""

    status: str
    label: Text
    cells: list[Cell]
    total: Cell
    percent: str


@dataclass(frozen=True)
class Ranked:
    """Somebody or something with its numbers; `percent` is how long its bar is."""

    name: str
    url: str
    value: int
    percent: str
    resolved: int | None = None


@dataclass(frozen=True)
class CategoryRow:
    """A category with its numbers; `percent` is how long its bar is."""

    name: str
    url: str
    open: Cell
    created: Cell
    resolved: Cell
    percent: str


@dataclass(frozen=True)
class Panel:
    """The durations of one priority, month by month."""

    priority: str
    label: Text
    chart: charts.Spread
    summary: str


@dataclass(frozen=True)
class DurationCell:
    """Half and nine tenths of the tickets of a month took at most so long."""

    median: str
    ninetieth: str
    total: int

    @property
    def tickets(self) -> str:
        """How many tickets that's about, in words."""
        return ngettext("%(count)s ticket", "%(count)s tickets", self.total) % {"count": f"{self.total:,}"}


@dataclass(frozen=True)
class DurationSection:
    """First response or resolution, by priority and month."""

    slug: str
    title: Text
    explanation: Text
    panels: list[Panel]
    scale: list[tuple[str, str]]
    rows: list[tuple[str, list[DurationCell | None]]]
    # The months at both ends of the charts.
    ends: tuple[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether there's nothing to show."""
        return not any(any(cells) for _month, cells in self.rows)


def filters_of(person: int) -> dict[str, str]:
    """Return whose tickets a figure counts, as filters of the list."""
    if person == EVERYBODY:
        return {}
    kind, number = subject_of(person)
    return {FILTERS[kind]: "none" if number is None else str(number)}


def list_url(**parameters: str | list[str]) -> str:
    """Return the address of the list with these filters; those without a value are left out."""
    given = {name: value for name, value in parameters.items() if value}
    return f"{path_of('tickets:list')}?{urlencode(given, doseq=True)}"


def percent(amount: float, most: int) -> str:
    """Return how long a bar is, the longest one being 100."""
    return f"{amount / max(most, 1) * _FULL:.1f}"
