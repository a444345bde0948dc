"""When two names are one, and what a tag may be: the same on every engine."""

import pytest
from django.core.exceptions import ValidationError

from tickets.sorting.names import KEY_MAX, NAME_MAX, TAG_MAX, name_key, split_tags, tag_name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Printer", "printer"),
        ("  #VPN ", "vpn"),
        ("2nd  floor", "2nd-floor"),
        ("\uff26ULL", "full"),
        ("Straße", "strasse"),
        ("drücker", "drücker"),
        ("हिन्दी", "हिन्दी"),
        ("🔥", "🔥"),
        ("c++", "c++"),
        ("a/b_c.d", "a/b_c.d"),
    ],
)
def test_a_tag_is_stored_in_one_spelling(typed, stored):
    assert tag_name(typed) == stored
    assert tag_name(stored) == stored


@pytest.mark.parametrize("typed", ["x" * (TAG_MAX + 1), 'say "hi"', "<b>", "a\x00b", "a\u202eb", "\u200b", "a,b"])
def test_what_can_be_no_tag_is_refused(typed):
    with pytest.raises(ValidationError):
        tag_name(typed)


def test_tags_in_a_line_are_sorted_and_each_is_there_once():
    assert split_tags("vpn, Printer;; VPN,\n #printer ,") == ["printer", "vpn"]
    with pytest.raises(ValidationError, match="at most 20"):
        split_tags(",".join(f"tag{number}" for number in range(21)))


def test_case_and_width_make_no_other_name_but_accents_do():
    assert name_key(" Network  team") == name_key("NETWORK TEAM")
    assert len({name_key(name) for name in ("cafe", "café", "caffé", "日本", "日本語")}) == 5
    assert name_key("日本").isascii()


def test_the_longest_name_has_a_key_that_fits():
    assert len(name_key("\U0010fff0" * NAME_MAX)) <= KEY_MAX
    assert len(name_key("".join(chr(0x10000 + 9973 * number) for number in range(NAME_MAX)))) <= KEY_MAX
