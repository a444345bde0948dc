"""The shapes of the charts: numbers for SVG, which templates draw and the stylesheet colours.

Every drawing is stretched to the room that it has, so it holds no text: labels stand beside it, as HTML.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 200
_GAP = 0.28  # of a bar's room stays empty
_NICE = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Hit:
    """A part of a drawing that tells its values when one points at it."""

    x: str
    width: str
    title: str


@dataclass(frozen=True)
class Mirror:
    """Two series of bars, one upwards and one downwards from the same line."""

    up: str
    down: str
    top: int
    hits: list[Hit]


@dataclass(frozen=True)
class Line:
    """A line, and the values at the drawing's upper and lower edge."""

    path: str
    area: str
    top: int
    bottom: int
    hits: list[Hit]


@dataclass(frozen=True)
class Spread:
    """For each month a mark at the median, one at the 90th percentile, and what joins them."""

    medians: str
    ninetieths: str
    ranges: str
    grid: str


def nice(value: float) -> int:
    """Return a round number that is at least `value`, and at least 1."""
    if value <= 1:
        return 1
    scale: float = 10 ** math.floor(math.log10(value))
    return math.ceil(next(step * scale for step in _NICE if step * scale >= value))


def mirror(up: Sequence[int], down: Sequence[int], titles: Sequence[str]) -> Mirror:
    """Return bars for two series of the same length, with what one reads when pointing at each pair."""
    top = nice(max([*up, *down, 0]))
    room = WIDTH / max(len(up), 1)
    middle = HEIGHT / 2
    return Mirror(
        up=" ".join(_bar(number, room, middle, -value / top * middle) for number, value in enumerate(up) if value > 0),
        down=" ".join(
            _bar(number, room, middle, value / top * middle) for number, value in enumerate(down) if value > 0
        ),
        top=top,
        hits=_hits(room, titles),
    )


def _bar(number: int, room: float, start: float, height: float) -> str:
    left, width = (number + _GAP / 2) * room, room * (1 - _GAP)
    return f"M{left:.1f} {start:g}h{width:.1f}v{height:.1f}h{-width:.1f}z"


def _hits(room: float, titles: Sequence[str]) -> list[Hit]:
    return [Hit(f"{number * room:.1f}", f"{room:.1f}", title) for number, title in enumerate(titles)]


def line(values: Sequence[int], titles: Sequence[str]) -> Line:
    """Return a line through values, with what one reads when pointing at each."""
    low, high = min(values, default=0), max(values, default=0)
    step = nice((high - low) / 2)
    bottom, top = low // step * step, (high // step + 1) * step
    room = WIDTH / max(len(values), 1)
    points = [
        f"{(number + 0.5) * room:.1f} {HEIGHT - (value - bottom) / (top - bottom) * HEIGHT:.1f}"
        for number, value in enumerate(values)
    ]
    path = "M" + "L".join(points)
    area = f"{path}L{WIDTH - room / 2:.1f} {HEIGHT}L{room / 2:.1f} {HEIGHT}z"
    return Line(path=path, area=area, top=top, bottom=bottom, hits=_hits(room, titles))


HOUR, DAY = 60, 24 * 60
_TICKS = (10, HOUR, 8 * HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY)


@dataclass(frozen=True)
class Scale:
    """A scale for durations on which each tick is as far from the next as it has times its minutes."""

    ticks: list[int]

    @classmethod
    def around(cls, durations: Sequence[int]) -> Scale:
        """Return the scale that has room for these durations."""
        least, most = max(min(durations, default=HOUR), 1), max(durations, default=DAY)
        first = max((number for number, tick in enumerate(_TICKS) if tick <= least), default=0)
        last = min((number for number, tick in enumerate(_TICKS) if tick >= most), default=len(_TICKS) - 1)
        return cls(list(_TICKS[first : max(last, first + 1) + 1]))

    def y(self, minutes: int) -> float:
        """Return how far from its top a duration stands."""
        low, high = math.log(self.ticks[0]), math.log(self.ticks[-1])
        part = (math.log(max(minutes, 1)) - low) / (high - low)
        return round(HEIGHT * (1 - min(max(part, 0), 1)), 1)


def spread(values: Sequence[tuple[int, int] | None], scale: Scale) -> Spread:
    """Return the marks of a median and a 90th percentile for each month; None for a month without any."""
    room = WIDTH / max(len(values), 1)
    medians, ninetieths, ranges = [], [], []
    for number, value in enumerate(values):
        if value is None:
            continue
        x, median, ninetieth = (number + 0.5) * room, scale.y(value[0]), scale.y(value[1])
        medians.append(f"M{x:.1f} {median}h0")
        ninetieths.append(f"M{x - room * 0.2:.1f} {ninetieth}h{room * 0.4:.1f}")
        ranges.append(f"M{x:.1f} {median}V{ninetieth}")
    grid = "".join(f"M0 {scale.y(tick)}H{WIDTH}" for tick in scale.ticks)
    return Spread(" ".join(medians), " ".join(ninetieths), " ".join(ranges), grid)
