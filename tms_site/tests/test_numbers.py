"""What is taken for the number of a row."""

import pytest

from tms_site.lib.numbers import MAX_ID, is_row_number


@pytest.mark.parametrize("text", ["0", "7", "007", "9" * 18])
def test_plain_digits_are_the_number_of_a_row(text):
    assert is_row_number(text)
    assert int(text) <= MAX_ID


@pytest.mark.parametrize("text", ["", " 7", "+7", "-7", "7.0", "#7", "7\n", "²", "٣", "9" * 19])
def test_anything_else_is_none(text):
    assert not is_row_number(text)
