"""Median and 90th percentile of durations that are counted by their rounded minutes."""

from __future__ import annotations

from collections.abc import Mapping

MEDIAN, NINETIETH = 50, 90


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """Return the nearest rank: the least duration that `percent` of the tickets don't exceed; None without any."""
    total = sum(counts.values())
    if total <= 0:
        return None
    rank = -(-total * percent // 100)
    reached = 0
    for minutes in sorted(counts):
        reached += counts[minutes]
        if reached >= rank:
            return minutes
    return None  # pragma: no cover - the last duration reaches the total
