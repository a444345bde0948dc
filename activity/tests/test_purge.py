"""Purging: who may, what goes, what stays, and the word that is left of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actors import SYSTEM
from activity import services
from activity.factories import EntryFactory
from activity.integrity import progress
from activity.models import ActivityLog
from activity.services import purge, purge_limit
from tms_site.lib.errors import ServiceError
from tms_site.lib.moments import parse_moment
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PURGE = "/activity/purge/"


def days_ago(days):
    return NOW - timedelta(days=days)


def remaining():
    return set(ActivityLog.objects.exclude(target_type="activity").values_list("details", flat=True))


@pytest.fixture
def log(requester, agent):
    EntryFactory(user=requester, activity_date=days_ago(30), details="Jane, old")
    EntryFactory(user=agent, activity_date=days_ago(20), details="John, old")
    EntryFactory(user=requester, activity_date=days_ago(1), details="Jane, new")


# --- the service -----------------------------------------------------------------------------------------------------


def test_a_purge_removes_what_is_older_and_says_who_purged_what(log, sysadmin):
    before = datetime(2026, 1, 31, 10, tzinfo=UTC)
    EntryFactory(activity_date=before - timedelta(microseconds=1), details="just before")
    EntryFactory(activity_date=before, details="at that moment")
    assert purge(actor=sysadmin, before=before) == 1
    assert remaining() == {"at that moment", "Jane, old", "John, old", "Jane, new"}
    entry = ActivityLog.objects.purges().get()
    assert entry.user == sysadmin
    assert entry.details == "Purged 1 entry from before 2026-01-31 10:00 UTC."
    assert entry.changes == {"entries": [1, 0], "before": before.isoformat(), "user": None}


def test_a_purge_of_one_person_leaves_the_others(log, sysadmin, requester):
    assert purge(actor=sysadmin, before=days_ago(10), user=requester) == 1
    assert remaining() == {"John, old", "Jane, new"}
    entry = ActivityLog.objects.purges().get()
    assert entry.details.startswith("Purged 1 entry of Jane Doe from before ")
    assert entry.changes["user"] == requester.pk


def test_a_purge_goes_through_as_many_batches_as_it_takes(monkeypatch, sysadmin):
    monkeypatch.setattr(services, "PURGE_BATCH", 2)
    EntryFactory.create_batch(5, activity_date=days_ago(9))
    assert purge(actor=sysadmin, before=days_ago(8)) == 5
    assert remaining() == set()


def test_the_word_of_an_earlier_purge_is_never_purged(log, sysadmin):
    purge(actor=sysadmin, before=days_ago(25), at=days_ago(15))
    purge(actor=sysadmin, before=days_ago(2))
    assert ActivityLog.objects.purges().count() == 2


@pytest.mark.parametrize("who", ["requester", "agent"])
def test_only_sysadmins_purge(log, request, who):
    with pytest.raises(PermissionDeniedError):
        purge(actor=request.getfixturevalue(who), before=days_ago(0))
    assert len(remaining()) == 3


def test_before_tomorrow_means_everything_until_now_and_not_what_is_to_come(log, sysadmin):
    EntryFactory(activity_date=NOW + timedelta(minutes=5), details="to come")
    purge(actor=sysadmin, before=NOW + timedelta(hours=20), at=NOW)
    assert remaining() == {"to come"}
    assert ActivityLog.objects.purges().get().changes["before"] == NOW.isoformat()


@pytest.mark.parametrize("today", [date(2026, 10, 25), date(2026, 3, 29)], ids=["25 hours", "23 hours"])
def test_tomorrow_is_tomorrow_however_many_hours_today_has(today):
    with timezone.override("Europe/Berlin"):
        begin, tomorrow, day_after = (parse_moment(str(today + timedelta(days=days))) for days in range(3))
        for now in (begin, begin + timedelta(minutes=30), tomorrow - timedelta(minutes=30)):
            assert purge_limit(tomorrow, now) == now
            with pytest.raises(ServiceError):
                purge_limit(day_after, now)


def test_a_date_far_ahead_is_refused(log, sysadmin):
    with pytest.raises(ServiceError) as refusal:
        purge(actor=sysadmin, before=NOW + timedelta(days=2), at=NOW)
    assert refusal.value.field == "before"
    assert len(remaining()) == 3


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_would_go_before_anything_does(log, client_for, sysadmin, requester):
    client = client_for(sysadmin)
    assert client.get(PURGE).status_code == 200
    response = client.get(PURGE, {"before": days_ago(10).date().isoformat(), "user": requester.email})
    assert response.status_code == 200
    assert (str(response.context["count"]), response.context["person"]) == ("1", requester)
    assert len(remaining()) == 3 + 1  # and the log-in


def test_the_confirmed_form_purges_and_says_so(log, client_for, sysadmin):
    client = client_for(sysadmin)
    response = client.post(PURGE, {"before": days_ago(10).date().isoformat(), "confirm": "on"}, follow=True)
    assert response.redirect_chain == [("/activity/", 302)]
    assert "2 entries are purged." in response.content.decode()
    assert remaining() == {"Jane, new", "Logged in."}
    assert ActivityLog.objects.purges().get().user == sysadmin


def test_without_the_tick_nothing_goes_and_what_was_typed_stays(log, client_for, sysadmin):
    EntryFactory(activity_date=datetime(2026, 1, 1, tzinfo=UTC), details="long ago")
    response = client_for(sysadmin).post(PURGE, {"before": "2026-01-31", "user": ""})
    assert response.status_code == 422
    assert "Tick this box to confirm." in response.content.decode()
    assert 'value="2026-01-31"' in response.content.decode()
    assert "long ago" in remaining()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"before": ""}, "Enter a date such as 2026-03-31."),
        ({"before": "soon"}, "Enter a date such as 2026-03-31."),
        ({"before": "2026-02-30"}, "Enter a date such as 2026-03-31."),
        ({"before": "9999-12-31"}, "Enter a date such as 2026-03-31."),
        ({"before": "2862-01-01"}, "This date is in the future"),
        ({"before": "2026-01-01", "user": "nobody@example.com"}, "Nobody has this e-mail address or number."),
        ({"before": "2026-01-01", "user": "9" * 30}, "Nobody has this e-mail address or number."),
        ({"before": "2026-01-01\x00"}, "Enter a date such as 2026-03-31."),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_bad_input_gets_a_clear_message_and_changes_nothing(log, client_for, sysadmin, data, message, method):
    response = getattr(client_for(sysadmin), method)(PURGE, data | {"confirm": "on"})
    assert response.status_code == 422
    assert message in response.content.decode()
    assert len(remaining()) == 4


def test_a_date_on_the_page_means_the_day_in_the_zone_of_the_visitor(client_for, sysadmin):
    sysadmin.time_zone = "Pacific/Auckland"
    sysadmin.save()
    EntryFactory(activity_date=datetime(2026, 1, 1, tzinfo=UTC))
    response = client_for(sysadmin).get(PURGE, {"before": "2026-01-31"})
    assert response.context["before"] == datetime(2026, 1, 30, 11, tzinfo=UTC)


@pytest.mark.parametrize("who", ["requester", "agent"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_may_not_open_the_page(log, client_for, request, who, method):
    client = client_for(request.getfixturevalue(who))
    response = getattr(client, method)(PURGE, {"before": "2026-01-01", "confirm": "on"})
    assert response.status_code == 403
    assert "Only SysAdmins can see the activity log." in response.content.decode()


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_purges_in_the_systems_name(log, capsys):
    call_command("purge_activity", "--before", days_ago(10).date().isoformat())
    assert "2 entries purged." in capsys.readouterr().out
    assert ActivityLog.objects.purges().get().user_label == SYSTEM.label


def test_the_command_says_how_far_it_is(log, capsys, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 1)
    monkeypatch.setattr(services, "PURGE_BATCH", 1)
    call_command("purge_activity", "--before", days_ago(10).date().isoformat())
    assert capsys.readouterr().out.splitlines() == ["  1 so far", "  2 so far", "2 entries purged."]


def test_the_command_purges_one_persons_entries(log, requester, capsys):
    call_command("purge_activity", "--before", days_ago(10).isoformat(), "--user", "JANE.DOE@example.com")
    assert "1 entry purged." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--before", "soon"], "--before soon: not a date. Give one such as 2026-03-31."),
        (["--before", "2062-01-01"], "--before 2062-01-01: This date is in the future"),
        (["--before", "2026-01-01", "--user", "who@example.com"], "There is no user with the e-mail address who@"),
        ([], "the following arguments are required: --before"),
    ],
)
def test_bad_input_of_the_command_is_one_clear_line(log, arguments, message):
    with pytest.raises(CommandError) as refusal:
        call_command("purge_activity", *arguments)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(remaining()) == 3


def test_where_nothing_would_go_there_is_nothing_to_confirm(client_for, sysadmin, log):
    response = client_for(sysadmin).get(PURGE, {"before": "2001-01-01T00:00"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "nothing to purge" in page
    assert "Purge these entries?" not in page
