"""Exports are limited for each person (docs/security.md, row 14)."""

import pytest
from django.urls import reverse

from activity.models import ActivityLog
from tickets.factories import TicketFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
EXPORTS = ["tickets:export", "activity:export"]


def taken():
    return ActivityLog.objects.filter(activity_type="export").count()


def test_the_eleventh_export_in_a_minute_is_too_many(client_for, sysadmin, agent):
    client = client_for(sysadmin)
    for number in range(10):
        assert client.get(reverse(EXPORTS[number % 2])).status_code == 200
    for name in EXPORTS:
        answer = client.get(reverse(name))
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
        page = answer.content.decode()
        assert "Wait a minute, then try again." in page
        assert "password" not in page
    assert taken() == 10
    assert client_for(agent).get(reverse("tickets:export")).status_code == 200


def test_who_may_not_export_hears_that_instead(client_for, agent):
    client = client_for(agent)
    assert {client.get(reverse("activity:export")).status_code for _time in range(11)} == {403}


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose"])
def test_a_browser_that_fetches_ahead_gets_nothing_and_it_does_not_count(client_for, sysadmin, name, header):
    client = client_for(sysadmin)
    for _time in range(11):
        answer = client.get(reverse(name), headers={header: "prefetch;prerender"})
        assert (answer.status_code, answer.content) == (204, b"")
    assert taken() == 0
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.urls("tms_site.tests.slow")
@pytest.mark.parametrize(
    ("path", "advice", "back"),
    [
        ("/slow/tickets.csv?status=open", "search for a rarer word", "/tickets/?status=open"),
        ("/slow/activity.csv?activity_type=login", "a shorter time", "/activity/?activity_type=login"),
    ],
)
def test_an_export_that_takes_long_to_begin_says_how_to_narrow_it(client_for, sysadmin, settings, path, advice, back):
    settings.LIST_TIME_LIMIT = 0.05
    TicketFactory()
    answer = client_for(sysadmin).get(path)
    assert (answer.status_code, answer.streaming) == (200, False)
    assert "Content-Disposition" not in answer
    page = answer.content.decode()
    assert "This file takes too long" in page
    assert advice in page
    assert f'href="{back}"' in page
    assert taken() == 0


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_that_has_begun_takes_its_time(client_for, sysadmin, settings, name):
    TicketFactory()
    answer = client_for(sysadmin).get(reverse(name))
    settings.LIST_TIME_LIMIT = 0
    assert b"".join(answer.streaming_content).count(b"\r\n") > 1
    assert taken() == 1
