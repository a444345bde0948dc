"""What text from outside is let in."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tms_site.lib.text import clean_block, clean_line, printable_line, size_in_words, validate_text, validate_visible
from tms_site.tests.xss_corpus import XSS, XSS_LINKS

FORBIDDEN = {
    "NUL": "\x00",
    "bell": "\x07",
    "escape": "\x1b",
    "vertical tab": "\x0b",
    "delete": "\x7f",
    "next line": "\x85",
    "high surrogate": "\ud800",
    "low surrogate": "\udfff",
    "right-to-left override": "\u202e",
    "left-to-right embedding": "\u202a",
    "isolate": "\u2066",
    "pop isolate": "\u2069",
}
WELCOME = (
    "Grüße",
    "🎫🔥",
    "日本語",
    "שלום",
    "مرحبا",
    "👩‍👩‍👧",
    "e\u0301",
    "tab\there",
    "line\nbreak\r\n",
    "\u200f",
    "~!@#$%^&*()",
)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_characters_that_no_text_needs_are_refused_with_a_sentence(name):
    for text in (FORBIDDEN[name], f"before{FORBIDDEN[name]}after"):
        with pytest.raises(ValidationError) as refused:
            validate_text(text)
        assert refused.value.code == "forbidden_characters"
        assert refused.value.messages == ["Remove the control characters or hidden direction marks from this text."]


@pytest.mark.parametrize("text", [*WELCOME, *XSS, *XSS_LINKS])
def test_every_language_emoji_and_harmless_sign_is_let_in(text):
    validate_text(text)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u200b", "\ufeff", "\u00ad \u2060", "\u00a0", "\u3000"])
def test_a_text_in_which_there_is_nothing_to_see_counts_as_missing(text):
    with pytest.raises(ValidationError, match="required"):
        validate_visible(text)


@pytest.mark.parametrize("text", ["0", "-", "🎫", "\u200bx"])
def test_anything_that_can_be_seen_is_a_text(text):
    validate_visible(text)


def test_a_line_has_no_breaks_and_single_blanks():
    assert clean_line("  A\r\nline\t of   text ") == "A line of text"


def test_a_block_has_plain_line_breaks_and_keeps_its_inner_blanks():
    assert clean_block("\r\n one\r\n  two\rthree \n") == "one\n  two\nthree"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_block(clean_block(text)) == clean_block(text)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=50))
def test_what_goes_to_the_log_is_one_line_that_can_be_stored(text):
    line = printable_line(text)
    validate_text(line)
    assert len(line.splitlines()) <= 1
    line.encode()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_refused_character_becomes_a_sign_in_the_log(name):
    if not FORBIDDEN[name].isspace():
        assert printable_line(f"a{FORBIDDEN[name]}b") == "a\ufffdb"


@pytest.mark.parametrize(
    ("size", "words"), [(10 * 2**20, "10 MB"), (3_670_016, "3.5 MB"), (1024, "1 KB"), (7, "7 bytes")]
)
def test_a_size_is_told_without_a_needless_nought(size, words):
    assert size_in_words(size).replace("\xa0", " ") == words
