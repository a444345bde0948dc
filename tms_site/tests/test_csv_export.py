"""CSV files: safe cells, exact times, every row once."""

import csv
from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.lib import csv_export
from tms_site.lib.csv_export import batches, csv_response, moment_cell, safe_cell

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_calculate_is_sent_as_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Printer", "1-2", "a=b", "'quoted"])
def test_other_text_is_sent_as_it_is(text):
    assert safe_cell(text) == text


def test_a_moment_is_sent_with_its_offset():
    moment = datetime(2026, 3, 12, 13, 5, 7, 999, tzinfo=UTC)
    assert moment_cell(moment, ZoneInfo("Europe/Berlin")) == "2026-03-12T14:05:07+01:00"
    assert moment_cell(None, UTC) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 5, 6, 7])
def test_every_row_is_read_once_newest_first(rows, monkeypatch):
    monkeypatch.setattr(csv_export, "FIRST_BATCH", 2)
    monkeypatch.setattr(csv_export, "BATCH", 3)
    tickets = TicketFactory.create_batch(rows)
    read = [row for batch in batches(Ticket.objects.all(), ["title"]) for row in batch]
    assert read == [(ticket.pk, ticket.title) for ticket in reversed(tickets)]


@pytest.mark.django_db
def test_a_row_that_changes_meanwhile_is_neither_lost_nor_doubled(monkeypatch):
    monkeypatch.setattr(csv_export, "FIRST_BATCH", 2)
    tickets = TicketFactory.create_batch(4)
    reading = batches(Ticket.objects.all(), ["title"])
    first = next(reading)
    Ticket.objects.filter(pk=tickets[0].pk).update(title="A changed title", updated_at=datetime.now(UTC))
    newer = TicketFactory()
    rest = [row for batch in reading for row in batch]
    assert [row[0] for row in first + rest] == [ticket.pk for ticket in reversed(tickets)]
    assert newer.pk not in {row[0] for row in rest}


def test_a_file_is_sent_in_pieces_and_to_be_saved(monkeypatch):
    monkeypatch.setattr(csv_export, "FIRST_BATCH", 1)
    response = csv_response("kites.csv", ["Name", "Colour"], [("Älice", "red, green"), ("Bob", 'say "x"'), ("C", "")])
    assert response.streaming
    pieces = list(response)
    assert len(pieces) > 1
    text = b"".join(pieces).decode("utf-8-sig")
    assert list(csv.reader(StringIO(text))) == [
        ["Name", "Colour"], ["Älice", "red, green"], ["Bob", 'say "x"'], ["C", ""],
    ]  # fmt: skip
    assert response["Content-Disposition"] == 'attachment; filename="kites.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
