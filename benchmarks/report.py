"""What `make bench` prints, and what it writes for machines."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import django

from benchmarks.figures import Figures, Verdict, verdicts
from benchmarks.pages import PAGES, page


@dataclass
class Measured:
    """All that is known about one page on one database."""

    page: str
    size: int
    one: Figures
    eight: Figures
    queries: int | None
    wire: int
    plain: int


@dataclass
class Report:
    """A whole run."""

    engine: str
    rounds: int
    rows: list[Measured] = field(default_factory=list)
    memory: dict[int, list[float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def medians(self) -> dict[str, dict[int, float]]:
        """What one client waits for, by page and size."""
        found: dict[str, dict[int, float]] = {}
        for row in self.rows:
            found.setdefault(row.page, {})[row.size] = row.one.median
        return found

    @property
    def lengths(self) -> dict[str, dict[int, float]]:
        """How many bytes the pages have, by page and size."""
        found: dict[str, dict[int, float]] = {}
        for row in self.rows:
            found.setdefault(row.page, {})[row.size] = row.plain
        return found

    @property
    def verdicts(self) -> list[Verdict]:
        """Every ratio that has a limit."""
        return verdicts(self.medians, self.lengths)

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "machine": machine(),
            "engine": self.engine,
            "rounds": self.rounds,
            "rows": [asdict(row) for row in self.rows],
            "memory": {str(size): workers for size, workers in self.memory.items()},
            "missing": self.missing,
            "notes": self.notes,
            "verdicts": [asdict(verdict) | {"holds": verdict.holds} for verdict in self.verdicts],
        }

    def lines(self) -> Iterator[str]:
        """Yield the report as Markdown."""
        yield f"{machine()}; {self.engine}; {self.rounds} rounds."
        yield ""
        yield from self._table()
        yield ""
        for size, workers in sorted(self.memory.items()):
            yield f"Memory at {size:,} tickets: {', '.join(f'{worker:.0f}' for worker in workers)} MiB a worker."
        for title in self.missing:
            yield f"Left out, because there is no such page: {title}."
        yield from self.notes
        yield ""
        yield "| ratio | is | limit | |"
        yield "| --- | ---: | ---: | --- |"
        for verdict in self.verdicts:
            holds = "holds" if verdict.holds else "**fails**"
            yield f"| {verdict.name} | {verdict.ratio:.2f} | {verdict.limit:.1f} | {holds} |"

    def _table(self) -> Iterator[str]:
        yield (
            "| page | tickets | 1 client: median ms | p95 | 8 clients: median ms | p95 | requests/s | to bare page | "
            "queries | KB sent | KB of page |"
        )
        yield "| --- |" + " ---: |" * 10
        order = {each.key: place for place, each in enumerate(PAGES)}
        for row in sorted(self.rows, key=lambda row: (order[row.page], row.size)):
            bare = self.medians.get("bare", {}).get(row.size)
            to_bare = f"{row.one.median / bare:.1f}" if bare else ""
            queries = "" if row.queries is None else str(row.queries)
            yield (
                f"| {page(row.page).title} | {row.size:,} | {row.one.median:.1f} | {row.one.p95:.1f} | "
                f"{row.eight.median:.1f} | {row.eight.p95:.1f} | {row.eight.per_second:.0f} | {to_bare} | {queries} | "
                f"{row.wire / 1000:.1f} | {row.plain / 1000:.1f} |"
            )


def machine() -> str:
    """Return what the figures were measured on."""
    return (
        f"{_processor()}, {os.cpu_count()} cores; {platform.system()}; Python {platform.python_version()}; "
        f"Django {django.get_version()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
