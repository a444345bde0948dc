"""Pages by key, never by offset: the hundredth page costs as much as the first.

A cursor names the last row that one has seen (the value of the sort column and the id), so that rows which
arrive meanwhile neither repeat nor hide others. Cursors are signed: nobody can make one up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet

M = TypeVar("M", bound=Model)

SALT = "tms.keyset"
NEXT, PREVIOUS = "n", "p"


class BadCursor(Exception):  # noqa: N818 - the caller shows the first page; it's a case, not a failure
    """The cursor isn't one of ours, or belongs to another sort order."""


@dataclass(frozen=True)
class Order:
    """A sort order by one column; ties are broken by the id in the same direction."""

    key: str
    column: str
    descending: bool

    @property
    def by(self) -> tuple[Any, ...]:
        """The arguments for order_by."""
        return (F(self.column).desc(), F("pk").desc()) if self.descending else (F(self.column).asc(), F("pk").asc())

    def reversed(self) -> Order:
        """Return the same order, read from its end."""
        return Order(self.key, self.column, not self.descending)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows of a list, and the cursors of its neighbours (empty where there's none)."""

    items: list[M]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True)
class _Position:
    direction: str
    value: Any
    pk: int

    def makes_sense(self) -> bool:
        """Tell whether the parts have the shape that `_encode` gives them: an older TMS may have signed another."""
        return (
            self.direction in (NEXT, PREVIOUS) and type(self.pk) is int and isinstance(self.value, str | int | datetime)
        )


def _value_for_json(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _value_from_json(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value


def _encode(order: Order, direction: str, row: Model) -> str:
    value = _value_for_json(getattr(row, order.column))
    return signing.dumps([order.key, direction, value, row.pk], salt=SALT, compress=True)


def _decode(order: Order, cursor: str) -> _Position:
    try:
        key, direction, value, pk = signing.loads(cursor, salt=SALT)
        position = _Position(direction, _value_from_json(value), pk)
    except (signing.BadSignature, ValueError, TypeError, KeyError) as error:
        raise BadCursor from error
    if key != order.key or not position.makes_sense():
        raise BadCursor
    return position


def _after(queryset: QuerySet[M], order: Order, position: _Position) -> QuerySet[M]:
    operator = "lt" if order.descending else "gt"
    beyond = Q(**{f"{order.column}__{operator}": position.value})
    tie = Q(**{order.column: position.value, f"pk__{operator}": position.pk})
    # The first condition lets the index seek; the second alone would leave the engine to guess.
    seek = Q(**{f"{order.column}__{operator}e": position.value})
    try:
        return queryset.filter(seek & (beyond | tie)).order_by(*order.by)
    except (ValueError, TypeError, ValidationError) as error:
        raise BadCursor from error


def paginate(queryset: QuerySet[M], order: Order, cursor: str, size: int) -> Page[M]:
    """Return the page of `size` rows at `cursor` (empty for the first).

    Raises BadCursor when the cursor was not made by TMS for this order.
    """
    if not cursor:
        rows = list(queryset.order_by(*order.by)[: size + 1])
        return _page(order, rows[:size], has_next=len(rows) > size, has_previous=False)
    position = _decode(order, cursor)
    if position.direction == NEXT:
        rows = list(_after(queryset, order, position)[: size + 1])
        return _page(order, rows[:size], has_next=len(rows) > size, has_previous=True)
    backwards = order.reversed()
    rows = list(_after(queryset, backwards, position)[: size + 1])
    return _page(order, rows[:size][::-1], has_next=True, has_previous=len(rows) > size)


def _page(order: Order, items: list[M], *, has_next: bool, has_previous: bool) -> Page[M]:
    return Page(
        items=items,
        next_cursor=_encode(order, NEXT, items[-1]) if items and has_next else "",
        previous_cursor=_encode(order, PREVIOUS, items[0]) if items and has_previous else "",
    )
