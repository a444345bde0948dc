"""The options of a select."""

from django import forms
from django.test.html import parse_html

from tms_site.lib.options import CheapSelect, options_html


def test_what_is_chosen_is_selected():
    html = options_html([("", "Nobody"), (7, "Jane Doe")], {"7"})
    assert html == '<option value="">Nobody</option><option value="7" selected>Jane Doe</option>'


def test_names_and_values_are_escaped():
    assert options_html([('"', "<b>Eve</b>")], ()) == (
        '<option value="&quot;">&lt;b&gt;Eve&lt;/b&gt;</option>'
    )  # fmt: skip


def test_a_cheap_select_is_the_one_that_django_would_make():
    choices = [("", "Nobody"), (1, "Jane Doe"), (2, "D'Arcy & Co")]
    attrs = {"id": "id_agent", "class": "form-select"}
    for value in (None, 2):
        ours = CheapSelect(choices=choices).render("agent", value, attrs)
        djangos = forms.Select(choices=choices).render("agent", value, attrs)
        assert parse_html(ours) == parse_html(djangos)
