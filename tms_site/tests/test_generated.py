"""What `manage.py generate_tickets` writes is as the services would have written it, and as people do."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Avg, Count, F, Max

from accounts.enums import Role
from accounts.models import User
from activity.models import ActivityLog
from tickets import services
from tickets.enums import Status
from tickets.models import Comment, CommentRevision, Ticket, TicketRevision
from tms_site.generating import words
from tms_site.tests.integrity import findings

UNTIL = date(2026, 3, 1)
END = datetime(2026, 3, 1, tzinfo=UTC)
# One ticket in a thousand has the most comments, and one the first marker word.
ENOUGH = 600


@pytest.fixture(scope="module")
def organisation(written_once):
    """A small organisation."""
    with written_once():
        call_command("generate_tickets", f"--tickets={ENOUGH}", f"--until={UNTIL}", stdout=StringIO())


@pytest.fixture
def generated(organisation, db):
    """The organisation, with which a test may do what it likes."""


# --- as if the services had written it -------------------------------------------------------------------------------


def test_the_integrity_check_finds_nothing(generated):
    assert findings() == []


def test_every_change_and_every_comment_has_its_entry(generated):
    changes = ActivityLog.objects.filter(target_type="ticket", activity_type="update")
    assert changes.count() == TicketRevision.objects.count() > 0
    assert ActivityLog.objects.filter(target_type="comment", activity_type="create").count() == Comment.objects.count()
    assert CommentRevision.objects.count() == Comment.objects.filter(version=2).count() > 0


def test_the_log_is_numbered_in_the_order_of_time(generated):
    dates = list(ActivityLog.objects.order_by("pk").values_list("activity_date", flat=True))
    assert dates == sorted(dates)
    assert [*Comment.objects.order_by("pk").values_list("creation_date", flat=True)] == sorted(
        Comment.objects.values_list("creation_date", flat=True)
    )


def test_some_answers_are_notes_that_only_the_desk_sees(generated):
    notes = Comment.objects.filter(is_internal=True)
    assert 0 < notes.count() < 0.15 * Comment.objects.count()
    assert not notes.filter(commented_by__role=Role.REQUESTER).exists()
    assert ActivityLog.objects.filter(details__startswith="Wrote an internal note").count() == notes.count()


def test_people_can_go_on_with_what_was_generated(generated, sysadmin):
    ticket = Ticket.objects.filter(status=Status.OPEN).first()
    services.update_ticket(actor=sysadmin, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    services.add_comment(actor=sysadmin, ticket_id=ticket.pk, description="Done.")
    assert findings() == []


def test_nobody_can_log_in_as_a_generated_person(generated):
    assert not any(user.has_usable_password() for user in User.objects.all())


# --- realistic -------------------------------------------------------------------------------------------------------


def test_six_in_ten_are_resolved_and_two_comments_are_usual(generated):
    resolved = Ticket.objects.filter(status=Status.RESOLVED).count() / ENOUGH
    assert resolved == pytest.approx(0.6, abs=0.05)
    counts = Ticket.objects.annotate(number=Count("comments")).aggregate(usual=Avg("number"), most=Max("number"))
    assert counts["usual"] == pytest.approx(2, abs=0.3)
    assert counts["most"] == 40


def test_statuses_and_priorities_are_unevenly_spread(generated):
    for field, least in (("status", 4), ("priority", 4)):
        counts = Counter(Ticket.objects.values_list(field, flat=True))
        assert len(counts) == least
        assert max(counts.values()) > 3 * min(counts.values())


def test_everything_happens_in_three_years_before_the_day_that_was_given(generated):
    first, last = (Ticket.objects.order_by(order).first().creation_date for order in ("pk", "-pk"))
    assert END - timedelta(days=3 * 365) <= first < last < END
    assert END - last < timedelta(days=30)
    assert not ActivityLog.objects.filter(activity_date__gte=END).exists()
    assert not Ticket.objects.filter(updated_at__gte=END).exists()
    assert not Ticket.objects.filter(resolution_date__lt=F("creation_date")).exists()


def test_people_work_on_working_days(generated):
    weekend = Ticket.objects.filter(creation_date__week_day__in=(1, 7)).count()
    night = Ticket.objects.filter(creation_date__hour__lt=6).count()
    assert weekend + night < 0.1 * ENOUGH


def test_one_ticket_in_a_thousand_says_the_marker_word(generated):
    texts = [
        *Ticket.objects.values_list("description", flat=True),
        *Comment.objects.values_list("description", flat=True),
    ]
    assert sum(words.ZIRKON in text.lower() for text in texts) == 1
    assert not any(words.QUETZAL in text.lower() for text in texts)
    assert [words.marker_of(number) for number in (250, 1250, 50_000, 150_000)] == [
        words.ZIRKON,
        words.ZIRKON,
        words.QUETZAL,
        words.QUETZAL,
    ]


def test_words_follow_zipf(generated):
    counts = Counter(
        word for text in Ticket.objects.values_list("description", flat=True) for word in text.lower().split()
    )
    first, tenth = counts["the"], sorted(counts.values(), reverse=True)[9]
    assert first / tenth == pytest.approx(10, rel=0.3)
    assert len(counts) > 2_000
