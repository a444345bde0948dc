"""Many things, some at a time."""

import pytest

from tickets.models import Comment, TicketRevision
from tms_site.lib import batches
from tms_site.lib.batches import in_parts, in_statements


@pytest.mark.parametrize(
    ("items", "parts"),
    [
        ([], []),
        ([1], [[1]]),
        ([1, 2], [[1, 2]]),
        ([1, 2, 3], [[1, 2], [3]]),
        (iter([1, 2, 3]), [[1, 2], [3]]),
    ],
)
def test_items_come_some_at_a_time_and_no_part_is_empty(items, parts):
    assert list(in_parts(items, 2)) == parts


def test_no_more_is_read_than_the_part_takes():
    items = iter([1, 2, 3, 4])
    assert next(in_parts(items, 2)) == [1, 2]
    assert next(items) == 3


def comments(*texts):
    return [Comment(description=text) for text in texts]


def test_rows_are_written_some_at_a_time_and_no_statement_is_empty():
    rows = comments("a", "b", "c")
    assert list(in_statements(iter(rows), 2)) == [rows[:2], rows[2:]]
    assert list(in_statements(rows)) == [rows]
    assert list(in_statements([])) == []


@pytest.mark.parametrize("text", ["x" * 600, "ж" * 300, "\N{GRINNING FACE}" * 150])
def test_fewer_rows_are_written_at_once_where_their_texts_are_long(text, monkeypatch):
    monkeypatch.setattr(batches, "WRITTEN_AT_ONCE", 2_000)
    rows = comments(*[text] * 6)
    assert [len(part) for part in in_statements(rows)] == [2, 2, 2]


def test_a_row_that_is_too_long_comes_alone(monkeypatch):
    monkeypatch.setattr(batches, "WRITTEN_AT_ONCE", 2_000)
    rows = comments("short", "x" * 5_000, "short", "short")
    assert list(in_statements(rows)) == [rows[:1], rows[1:2], rows[2:]]


def test_json_counts_as_it_is_written(monkeypatch):
    monkeypatch.setattr(batches, "WRITTEN_AT_ONCE", 2_000)
    rows = [TicketRevision(values={"title": "ж" * 200}) for _each in range(2)]
    assert list(in_statements(rows)) == [rows[:1], rows[1:]]
