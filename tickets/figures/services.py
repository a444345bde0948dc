"""Keeping the figures: appending what a change adds, folding it into the sums, making the sums anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Max
from django.utils import timezone

from tickets.figures.direct import direct_figures, snapshot
from tickets.figures.facts import DURATIONS, Facts, Key
from tickets.figures.models import FigureDelta, FigureState, Histogram, RollUp
from tickets.figures.quantiles import MEDIAN, NINETIETH, percentile
from tickets.models import Comment, Ticket
from tms_site.lib.batches import in_parts
from tms_site.lib.transactions import write_transaction

Advance = Callable[[int], None]


class OvertakenError(Exception):
    """Somebody else has changed the sums while they were made anew."""


def _silent(rows: int) -> None:
    """Tell nobody how far it is."""


# A histogram's key: figure, month, priority, person.
Group = tuple[int, date, int, int]

FOLD_BATCH = 5_000
FILL_BATCH = 2_000
WRITE_BATCH = 2_000
# A rebuild that has begun so long ago isn't running any more.
REBUILD_MOST = timedelta(hours=1)
_ONLY = 1  # the id of the one row of FigureState


def append(changed: Facts) -> None:
    """Add what a change adds to the figures, for the transaction that makes the change; touches no sum."""
    rows = [FigureDelta(**key._asdict(), amount=amount) for key, amount in changed.items()]
    if rows:
        FigureDelta.objects.bulk_create(rows)


@write_transaction
def fold(limit: int = FOLD_BATCH) -> int:
    """Fold the oldest differences into the sums; returns how many, 0 if there are none or somebody else is at it.

    Sums grow and differences go in one transaction: however it ends, nothing is lost or counted twice.
    """
    state = _lock_state(skip=True)
    if state is None or _is_rebuilding(state):
        return 0
    waiting = list(FigureDelta.objects.order_by("pk").values_list("pk", *Key._fields, "amount")[:limit])
    if not waiting:
        return 0
    sums: Facts = Counter()
    for row in waiting:
        sums[Key(*row[1:-1])] += row[-1]
    _add(sums)
    # By their numbers: one with a lower number may be committed only now.
    _remove([row[0] for row in waiting])
    _next_generation()
    return len(waiting)


def rebuild(advance: Advance = _silent) -> int:
    """Make all sums anew from the tickets while others go on writing; returns how many tickets were read.

    The tickets and the differences of one moment are read from a snapshot: the sums of these tickets replace the old
    ones together with these differences, and what comes later is folded as ever. Nobody folds meanwhile; if somebody
    does nevertheless, the result is thrown away (OvertakenError).
    """
    read = 0

    def count(tickets: int) -> None:
        nonlocal read
        read += tickets
        advance(tickets)

    _announce(begin=True)
    try:
        with snapshot():
            generation = FigureState.objects.values_list("generation", flat=True).get(pk=_ONLY)
            told = list(FigureDelta.objects.values_list("pk", flat=True))
            sums = direct_figures(count)
        _replace(sums, told, generation)
    finally:
        _announce(begin=False)
    return read


def fill_first_responses(advance: Advance = _silent) -> None:
    """Note the first response of tickets that don't have one noted but have one: imported and generated ones.

    The sums don't know of it: `rebuild` is to follow, and until it's done the figures count as incomplete.
    """
    last = Ticket.objects.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last, FILL_BATCH):
        _fill(start, start + FILL_BATCH)
        advance(min(FILL_BATCH, last - start))


@write_transaction
def _fill(after: int, until: int) -> None:
    # Only where there's none: a comment that is being written at this moment notes itself.
    unanswered = Ticket.objects.filter(pk__gt=after, pk__lte=until, first_response_at__isnull=True)
    first_answers = Comment.objects.first_answers()
    answered = unanswered.annotate(first=first_answers).filter(first__isnull=False)
    if not answered.exists():
        return
    # In this transaction, so that nobody who stops us leaves wrong figures that look right.
    _lock_state(skip=False)
    _next_generation(is_complete=False)
    answered.update(first_response_at=first_answers)


def _lock_state(*, skip: bool) -> FigureState | None:
    """Return the state, locked; None if somebody else holds it and we are to `skip` then."""
    if not FigureState.objects.filter(pk=_ONLY).exists():
        FigureState.objects.bulk_create([FigureState(pk=_ONLY)], ignore_conflicts=True)
    return FigureState.objects.select_for_update(skip_locked=skip).filter(pk=_ONLY).first()


def _is_rebuilding(state: FigureState) -> bool:
    return state.rebuilding_since is not None and timezone.now() - state.rebuilding_since < REBUILD_MOST


def _next_generation(**columns: Any) -> None:
    FigureState.objects.filter(pk=_ONLY).update(generation=models.F("generation") + 1, **columns)


@write_transaction
def _announce(*, begin: bool) -> None:
    _lock_state(skip=False)
    FigureState.objects.filter(pk=_ONLY).update(rebuilding_since=timezone.now() if begin else None)


@write_transaction
def _replace(sums: Facts, told: list[int], generation: int) -> None:
    state = _lock_state(skip=False)
    if state is None or state.generation != generation:
        raise OvertakenError
    RollUp.objects.all().delete()
    Histogram.objects.all().delete()
    rows, histograms = _split(sums)
    for some in in_parts(rows.items(), WRITE_BATCH):
        RollUp.objects.bulk_create([_roll_up(key, amount) for key, amount in some])
    for groups in in_parts(histograms.items(), WRITE_BATCH):
        Histogram.objects.bulk_create([_histogram(group, counts) for group, counts in groups])
    _remove(told)
    _next_generation(is_complete=True)


def _split(sums: Facts) -> tuple[Facts, dict[Group, dict[int, int]]]:
    """Return the plain figures, and the durations by month, priority and person."""
    rows: Facts = Counter()
    histograms: dict[Group, dict[int, int]] = defaultdict(dict)
    for key, amount in sums.items():
        if not amount:
            continue
        if key.figure in DURATIONS:
            histograms[key.figure, key.day, key.priority, key.person][key.minutes] = amount
        else:
            rows[key] = amount
    return rows, histograms


def _add(sums: Facts) -> None:
    rows, histograms = _split(sums)
    for figure in {key.figure for key in rows}:
        _add_rows(figure, {key: amount for key, amount in rows.items() if key.figure == figure})
    for figure in {group[0] for group in histograms}:
        _add_histograms(figure, {group: counts for group, counts in histograms.items() if group[0] == figure})


# Both read and write back: only one folds at a time.
def _add_rows(figure: int, changed: dict[Key, int]) -> None:
    days, people = {key.day for key in changed}, {key.person for key in changed}
    stored = RollUp.objects.filter(figure=figure, day__in=days, person__in=people)
    before = {
        Key(*row[:-1], minutes=0): row[-1]
        for row in stored.values_list("figure", "day", "status", "priority", "person", "amount")
    }
    _write(RollUp, [_roll_up(key, before.get(key, 0) + amount) for key, amount in changed.items()], ["amount"])


def _add_histograms(figure: int, changed: dict[Group, dict[int, int]]) -> None:
    days, people = {group[1] for group in changed}, {group[3] for group in changed}
    stored = Histogram.objects.filter(figure=figure, day__in=days, person__in=people)
    before = {(row.figure, row.day, row.priority, row.person): row.counts for row in stored}
    rows = []
    for group, counts in changed.items():
        merged = Counter({int(minutes): amount for minutes, amount in before.get(group, {}).items()})
        merged.update(counts)
        rows.append(_histogram(group, {minutes: amount for minutes, amount in merged.items() if amount}))
    _write(Histogram, rows, ["counts", "total", "median", "ninetieth"])


def _write(model: type[RollUp | Histogram], rows: list[Any], columns: list[str]) -> None:
    """Write rows, over those of the same key."""
    [key] = model._meta.constraints
    assert isinstance(key, models.UniqueConstraint)  # noqa: S101 - for the type checker
    # MySQL and MariaDB find the key by themselves, and don't let one name it.
    named = list(key.fields) if connection.features.supports_update_conflicts_with_target else None
    for some in in_parts(rows, WRITE_BATCH):
        model.objects.bulk_create(some, update_conflicts=True, update_fields=columns, unique_fields=named)


def _roll_up(key: Key, amount: int) -> RollUp:
    return RollUp(
        figure=key.figure, day=key.day, status=key.status, priority=key.priority, person=key.person, amount=amount
    )


def _histogram(group: Group, counts: dict[int, int]) -> Histogram:
    figure, day, priority, person = group
    return Histogram(
        figure=figure,
        day=day,
        priority=priority,
        person=person,
        counts={str(minutes): counts[minutes] for minutes in sorted(counts)},
        total=sum(counts.values()),
        median=percentile(counts, MEDIAN),
        ninetieth=percentile(counts, NINETIETH),
    )


def _remove(numbers: Iterable[int]) -> None:
    for some in in_parts(numbers, WRITE_BATCH):
        FigureDelta.objects.filter(pk__in=some).delete()
