"""Texts taken apart into terms."""

import pytest

from tickets.enums import DESCRIPTION_MAX
from tickets.search import terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PRN-2041", ["prn", "2041"]),
        ("0x80070005", ["0x80070005"]),
        ("Café Ünal", ["cafe", "unal"]),
        ("don't_stop", ["don", "t", "stop"]),
        ("\uff26\uff35\uff2c\uff2c \ufb01le", ["full", "file"]),
    ],
)
def test_a_text_is_a_row_of_words_without_case_accents_and_signs(text, words):
    assert list(terms.sequence(terms.fold(text))) == words


def test_what_is_written_together_is_found_apart_and_back():
    assert terms.extras("prn-2041") == {"prn2041"}
    assert terms.extras("prn2041") == {"prn", "2041"}
    assert terms.extras("10.11.19") == {"101119"}
    assert terms.extras("plain words 0x80070005") == set()


@pytest.mark.parametrize("unit", ["x", "1", "a-", "1.2.3-", "a1", "ab12", "é", "漢", "-", "_", "a_"])
def test_the_longest_texts_are_taken_apart_in_one_go(unit):
    # A pattern that tries again from each letter would take minutes here.
    folded = terms.fold(unit * (DESCRIPTION_MAX // len(unit)))
    assert isinstance(terms.extras(folded), set)
    assert all(len(word) <= terms.TERM_MAX for word in terms.sequence(folded))


@pytest.mark.parametrize("word", ["toner", "струя", "打印", "a1ж2", "", "ж" * 90, "a" * 90])
def test_a_term_says_which_word_it_was_made_of(word):
    decoded = terms.decode(terms.encode(word))
    assert word.startswith(decoded)
    assert decoded == word[: len(decoded)]
    assert len(decoded) == len(word) or len(word) == 90


def test_letters_are_what_is_left_without_all_that_stands_between_them():
    assert terms.letters("prn-2041, \u201c3\u00bd\u201d_\u2013 \u6253\u5370\U0001f3ab") == "prn20413\u00bd\u6253\u5370"
