"""Figures in words, for people."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from tms_site.lib.saying import remembered_by_language

_HOUR, _DAY = 60, 24 * 60
# From here on hours don't matter any more.
_LONG = 10 * _DAY


@remembered_by_language
def duration(minutes: int) -> str:
    """Return how long something took: "under 1 min", "45 min", "3 h 20 min", "2 d 4 h", "12 d"."""
    if minutes < 1:
        return gettext("under 1 min")
    if minutes < _HOUR:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    if minutes < _DAY:
        hours, rest = divmod(minutes, _HOUR)
        text = gettext("%(hours)d h %(minutes)d min") if rest else gettext("%(hours)d h")
        return text % {"hours": hours, "minutes": rest}
    days, rest = divmod(minutes, _DAY)
    hours = rest // _HOUR
    text = gettext("%(days)d d %(hours)d h") if hours and minutes < _LONG else gettext("%(days)d d")
    return text % {"days": days, "hours": hours}


@remembered_by_language
def day(value: date) -> str:
    """Return a day: "12 Mar 2026"."""
    return date_format(value, "j M Y")


@remembered_by_language
def short_day(value: date) -> str:
    """Return a day of the chart that is about a known year: "12 Mar"."""
    return date_format(value, "j M")


@remembered_by_language
def month(value: date) -> str:
    """Return a month: "March 2026"."""
    return date_format(value, "F Y")


@remembered_by_language
def short_month(value: date) -> str:
    """Return a month: "Mar 2026"."""
    return date_format(value, "M Y")
