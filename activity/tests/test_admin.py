"""The log in the admin: to read, search and filter, and never to write."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from activity.factories import EntryFactory
from activity.models import ActivityLog
from tms_site.lib import admin as lib_admin

pytestmark = pytest.mark.django_db
ADMIN = "/admin/activity/activitylog/"


@pytest.fixture
def boss(client_for, sysadmin):
    return client_for(sysadmin)


@pytest.fixture
def entry(requester):
    return EntryFactory(user=requester, details="Something special", activity_type="update", ticket_id=77)


def test_the_list_can_be_searched_filtered_and_read_by_date(boss, entry):
    year = entry.activity_date.year
    EntryFactory(details="Another", activity_date=entry.activity_date - timedelta(days=800))
    for query in ("q=special", "q=77", "activity_type=update", "activity_type__exact=update&q=Jane"):
        page = boss.get(f"{ADMIN}?{query}").content.decode()
        assert "Something special" in page
        assert "Another" not in page
    page = boss.get(f"{ADMIN}?activity_date__year={year}").content.decode()
    assert "Something special" in page
    assert "Another" not in page


def test_the_list_leads_to_the_purge(boss):
    assert 'href="/activity/purge/"' in boss.get(ADMIN).content.decode()


def test_an_entry_opens_and_says_whether_it_is_what_tms_wrote(boss, entry):
    page = boss.get(f"{ADMIN}{entry.pk}/change/").content.decode()
    assert "Something special" in page
    assert 'alt="True"' in page
    ActivityLog.objects.update(details="Nothing happened.")
    assert 'alt="False"' in boss.get(f"{ADMIN}{entry.pk}/change/").content.decode()


def test_nobody_adds_changes_or_deletes_entries(boss, entry):
    before = list(ActivityLog.objects.values())
    attempts = {"add/": {}, f"{entry.pk}/change/": {"details": "x"}, f"{entry.pk}/delete/": {"post": "yes"}}
    for path, data in attempts.items():
        assert boss.post(f"{ADMIN}{path}", data).status_code == 403
    boss.post(ADMIN, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert list(ActivityLog.objects.values()) == before


@pytest.mark.parametrize("who", ["requester", "agent"])
def test_others_may_not_open_it(client_for, request, who, entry):
    client = client_for(request.getfixturevalue(who))
    assert client.get(ADMIN).status_code == 403
    assert client.get(f"{ADMIN}{entry.pk}/change/").status_code == 403


def test_a_database_without_time_zones_shows_the_dates_in_utc(boss, sysadmin, entry, monkeypatch):
    User.objects.filter(pk=sysadmin.pk).update(time_zone="Pacific/Auckland")
    monkeypatch.setattr(type(lib_admin.connection.features), "has_zoneinfo_database", False)
    ActivityLog.objects.update(activity_date=datetime(2026, 1, 30, 23, 30, tzinfo=UTC))
    assert "Fri 30 Jan 2026, 23:30 UTC" in boss.get(f"{ADMIN}?activity_date__year=2026").content.decode()
