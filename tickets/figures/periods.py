"""The span of time that the dashboard looks at, as its address names it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.figures.facts import month_of

_WEEK = 7


@dataclass(frozen=True)
class Period:
    """A span that ends today.

    Args:
        key: what the address calls it.
        label: its name.
        days: how many days, today among them.
        step: how many of them are one bar of the chart.
        months: how many months the figures by month look back, the present one among them.
    """

    key: str
    label: str | Promise
    days: int
    step: int
    months: int

    def first_day(self, today: date) -> date:
        """Return the day that it begins with."""
        return today - timedelta(days=self.days - 1)

    def months_until(self, today: date) -> list[date]:
        """Return the first days of its months, oldest first."""
        months = [month_of(today)]
        while len(months) < self.months:
            months.append(month_of(months[-1] - timedelta(days=1)))
        return months[::-1]

    def steps(self, today: date) -> list[tuple[date, date]]:
        """Return the first and last day of each bar, oldest first."""
        first = self.first_day(today)
        starts = [first + timedelta(days=offset) for offset in range(0, self.days, self.step)]
        return [(start, start + timedelta(days=self.step - 1)) for start in starts]


PERIODS = {
    period.key: period
    for period in (
        Period("30d", _("30 days"), days=30, step=1, months=6),
        Period("90d", _("90 days"), days=90, step=1, months=6),
        Period("12m", _("12 months"), days=52 * _WEEK, step=_WEEK, months=12),
    )
}
DEFAULT_PERIOD = PERIODS["30d"]
