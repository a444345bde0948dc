"""The time zones that people choose from."""

import pytest
from django import forms
from django.forms.renderers import BaseRenderer

from accounts.admin import UserForm
from accounts.factories import UserFactory
from accounts.forms import ProfileForm
from accounts.time_zones import TimeZoneField, time_zone_choices


def test_time_zones_are_places_and_utc():
    names = [name for name, _label in time_zone_choices()]
    assert names[0] == "UTC"
    assert "Europe/Vienna" in names
    assert "EST5EDT" not in names
    assert len(names) == len(set(names))


@pytest.mark.django_db
@pytest.mark.parametrize("form", [ProfileForm, UserForm])
def test_an_unusual_zone_that_one_has_stays_a_choice(form):
    field = form(instance=UserFactory(time_zone="EST5EDT")).fields["time_zone"]
    assert field.choices[0] == ("EST5EDT", "EST5EDT")
    assert len(field.choices) == len(time_zone_choices()) + 1


def test_a_zone_that_everybody_has_is_offered_once():
    field = TimeZoneField()
    field.keep("Europe/Vienna")
    assert field.choices == [*time_zone_choices()]


class NoTemplates(BaseRenderer):
    """Has no template for anything."""

    def get_template(self, template_name):
        raise AssertionError(template_name)


def test_hundreds_of_zones_are_shown_without_a_template_for_each():
    class Form(forms.Form):
        zone = TimeZoneField()

    html = Form({"zone": "Europe/Vienna"}, renderer=NoTemplates())["zone"].as_widget()
    assert '<option value="Europe/Vienna" selected>Europe/Vienna</option>' in html
    assert html.count("<option") == len(time_zone_choices())
