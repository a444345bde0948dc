"""Many things, some at a time."""

import pytest

from tms_site.lib.batches import in_parts


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
