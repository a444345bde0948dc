"""What a cell means: texts of CSV and values of JSON become values of the columns, or a word about why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from tickets.external.models import KEY_MAX
from tms_site.lib.text import clean_block, clean_line, validate_text
from tms_site.transfer.problems import FieldError
from tms_site.transfer.tables import TABLES_OF, Column, Kind, Table

Values = dict[str, Any]

FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
SEPARATORS = re.compile(r"[,;\n]")
FIRST_YEAR = 1970
# What fits the columns of numbers on every engine, with room for what comes after it.
NUMBER_MAX = 2_000_000_000
SHOWN_MAX = 60
PAIR = 2


class Formula(str):
    """A cell that a spreadsheet would calculate."""

    __slots__ = ()


def shown(value: object) -> str:
    """Return a value as messages show it."""
    text = clean_line(str(value))
    return f"“{text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + '…'}”"


def parse(table: Table, cells: Mapping[str, Any], zone: tzinfo) -> Values:
    """Return the values of a line by their columns, those of other tables' rows still as texts.

    Args:
        table: of which table the line is.
        cells: by the names of the columns; one that's left out has its default.
        zone: of moments that don't name theirs.

    Raises:
        FieldError: a column isn't known, or a value no good.
    """
    check_names(table, cells)
    return {column.name: _value(column, cells, zone) for column in table.columns}


def check_names(table: Table, names: Iterable[str]) -> None:
    """Raise FieldError for a name that no column has."""
    unknown = [name for name in names if name not in table.names]
    if unknown:
        known = ", ".join(table.names)
        raise FieldError(shown(unknown[0]), f"no column of {table.name} is called so. There are: {known}")


def check_head(table: Table, names: Sequence[str]) -> None:
    """Raise FieldError for a name that no column has, or a column that must be there and isn't."""
    # Spreadsheets write columns without a name, and nothing in them.
    check_names(table, [name for name in names if name])
    for column in table.columns:
        if column.required and column.name not in names:
            raise FieldError(column.name, "there's no such column, and each line must have it")


def _value(column: Column, cells: Mapping[str, Any], zone: tzinfo) -> Any:
    given = cells.get(column.name)
    if given is None or given == "":
        if column.required:
            raise FieldError(column.name, "is missing")
        # A blank text is one that somebody left blank.
        return given if column.name in cells and given is None else column.default
    try:
        if isinstance(given, Formula):
            _text(given)
        return PARSERS[column.kind](given, column, zone)
    except ValidationError as error:
        raise FieldError(column.name, " ".join(error.messages)) from error
    except ValueError as error:
        raise FieldError(column.name, str(error)) from error


def _text(given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise ValueError(f"{shown(given)} isn't a text")  # noqa: TRY004 - of a value, as all the others
    if isinstance(given, Formula):
        text = f"{shown(given)} begins like a formula. Write an apostrophe before it if it's a text"
        raise ValueError(text)  # noqa: TRY004 - likewise
    validate_text(str(given))
    return str(given)


def _key(given: Any, column: Column, zone: tzinfo) -> str:
    text = _text(given).strip()
    if not text or len(text) > KEY_MAX:
        raise ValueError(f"takes 1 to {KEY_MAX} characters")
    return text


def _line(given: Any, column: Column, zone: tzinfo) -> str:
    return clean_line(_text(given))


def _block(given: Any, column: Column, zone: tzinfo) -> str:
    return clean_block(_text(given))


def _flag(given: Any, column: Column, zone: tzinfo) -> bool:
    if isinstance(given, bool):
        return given
    if str(given).strip().lower() in FLAGS:
        return FLAGS[str(given).strip().lower()]
    raise ValueError(f"{shown(given)} is neither true nor false")


def _number(given: Any, column: Column, zone: tzinfo) -> int:
    text = str(given).strip()
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > NUMBER_MAX:
        raise ValueError(f"{shown(given)} isn't a whole number up to {NUMBER_MAX:,}")
    return int(text)


def _choice(given: Any, column: Column, zone: tzinfo) -> str:
    text = _text(given).strip().lower()
    if text not in column.choices:
        raise ValueError(f"{shown(given)} is none of {', '.join(column.choices)}")
    return text


def _words(given: Any, column: Column, zone: tzinfo) -> list[str]:
    parts = given if isinstance(given, list) else SEPARATORS.split(_text(given))
    return [text for part in parts if (text := _text(part).strip())]


def moment(given: Any, column: Column, zone: tzinfo) -> datetime:
    """Return a moment from a text in ISO 8601, in the given zone where it names none; raises ValueError."""
    text = _text(given).strip()
    day = parse_date(text) if len(text) <= len("2026-01-31") else None
    found = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001 - see below
    if found is None:
        raise ValueError(f"{shown(given)} isn't a time like 2026-01-31T09:30:00Z")
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    if found.year < FIRST_YEAR or found > timezone.now():
        raise ValueError(f"{shown(given)} lies before {FIRST_YEAR} or in the future")
    return found.astimezone(UTC)


def _moved(given: Any, column: Column, zone: tzinfo) -> list[tuple[str, str | None]]:
    if not isinstance(given, list) or not all(isinstance(pair, list) and len(pair) == PAIR for pair in given):
        raise ValueError("takes a list of pairs: a comment, and the ticket that it had been moved from before")
    return [
        (_key(first, column, zone), None if second is None else _key(second, column, zone)) for first, second in given
    ]


PARSERS: dict[Kind, Callable[[Any, Column, tzinfo], Any]] = {
    Kind.KEY: _key,
    Kind.LINE: _line,
    Kind.TEXT: _block,
    Kind.MOMENT: moment,
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.WORDS: _words,
    Kind.PEOPLE: _words,
    Kind.MOVED: _moved,
    **dict.fromkeys((Kind.USER, Kind.TICKET, Kind.COMMENT, Kind.TEAM, Kind.CATEGORY), _key),
}


def references(table: Table, values: Values) -> list[tuple[str, str]]:
    """Return the rows of which a line speaks, as (table, text)."""
    found: list[tuple[str, str]] = []
    for column in table.columns:
        value, leads_to = values[column.name], TABLES_OF.get(column.kind)
        if leads_to is None or not value:
            continue
        if column.kind is Kind.MOVED:
            found += [(leads_to, comment) for comment, _before in value]
            found += [("tickets", before) for _comment, before in value if before]
        else:
            found += [(leads_to, text) for text in (value if column.kind is Kind.PEOPLE else [value])]
    return found
