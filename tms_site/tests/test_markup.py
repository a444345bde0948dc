"""Rows and snippets are put together as safely as by Django's `format_html`."""

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from tms_site.lib.markup import format_text

HOSTILE = "<script>alert(1)</script> & \"double\" 'single' {0} {name} %s"


class Drawn:
    """An object that says itself how it looks as HTML."""

    def __html__(self) -> str:
        return "<b>drawn</b>"


class TextThatIsSafe(SafeString):
    """A safe text of a class of its own."""


@pytest.mark.parametrize(
    "value",
    [HOSTILE, 0, 1_000, 1.5, None, True, "", mark_safe("<b>"), Drawn(), TextThatIsSafe("<i>"), User(username=HOSTILE)],
)
def test_a_value_comes_out_as_from_format_html(value):
    by_place = format_text('<p title="{}">{}</p>', value, "x")
    assert by_place == format_html('<p title="{}">{}</p>', value, "x")
    assert format_text("<p>{one}{two}</p>", one=value, two=HOSTILE) == format_html(
        "<p>{one}{two}</p>", one=value, two=HOSTILE
    )
    assert type(by_place) is SafeString


def test_a_text_is_escaped():
    assert format_text("<p>{}</p>", "<b>'\"&") == "<p>&lt;b&gt;&#x27;&quot;&amp;</p>"
