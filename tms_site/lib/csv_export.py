"""CSV files that are sent while they are made, so that memory stays flat whatever their length.

Formulas: a cell that a spreadsheet would calculate is sent as text, with an apostrophe before it (OWASP, "CSV
injection").
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from io import StringIO
from itertools import chain, islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

# Rows that are read by one query and sent as one piece. The first piece is short: the download begins at once.
FIRST_BATCH, BATCH = 200, 4000
# By these a spreadsheet program knows a formula; the wide forms count for some.
FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# Excel takes a file without it for one in the encoding of Windows.
BYTE_ORDER_MARK = "\ufeff"


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text[:1] in FORMULA_STARTS and text else text


def moment_cell(moment: datetime | None, zone: tzinfo) -> str:
    """Return a moment in ISO 8601, to the second and with its offset from UTC."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""


def batches(queryset: QuerySet[Any], columns: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the values of `columns`, with the id before them, newest first.

    By number, which never changes: whatever happens meanwhile, no row is lost and none comes twice.
    """
    rest, size = queryset, FIRST_BATCH
    while rows := list(rest.order_by("-pk").values_list("pk", *columns)[:size]):
        yield rows
        if len(rows) < size:
            return
        rest, size = queryset.filter(pk__lt=rows[-1][0]), BATCH


def _pieces(header: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[bytes]:
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(header)
    size = FIRST_BATCH
    while chunk := list(islice(rows, size)):
        writer.writerows(chunk)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        size = BATCH
    yield buffer.getvalue().encode()


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Return the answer that sends `rows` as a file to be saved; their texts have to be safe cells already.

    The first piece is made at once: whoever asks hears it if that takes too long (tms_site.lib.export_limit).
    """
    pieces = _pieces(header, iter(rows))
    response = StreamingHttpResponse(chain([next(pieces)], pieces), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
