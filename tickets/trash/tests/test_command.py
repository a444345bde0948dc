"""`manage.py empty_trash`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from activity.models import ActivityLog
from tickets import services
from tickets.factories import TicketFactory
from tickets.trash.models import TrashedPerson, TrashedRow, TrashedTicket

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("empty_trash", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def gone(sysadmin):
    """One ticket deleted 31 days ago, one 29 days ago."""
    now = timezone.now()
    for days in (31, 29):
        services.delete_ticket(actor=sysadmin, ticket_id=TicketFactory().pk, at=now - timedelta(days=days))
    return list(TrashedTicket.objects.order_by("pk"))


def test_what_is_older_than_the_setting_goes_for_good(gone):
    assert "1 ticket removed for good, 1 left in the trash." in run()
    assert TrashedTicket.objects.get() == gone[1]
    assert {row.ticket_id for row in TrashedRow.objects.all()} == {gone[1].pk}
    assert {person.ticket_id for person in TrashedPerson.objects.all()} == {gone[1].pk}
    entry = ActivityLog.objects.latest("pk")
    assert (entry.user_label, entry.ticket_id) == ("System", gone[0].pk)
    assert "from the trash for good" in entry.details


def test_a_second_run_has_nothing_to_do(gone):
    run()
    assert "0 tickets removed for good, 1 left in the trash." in run()


def test_everything_goes_when_one_says_so(gone):
    assert "2 tickets removed for good, 0 left in the trash." in run("--days", "0")


@pytest.mark.parametrize("days", ["-1", "1000000"])
def test_an_impossible_number_of_days_is_one_clear_line(gone, days):
    with pytest.raises(CommandError, match=rf"\A--days {days}: give a number of days"):
        run("--days", days)
    assert TrashedTicket.objects.count() == 2


def test_a_long_run_says_how_far_it_is(monkeypatch, gone):
    monkeypatch.setattr("tickets.management.commands.empty_trash.EVERY", 1)
    assert f"  2 removed, up to #{gone[1].pk}" in run("--days", "0")
