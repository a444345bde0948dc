"""The demo organisation: complete, and true to its people. How the command writes it is in test_seed_command.py."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from tickets.enums import Priority, Status
from tickets.models import Comment, Ticket
from tickets.seeding import PEOPLE, STORIES, seed
from tickets.seeding.people import PASSWORD
from tickets.seeding.run import moment
from tms_site.lib.text import clean_block

pytestmark = pytest.mark.django_db

# The table of the specification.
ROLES = {
    "admin@example.com": ("Admin", "sysadmin"),
    "jane.doe@example.com": ("Jane Doe", "requester"),
    "john.smith@example.com": ("John Smith", "agent"),
    "alex.johnson@example.com": ("Alex Johnson", "agent"),
    "emily.white@example.com": ("Emily White", "agent"),
    "michael.brown@example.com": ("Michael Brown", "requester"),
    "sophia.martinez@example.com": ("Sophia Martinez", "requester"),
    "chloe.taylor@example.com": ("Chloe Taylor", "requester"),
    "david.wilson@example.com": ("David Wilson", "requester"),
    "james.anderson@example.com": ("James Anderson", "requester"),
    "isabella.thomas@example.com": ("Isabella Thomas", "requester"),
}


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """Write the demo once for all tests of this file, which only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)


def tickets_of(**filters):
    return Ticket.objects.filter(**filters)


def by(email):
    return User.objects.with_email(email).get()


# --- what is written -------------------------------------------------------------------------------------------------


def test_the_people_are_those_of_the_table_and_log_in_with_the_known_password():
    assert {user.email: (user.username, user.role) for user in User.objects.all()} == ROLES
    assert all(user.is_active and user.check_password(PASSWORD) for user in User.objects.all())


def test_there_are_tickets_of_every_status_and_priority_and_of_every_agent():
    assert Ticket.objects.count() >= 12
    assert set(Ticket.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Ticket.objects.values_list("priority", flat=True)) == set(Priority.values)
    desk = set(User.objects.exclude(role=Role.REQUESTER))
    assert {ticket.assigned_agent for ticket in Ticket.objects.exclude(assigned_agent=None)} == desk
    assert tickets_of(assigned_agent=None).exists()
    assert {ticket.requester for ticket in Ticket.objects.all()} == set(User.objects.filter(role=Role.REQUESTER))


@pytest.mark.parametrize(
    ("email", "words", "side"),
    [
        ("john.smith@example.com", "sync", "assigned_agent"),
        ("alex.johnson@example.com", "locked", "assigned_agent"),
        ("emily.white@example.com", "install", "assigned_agent"),
        ("michael.brown@example.com", "sync", "requester"),
        ("sophia.martinez@example.com", "contact information", "requester"),
        ("chloe.taylor@example.com", "3rd floor", "requester"),
        ("david.wilson@example.com", "password", "requester"),
        ("james.anderson@example.com", "directory", "requester"),
        ("isabella.thomas@example.com", "overheats", "requester"),
    ],
)
def test_everybody_does_what_they_are_known_for(email, words, side):
    assert tickets_of(**{side: by(email)}, title__icontains=words).exists()


def test_admin_resolves_vpn_issues_and_manages_high_priorities():
    admin = by("admin@example.com")
    assert tickets_of(assigned_agent=admin, title__icontains="vpn", status=Status.RESOLVED).count() >= 2
    assert tickets_of(assigned_agent=admin, priority__in=[Priority.HIGH, Priority.URGENT]).count() >= 2


def test_jane_is_the_one_who_opens_most_tickets_and_follows_up():
    jane = by("jane.doe@example.com")
    requesters = Counter(Ticket.objects.values_list("requester", flat=True))
    assert requesters[jane.pk] == max(requesters.values())
    assert Comment.objects.filter(commented_by=jane).count() >= 5


def test_everything_happened_in_the_last_three_weeks_and_nothing_is_still_to_come():
    now = timezone.now()
    for model, column in ((Ticket, "creation_date"), (Ticket, "updated_at"), (Comment, "creation_date")):
        moments = list(model.objects.values_list(column, flat=True))
        assert now - timedelta(days=22) <= min(moments)
        assert max(moments) <= now


def test_the_report_counts_what_was_written(demo):
    assert (demo.users, demo.tickets) == (User.objects.count(), Ticket.objects.count())
    # One comment was deleted again.
    assert demo.comments == Comment.objects.count() + 1
    assert demo.changes > demo.tickets


def test_the_log_tells_everything_in_order_and_fits_the_rows():
    call_command("check_integrity", stdout=StringIO())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_storys_steps_stand_in_their_order_and_its_texts_are_as_they_will_be_stored(story):
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)
    moments = [moment(story.at, now), *(moment(step.at, now) for step in story.steps)]
    assert moments == sorted(moments)
    assert moments[-1] <= now
    assert clean_block(story.text) == story.text
    assert len(story.token) <= 40


def test_no_two_stories_share_a_name():
    assert len({story.slug for story in STORIES}) == len(STORIES)
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)


def test_moments_are_days_or_minutes_ago():
    now = datetime(2026, 3, 31, 12, 30, 15, tzinfo=UTC)
    assert moment("2 09:05", now) == datetime(2026, 3, 29, 9, 5, tzinfo=UTC)
    assert moment("25 min", now) == datetime(2026, 3, 31, 12, 5, 15, tzinfo=UTC)
    with pytest.raises(ValueError, match="not a moment of a story: yesterday"):
        moment("yesterday", now)
