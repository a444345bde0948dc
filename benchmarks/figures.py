"""From seconds to figures: medians, ratios, and whether they keep to the limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

# What must hold, as ratios within one run of what one client sees.
SIZE_LIMIT, DEEP_LIMIT, BARE_LIMIT, DASHBOARD_LIMIT, SEARCH_LIMIT = 1.5, 1.2, 2.0, 2.0, 3.0

PAIRS = (
    ("deep", "list", DEEP_LIMIT),
    ("list", "bare", BARE_LIMIT),
    ("dashboard", "list", DASHBOARD_LIMIT),
    ("search", "list", SEARCH_LIMIT),
    ("search_two", "list", SEARCH_LIMIT),
)


@dataclass(frozen=True)
class Figures:
    """What was measured of one page on one database by one number of clients, in milliseconds."""

    requests: int
    median: float
    p95: float
    per_second: float


@dataclass(frozen=True)
class Verdict:
    """Whether one ratio keeps to its limit."""

    name: str
    ratio: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return self.ratio <= self.limit


# Medians by page, then by size.
Medians = Mapping[str, Mapping[int, float]]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that at least `share` of the values don't exceed; raises ValueError when there are none."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]


def figures(seconds: Sequence[float], clients: int) -> Figures:
    """Sum up how long each request took that so many clients sent, each as soon as it had the answer before."""
    return Figures(
        requests=len(seconds),
        median=1000 * median(seconds),
        p95=1000 * percentile(seconds, 0.95),
        per_second=clients * len(seconds) / sum(seconds),
    )


def verdicts(medians: Medians) -> list[Verdict]:
    """Return the ratios that have a limit, as far as their pages were measured."""
    sizes = sorted({size for by_size in medians.values() for size in by_size})
    found = [*_by_size(medians, sizes), *_by_page(medians, sizes)]
    return [verdict for verdict in found if verdict is not None]


def _by_size(medians: Medians, sizes: list[int]) -> Iterator[Verdict | None]:
    if len(sizes) < 2:  # noqa: PLR2004 - a ratio takes two
        return
    least, most = sizes[0], sizes[-1]
    for page, by_size in medians.items():
        name = f"{page}: {most:,} to {least:,} tickets"
        yield _verdict(name, SIZE_LIMIT, by_size.get(most), by_size.get(least))


def _by_page(medians: Medians, sizes: list[int]) -> Iterator[Verdict | None]:
    for page, reference, limit in PAIRS:
        for size in sizes:
            values = medians.get(page, {}).get(size), medians.get(reference, {}).get(size)
            yield _verdict(f"{page} to {reference} at {size:,} tickets", limit, *values)


def _verdict(name: str, limit: float, value: float | None, reference: float | None) -> Verdict | None:
    return Verdict(name, value / reference, limit) if value and reference else None
