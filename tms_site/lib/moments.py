"""Moments as people name them in addresses and commands: dates, and spans such as the last seven days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime

# Dates outside of these years overflow somewhere between Python, the database and a time zone.
FIRST_YEAR, LAST_YEAR = 1900, 9000
# A month is thirty days here: nobody counts them in "the last three months".
_SPAN_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(days=30)}
_SPAN = re.compile(r"([0-9]{1,4})([hdwm])", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# As links have them that mean the same to everybody.
_UTC_MINUTE = re.compile(rf"{_DATE.pattern}T[0-9]{{2}}:[0-9]{{2}}Z")


def parse_moment(text: str) -> datetime | None:
    """Return the moment that a date, or a date with a time, means to somebody in the present zone; None for others.

    A date alone is its first moment.
    """
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        return None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return aware.astimezone(UTC)


def parse_span(text: str) -> timedelta | None:
    """Return the time that `7d`, `24h`, `2w` or `3m` (months) means; None for others."""
    found = _SPAN.fullmatch(text.strip())
    return int(found[1]) * _SPAN_UNITS[found[2].lower()] if found and int(found[1]) else None


def absolute_time(moment: datetime) -> str:
    """Return date, time and zone of an aware moment in the reader's zone: "Thu 12 Mar 2026, 14:05 CET"."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def first_moment(text: str, *, now: datetime | None = None) -> datetime | None:
    """Return when what `text` asks for begins; None for what says no beginning.

    Args:
        text: a date of the present zone (2026-01-31), a minute of UTC (2026-01-30T23:00Z) or a span up to now (7d).
        now: the present moment, if it isn't that of the clock.
    """
    span = parse_span(text)
    if span is not None:
        return (now or timezone.now()) - span
    return parse_moment(text) if _DATE.fullmatch(text) or is_utc_minute(text) else None


def is_utc_minute(text: str) -> bool:
    """Tell whether `text` has the form in which links name a minute."""
    return _UTC_MINUTE.fullmatch(text) is not None


def beginning_of(day: date) -> str:
    """Return how a link names the beginning of a day of the setting TIME_ZONE.

    By its date, which is easiest to read, where that means the same moment in the present zone.
    """
    begin = timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
    return day.isoformat() if parse_moment(day.isoformat()) == begin else f"{begin.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def moment_after(text: str) -> datetime | None:
    """Return when the days up to the date `text`, itself among them, are over; None for what is no date."""
    if not _DATE.fullmatch(text) or parse_moment(text) is None:
        return None
    day = parse_date(text)
    return parse_moment((day + timedelta(days=1)).isoformat()) if day else None
