"""Two spellings of one address are the same user."""

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from accounts.emails import email_key


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("jane@example.com", "jane@example.com"),
        ("Jane@Example.COM", "jane@example.com"),
        ("  jane@example.com\n", "jane@example.com"),
        ("jane@BÜCHER.example", "jane@xn--bcher-kva.example"),
        ("jane@xn--bcher-kva.example", "jane@xn--bcher-kva.example"),
        ("JA\u017fON@example.com", "jason@example.com"),  # a long s is an s
        ("mi\u212ae@example.com", "mike@example.com"),  # a Kelvin sign is a k
    ],
)
def test_an_address_has_one_key_in_every_spelling(spelling, key):
    assert email_key(spelling) == key


def test_two_addresses_have_two_keys():
    assert email_key("jane@example.com") != email_key("jane@example.org")


@pytest.mark.parametrize("text", ["", "no address", "a@" + "x" * 300, "a@b..c", "a@\ud800"])
def test_any_text_has_some_key(text):
    assert isinstance(email_key(text), str)


@given(st.text(max_size=40))
def test_the_key_of_an_address_is_ascii_and_its_own_key(local):
    address = f"{local}@example.com"
    try:
        validate_email(address)
    except ValidationError:
        return
    key = email_key(address)
    assert key.isascii()
    assert email_key(key) == key
