"""A timeline costs what it shows: what MariaDB really reads of a ticket with thousands of entries of every kind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from activity.models import ActivityLog
from activity.timeline import PAGE, Asked, part_of
from activity.timeline.sources import offered
from tickets.factories import TicketFactory
from tickets.models import Comment

pytestmark = [pytest.mark.mysql, pytest.mark.django_db(transaction=True)]
MANY = 3000
BEGIN = timezone.now() - timedelta(days=300)
# The places of two pages' worth of each kind, written down, read again and sorted, and the page itself: 800 reads. A
# scan of any of the tables takes 3,000 more.
MOST_READS = 18 * PAGE


@pytest.fixture
def busy_ticket(requester):
    ticket = TicketFactory(requester=requester)

    def entries(number):
        at = BEGIN + timedelta(minutes=number)
        about = {"ticket_id": ticket.pk, "activity_date": at, "changes": {"priority": ["low", "high"]}}
        yield ActivityLog(activity_type="read", target_type="ticket", target_id=ticket.pk, **about)
        yield ActivityLog(activity_type="create", target_type="comment", target_id=number, **about)
        yield ActivityLog(activity_type="update", target_type="ticket", target_id=ticket.pk, in_timeline=True, **about)

    # At first replies alone, at last notes alone.
    Comment.objects.bulk_create(
        Comment(
            ticket=ticket,
            commented_by=requester,
            description="x",
            is_internal=number > MANY // 2,
            creation_date=BEGIN + timedelta(minutes=number),
        )
        for number in range(MANY)
    )
    ActivityLog.objects.bulk_create(entry for number in range(MANY) for entry in entries(number))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE TABLE tickets_comment, activity_activitylog")
        cursor.fetchall()
    return ticket


def reads_of(ticket, actor, asked):
    with connection.cursor() as cursor:
        cursor.execute("FLUSH STATUS")
        part = part_of(ticket, actor, asked)
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
        return sum(int(value) for _name, value in cursor.fetchall()), part


def test_no_part_reads_more_than_it_shows_and_says(busy_ticket, agent, requester):
    middle = Comment.objects.filter(is_internal=False).order_by("pk")[MANY // 4]
    expensive = {}
    for actor in (agent, requester):
        places = [Asked(show=show) for show in offered(actor, busy_ticket)] + [Asked(at=f"comment-{middle.pk}")]
        for asked in places:
            reads, part = reads_of(busy_ticket, actor, asked)
            assert len(part.events) == PAGE
            again, _part = reads_of(busy_ticket, actor, Asked(show=asked.show, before=part.earlier))
            if max(reads, again) > MOST_READS:
                expensive[actor.username, asked] = reads, again
    assert expensive == {}
