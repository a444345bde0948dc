"""Filling a database with a generated organisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import monotonic

from tms_site.generating.organisation import Organisation
from tms_site.generating.plan import TABLES, Batch, Plan
from tms_site.generating.process import batches_of
from tms_site.generating.progress import Progress
from tms_site.generating.tables import TABLES as FILLED
from tms_site.generating.tables import indexes_afterwards, insert, refresh_statistics, trusted_rows

# Below this, starting a second process costs more than it saves.
WORTH_A_PROCESS = 20_000


@dataclass(frozen=True)
class Report:
    """What was written, in how many seconds; and the most memory that each process took, in MiB."""

    rows: dict[str, int]
    loading: float
    indexing: float
    memory: tuple[float, float]

    @property
    def total(self) -> int:
        """How many rows there are altogether."""
        return sum(self.rows.values())


def generate(plan: Plan, progress: Progress) -> Report:
    """Write a whole organisation; what's there already stays as it is.

    Rows go straight to their tables: no service and no signal would be quick enough for millions. That they are what
    the services would have written is what `check_integrity` proves. An interrupted run leaves whole batches,
    and tickets as they'd have been in the end without the revisions and entries of what came later.
    """
    rows = dict.fromkeys(TABLES, 0)
    begun = loaded = monotonic()
    with trusted_rows(), indexes_afterwards(*(model for model, _fields in FILLED.values())):
        for batch in _batches(plan):
            insert(batch)
            for name, written in batch.rows.items():
                rows[name] += len(written)
            progress.advance(batch.tickets, sum(rows.values()))
        loaded = monotonic()
    refresh_statistics()
    return Report(rows, loaded - begun, monotonic() - loaded, _memory())


def _batches(plan: Plan) -> Iterator[Batch]:
    return batches_of(plan) if plan.tickets >= WORTH_A_PROCESS else Organisation(plan).batches()


def _memory() -> tuple[float, float]:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024, getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024
