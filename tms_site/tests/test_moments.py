"""Moments as people name them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import formats, timezone

from tms_site.lib.moments import absolute_time, beginning_of, first_moment, moment_after, parse_span

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "span"),
    [("7d", 7), ("2w", 14), ("3M", 90), ("1m", 30)],
)
def test_a_span_is_a_number_and_a_unit(text, span):
    assert parse_span(text) == timedelta(days=span)
    assert first_moment(text, now=NOW) == NOW - timedelta(days=span)


@pytest.mark.parametrize("text", ["", "0d", "7", "d", "-7d", "7 d", "99999d", "7y", "\u0667d", "7d7d"])
def test_what_is_no_span_means_nothing(text):
    assert parse_span(text) is None


def test_a_day_begins_and_ends_in_the_visitors_zone():
    with timezone.override("Europe/Vienna"):
        assert first_moment("2026-03-10") == datetime(2026, 3, 9, 23, tzinfo=UTC)
        assert moment_after("2026-03-10") == datetime(2026, 3, 10, 23, tzinfo=UTC)


def test_a_minute_of_utc_means_the_same_in_every_zone():
    with timezone.override("Asia/Tokyo"):
        assert first_moment("2026-03-09T23:00Z") == datetime(2026, 3, 9, 23, tzinfo=UTC)
        assert first_moment("2026-03-09T25:00Z") is None
        assert moment_after("2026-03-09T23:00Z") is None


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "2026-03-10"),
        ("Africa/Abidjan", "2026-03-10"),
        ("Asia/Tokyo", "2026-03-10T00:00Z"),
        ("America/Los_Angeles", "2026-03-10T00:00Z"),
    ],
)
def test_a_link_names_the_beginning_of_a_day_so_that_it_means_that_of_the_setting(settings, zone, text):
    settings.TIME_ZONE = "UTC"
    with timezone.override(zone):
        assert beginning_of(date(2026, 3, 10)) == text
        assert first_moment(text) == datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-02-30", "1.3.2026", "2026-03-10T12:00", "0001-01-01", "9999-12-31", "now", "7"])
def test_what_is_no_day_means_nothing(text):
    assert first_moment(text) is None
    assert moment_after(text) is None


def test_a_span_is_no_last_day():
    assert moment_after("7d") is None


def test_a_moment_is_written_alike_by_pages_and_admin():
    assert absolute_time(NOW) == "Tue 10 Mar 2026, 12:00 UTC"
    assert formats.localize(NOW) == "Tue 10 Mar 2026, 12:00 UTC"
