"""Icons, times and people in templates."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone
from django.utils.html import conditional_escape
from heroicons import IconDoesNotExist

from tms_site.icons import OWN_ICONS
from tms_site.templatetags.tms import ago, at, avatar_hue, icon, initials, relative_time, same_words

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)


def render(source, **context):
    return Template("{% load tms %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(seconds=0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29, hours=23), "29 days ago"),
        (timedelta(days=30), "10 Feb 2026"),
        (timedelta(hours=-3), "in 3 hours"),
        (timedelta(days=-30), "11 Apr 2026"),
    ],
)
def test_a_moment_is_told_by_its_distance_and_from_30_days_on_by_its_date(past, words):
    assert relative_time(NOW - past, NOW) == words


def test_a_time_carries_its_machine_form_and_the_absolute_time_in_the_readers_zone():
    with timezone.override("Europe/Berlin"):
        html = ago(NOW)
    assert html.startswith('<time datetime="2026-03-12T14:05:00+01:00" title="Thu 12 Mar 2026, 14:05 CET">')


def test_the_absolute_form_shows_date_time_and_zone():
    with timezone.override("Europe/Berlin"):
        assert at(NOW) == '<time datetime="2026-03-12T14:05:00+01:00">Thu 12 Mar 2026, 14:05 CET</time>'


def test_no_moment_gives_nothing():
    assert ago(None) == ""
    assert at(None) == ""


@pytest.mark.parametrize("name", [*OWN_ICONS, "trash", "check-fill"])
def test_every_icon_is_hidden_from_screen_readers(name):
    html = icon(name, 14)
    assert html.startswith("<svg")
    assert 'aria-hidden="true"' in html
    assert 'width="14"' in html


def test_an_icon_takes_further_attributes_and_escapes_them():
    html = render('{% icon "status-open" 14 class=name %}', name='"><script>')
    assert 'class="&quot;&gt;&lt;script&gt;"' in html


def test_an_unknown_icon_is_an_error():
    with pytest.raises(IconDoesNotExist):
        icon("no-such-icon")


@pytest.mark.parametrize(
    ("name", "letters"), [("Jane Doe", "JD"), ("Admin", "A"), ("Ana Maria de Souza", "AS"), ("🙂", "?"), ("", "?")]
)
def test_initials_are_those_of_the_first_and_the_last_word(name, letters):
    assert initials(name) == letters


def test_the_same_name_always_has_the_same_colour():
    assert avatar_hue("Jane Doe") == avatar_hue("Jane Doe")
    assert avatar_hue("Jane Doe") in range(6)


def test_a_name_cannot_bring_markup_into_the_page():
    html = render("{% load tms %}{% person name %}", name="<b>Eve</b>")
    assert conditional_escape("<b>Eve</b>") in html
    assert "<b>" not in html


def test_nobody_is_shown_as_unassigned():
    assert "Unassigned" in render("{% load tms %}{% person nobody %}", nobody=None)


class ExampleForm(forms.Form):
    title = forms.CharField(max_length=255, error_messages={"required": "Enter a title."})
    email = forms.EmailField(required=False)


def test_the_browser_gets_the_words_and_limits_of_the_server():
    form = ExampleForm()
    title, email = str(same_words(form["title"])), str(same_words(form["email"]))
    assert 'data-error-required="Enter a title."' in title
    assert 'data-counter="255"' in title
    assert "data-error-required" not in email
    assert 'data-error-email="Enter a valid email address."' in email


def test_one_forms_attributes_do_not_leak_into_the_next():
    same_words(ExampleForm()["title"])
    assert "data-counter" not in str(ExampleForm()["title"])


def test_the_error_summary_links_to_the_fields_with_the_words_at_the_field():
    html = render('{% include "includes/error_summary.html" with form=form %}', form=ExampleForm({}))
    assert '<a href="#id_title">Title: Enter a title.</a>' in html
    assert 'role="alert"' in html


def test_a_form_without_errors_has_no_error_summary():
    html = render('{% include "includes/error_summary.html" with form=form %}', form=ExampleForm({"title": "x"}))
    assert html.strip() == ""


@pytest.mark.parametrize(("tags", "region"), [("success", "#messages-status"), ("error", "#messages-alert")])
def test_notices_of_a_fragment_go_into_the_live_region_of_their_kind(tags, region):
    html = render('{% include "includes/messages_oob.html" %}', messages=[{"tags": tags}])
    assert f'hx-swap-oob="beforeend:{region}"' in html
