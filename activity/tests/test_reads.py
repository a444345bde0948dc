"""Views are written at most once in 15 minutes for the same person and target."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activity.enums import TargetType
from activity.factories import EntryFactory
from activity.models import ActivityLog
from activity.services import Target, record_read
from tickets.factories import TicketFactory
from tickets.services import note_listed, note_viewed

pytestmark = pytest.mark.django_db


def reads():
    return ActivityLog.objects.filter(activity_type="read")


def viewed(user, ticket, minutes_ago):
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    return EntryFactory(user=user, target_type="ticket", target_id=ticket.pk, activity_date=moment)


def test_opening_a_ticket_twice_is_told_once(client_for, requester):
    ticket = TicketFactory(requester=requester)
    client = client_for(requester)
    client.get(f"/tickets/{ticket.pk}/")
    client.get(f"/tickets/{ticket.pk}/")
    entry = reads().get()
    assert (entry.user, entry.target_type, entry.target_id, entry.ticket_id) == (
        requester,
        "ticket",
        ticket.pk,
        ticket.pk,
    )
    assert entry.details == f"Viewed ticket #{ticket.pk}."


def test_the_lists_are_told_once(client_for, agent):
    client = client_for(agent)
    client.get("/tickets/")
    client.get("/tickets/assigned/")
    entry = reads().get()
    assert (entry.user, entry.target_type, entry.target_id) == (agent, "tickets", None)


def test_a_ticket_that_one_may_not_see_is_not_told(client_for, other_requester):
    ticket = TicketFactory()
    client_for(other_requester).get(f"/tickets/{ticket.pk}/")
    assert not reads().exists()


def test_a_view_within_15_minutes_of_the_last_is_not_told(agent):
    ticket = TicketFactory()
    viewed(agent, ticket, minutes_ago=14)
    note_viewed(actor=agent, ticket=ticket)
    assert reads().count() == 1


def test_a_view_after_15_minutes_is_told_again(agent):
    ticket = TicketFactory()
    viewed(agent, ticket, minutes_ago=15)
    note_viewed(actor=agent, ticket=ticket)
    assert reads().count() == 2


def test_another_person_and_another_ticket_are_told_by_themselves(agent, other_agent):
    ticket, other = TicketFactory.create_batch(2)
    for actor, target in ((agent, ticket), (agent, other), (other_agent, ticket)):
        note_viewed(actor=actor, ticket=target)
    note_listed(actor=agent)
    assert reads().count() == 4


def test_two_views_at_the_same_moment_are_one_entry(agent):
    moment = timezone.now()
    interval = int(moment.timestamp() // 900)
    EntryFactory(
        user=agent,
        target_type="ticket",
        target_id=7,
        activity_date=moment - timedelta(days=1),
        dedupe_key=f"{agent.pk}:ticket:7:{interval}",
    )
    record_read(actor=agent, target=Target(TargetType.TICKET, 7, "#7"), details="Viewed.", at=moment)
    assert reads().count() == 1
