"""When people work: days of the week, hours of the day, quieter summers, and a little growth from year to year.

Moments are microseconds since 1970 in UTC, as whole numbers: millions of them are compared and carried about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND
YEARS = 3
DAYS = YEARS * 365
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - columns are written without their zone, which is UTC
EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)

# Monday to Sunday, and January to December.
WEEKDAYS = (1.25, 1.1, 1.05, 1.0, 0.85, 0.08, 0.05)
MONTHS = (1.1, 1.05, 1.05, 1.0, 1.0, 0.95, 0.75, 0.7, 1.1, 1.1, 1.05, 0.7)
# From midnight on; a few work at night.
HOURS = (1, 1, 1, 1, 1, 3, 10, 35, 90, 110, 100, 85, 55, 80, 95, 85, 65, 40, 18, 10, 7, 5, 3, 2)
GROWTH = 0.5  # the last day has half as many tickets again as the first
MORNING, EVENING = 7, 19
SATURDAY = 5


def moment(at: int) -> datetime:
    """Return the moment as a date with its zone, as log entries carry it."""
    return EPOCH_UTC + timedelta(microseconds=at)


def column(at: int) -> str:
    """Return the moment as databases take it: in UTC, without a zone."""
    return (EPOCH + timedelta(microseconds=at)).isoformat(sep=" ", timespec="microseconds")


def midnight(day: date) -> int:
    """Return the moment at which a day begins."""
    return (day - EPOCH.date()).days * DAY


def _weight(day: date, number: int) -> float:
    return WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * (1 + GROWTH * number / DAYS)


def openings(random: Random, tickets: int, until: date) -> Iterator[int]:
    """Yield the moments at which `tickets` tickets are opened, in order, all of them before the day `until` begins."""
    days = [until - timedelta(days=DAYS - number) for number in range(DAYS)]
    ends = list(accumulate(_weight(day, number) for number, day in enumerate(days)))
    opened = 0
    for day, end in zip(days, ends, strict=True):
        due = round(tickets * end / ends[-1])
        start = midnight(day)
        yield from sorted(start + _time_of_day(random) for _ in range(due - opened))
        opened = due


_HOUR_WEIGHTS = list(accumulate(HOURS))


def _time_of_day(random: Random) -> int:
    hour = random.choices(range(24), cum_weights=_HOUR_WEIGHTS)[0]
    return hour * HOUR + random.randrange(HOUR)


def at_work(at: int) -> int:
    """Return the moment itself if somebody is at work then, or else the same minute of the next working morning."""
    day, time = divmod(at, DAY)
    if time >= EVENING * HOUR:
        day, time = day + 1, MORNING * HOUR + time % (3 * HOUR)
    elif time < MORNING * HOUR:
        time = MORNING * HOUR + time % (3 * HOUR)
    weekday = (day + 3) % 7  # 1970 began on a Thursday
    if weekday >= SATURDAY:
        day += 7 - weekday
    return day * DAY + time
