"""Fields and inputs look as django-crispy-forms and Django draw them; ours are only quicker."""

from datetime import date, datetime, time
from pathlib import Path

import crispy_bootstrap5
import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Engine
from django.template.loader import get_template
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from tms_site.lib.renderer import Renderer

HOSTILE = "\"><script>alert(1)</script> & 'x'"
THEIRS = Path(crispy_bootstrap5.__file__).parent / "templates/bootstrap5/field.html"
CHOICES = [("a", "A & B"), ("b", HOSTILE)]


class Drawn:
    """An object that says itself how it looks as HTML, which attributes don't ask."""

    def __html__(self) -> str:
        return "<b>drawn</b>"

    def __str__(self) -> str:
        return "<drawn>"


class Several(forms.Form):
    """One field of each kind."""

    text = forms.CharField(max_length=20)
    long = forms.CharField(widget=forms.Textarea, required=False, help_text="As long as you like.")
    number = forms.IntegerField(min_value=1, max_value=9, help_text="From 1 to 9.")
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    address = forms.EmailField(label=HOSTILE)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    choice = forms.ChoiceField(choices=CHOICES)
    choices = forms.MultipleChoiceField(choices=CHOICES, required=False)
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, help_text="Some of them.")
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    check = forms.BooleanField(help_text="Yes or no.")
    optional = forms.BooleanField(required=False)
    file = forms.FileField(required=False, help_text="Any file.")
    off = forms.CharField(required=False, disabled=True)


@pytest.fixture(scope="module")
def crispys_own():
    """The template that ours stands in front of, which finds the parts of both packs by their names."""
    return Engine.get_default().from_string(THEIRS.read_text())


@pytest.mark.parametrize("data", [None, {}, {"text": "x" * 30, "number": "a", "choice": "c", "boxes": ["c"]}])
@pytest.mark.parametrize("name", Several.base_fields)
def test_a_field_is_the_same_as_crispys(crispys_own, data, name):
    context = {"form_show_errors": True, "form_show_labels": True}
    form, again = Several(data), Several(data)
    ours = get_template("bootstrap5/field.html").render(context | {"field": form[name]})
    theirs = crispys_own.render(Context(context | {"field": again[name]}))
    assert parse_html(ours) == parse_html(theirs)


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput, HOSTILE),
        (forms.TextInput, None),
        (forms.TextInput, ""),
        (forms.HiddenInput, 0),
        (forms.NumberInput, 1234567.5),
        (forms.EmailInput, "jane.doe@example.com"),
        (forms.URLInput, "https://example.com/?a=1&b=2"),
        (forms.PasswordInput, "never shown"),
        (forms.DateInput, date(2026, 11, 27)),
        (forms.DateTimeInput, datetime(2026, 11, 27, 12)),  # noqa: DTZ001 - as forms get them, in the reader's zone
        (forms.TimeInput, time(12, 30)),
        (forms.SearchInput, "a b"),
        (forms.TelInput, "+49"),
    ],
)
def test_an_input_is_the_same_as_djangos(widget, value):
    attributes = {"id": "id_x", "required": True, "disabled": False, "data-x": HOSTILE, "maxlength": 20}
    attributes |= {"data-safe": mark_safe("<b>"), "data-drawn": Drawn(), "data-none": None, "value": "twice"}
    ours, theirs = (widget().render("x", value, attributes, renderer()) for renderer in (Renderer, DjangoTemplates))
    assert ours == theirs
