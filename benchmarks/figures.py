"""From seconds to figures: medians, ratios, and whether they keep to the limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

# What must hold, as ratios within one run of what one client sees.
SIZE_LIMIT, DEEP_LIMIT, BARE_LIMIT, DASHBOARD_LIMIT, SEARCH_LIMIT = 1.5, 1.2, 2.0, 2.0, 3.0
POLL_LIMIT = 0.2
API_LIMIT = 1.0
# A page that has at least this share of another's bytes shows about as much.
AS_FULL = 0.8
PAIRS = (
    ("deep", "list", DEEP_LIMIT),
    ("list", "bare", BARE_LIMIT),
    ("dashboard", "list", DASHBOARD_LIMIT),
    ("search", "list", SEARCH_LIMIT),
    ("search_two", "list", SEARCH_LIMIT),
    ("ticket_longest", "ticket_many", SIZE_LIMIT),
    ("poll", "list", POLL_LIMIT),
    ("api_list", "list", API_LIMIT),
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


# Values by page, then by size.
Values = Mapping[str, Mapping[int, float]]


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


def verdicts(medians: Values, lengths: Values) -> list[Verdict]:
    """Return the ratios that have a limit, as far as their pages were measured.

    Args:
        medians: what one client waits for.
        lengths: how many bytes the pages have. A search that finds one ticket among 1,000 and a page full of them
            among 1,000,000 is compared with the smallest size that fills the page, too.
    """
    sizes = sorted({size for by_size in medians.values() for size in by_size})
    found = [*_by_size(medians, lengths, sizes), *_by_page(medians, sizes)]
    return [verdict for verdict in found if verdict is not None]


def _by_size(medians: Values, lengths: Values, sizes: list[int]) -> Iterator[Verdict | None]:
    if len(sizes) < 2:  # noqa: PLR2004 - a ratio takes two
        return
    least, most = sizes[0], sizes[-1]
    for page, by_size in medians.items():
        name = f"{page}: {most:,} to {least:,} tickets"
        yield _verdict(name, SIZE_LIMIT, by_size.get(most), by_size.get(least))
        full = _smallest_full(lengths.get(page, {}), most)
        if full not in (least, most):
            name = f"{page}: {most:,} to {full:,} tickets, the fewest that fill the page as much"
            yield _verdict(name, SIZE_LIMIT, by_size.get(most), by_size.get(full))


def _smallest_full(lengths: Mapping[int, float], most: int) -> int:
    return min((size for size, length in lengths.items() if length >= AS_FULL * lengths[most]), default=most)


def _by_page(medians: Values, sizes: list[int]) -> Iterator[Verdict | None]:
    for page, reference, limit in PAIRS:
        for size in sizes:
            values = medians.get(page, {}).get(size), medians.get(reference, {}).get(size)
            yield _verdict(f"{page} to {reference} at {size:,} tickets", limit, *values)


def _verdict(name: str, limit: float, value: float | None, reference: float | None) -> Verdict | None:
    return Verdict(name, value / reference, limit) if value and reference else None
