"""Tickets are given away at once: they go to different people, and to nobody who leaves, on each engine."""

from threading import Thread

import pytest
from django.db import connection

from accounts import services as accounts
from accounts.factories import UserFactory
from tickets import services
from tickets.bulk.actions import AGENT, Action
from tickets.bulk.services import run_bulk
from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.handing.services import assign_by_load, hand_over
from tickets.leaving.services import Destination, deactivate_agents
from tickets.merging.services import merge_tickets, undo_merge
from tickets.models import Ticket
from tickets.replies.services import add_comment_with_changes
from tickets.sorting import services as shelves
from tickets.trash.services import restore_ticket
from tms_site.tests.rivals import rival
from tms_site.tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)

# Long enough for somebody to leave whom nothing holds.
MEANWHILE = 0.7
WAIT = 60


class Desk:
    """A desk at which `agent` is about to leave, and a ticket that others are about to give them."""

    def __init__(self):
        self.boss, self.agent, self.colleague = (
            UserFactory(sysadmin=True),
            UserFactory(agent=True),
            UserFactory(agent=True),
        )
        self.other_boss = UserFactory(sysadmin=True)
        self.ticket = self.opened()

    def opened(self):
        return services.create_ticket(actor=self.colleague, title="T", description="D").ticket

    def change(self, ticket, **changes):
        services.update_ticket(actor=self.colleague, ticket_id=ticket.pk, changes=changes)


def update(desk):
    return lambda: desk.change(desk.ticket, assigned_agent=desk.agent, status=Status.IN_PROGRESS)


def handing_over(desk):
    return lambda: hand_over(actor=desk.colleague, ticket_id=desk.ticket.pk, team=None, agent=desk.agent)


def macro(desk):
    said = {"actor": desk.colleague, "ticket_id": desk.ticket.pk, "description": "Please look.", "is_internal": True}
    return lambda: add_comment_with_changes(**said, changes={"assigned_agent": desk.agent})


def bulk(desk):
    chosen = [(desk.ticket.pk, desk.ticket.version)]
    return lambda: run_bulk(actor=desk.colleague, action=Action(AGENT, desk.agent), chosen=chosen, client_token="once")


def opening(desk):
    return lambda: services.create_ticket(actor=desk.colleague, title="T", description="D", assigned_agent=desk.agent)


def leaving(desk):
    desk.change(desk.ticket, assigned_agent=desk.colleague)
    return lambda: deactivate_agents(
        actor=desk.boss, users=[desk.colleague], destination=Destination.AGENT, agent=desk.agent
    )


def restoring(desk):
    desk.change(desk.ticket, assigned_agent=desk.agent)
    services.delete_ticket(actor=desk.boss, ticket_id=desk.ticket.pk)
    return lambda: restore_ticket(actor=desk.boss, ticket_id=desk.ticket.pk)


def reopening(desk):
    desk.change(desk.ticket, assigned_agent=desk.agent, status=Status.RESOLVED)
    return lambda: desk.change(desk.ticket, status=Status.IN_PROGRESS)


def undoing(desk):
    desk.change(desk.ticket, assigned_agent=desk.agent, status=Status.IN_PROGRESS)
    target = desk.opened()
    (made,) = merge_tickets(actor=desk.boss, target_id=target.pk, source_ids=[desk.ticket.pk]).merges
    return lambda: undo_merge(actor=desk.boss, ticket_id=target.pk, merge_id=made.pk)


LAST_WORDS = {opening: 'INSERT INTO "tickets_ticket"', restoring: 'INSERT INTO "activity_activitylog"'}
WAYS = [update, handing_over, macro, bulk, opening, leaving, restoring, reopening, undoing]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_who_leaves_at_the_moment_when_they_are_given_a_ticket_does_not_keep_it(way):
    desk = Desk()
    give = way(desk)
    threads = []

    def leave():
        def run():
            accounts.deactivate_user(actor=desk.other_boss, user=desk.agent)
            connection.close()

        threads.append(Thread(target=run))
        threads[0].start()
        threads[0].join(MEANWHILE)

    # The last word about the ticket: by then it's decided whose it will be.
    with rival(leave, before=LAST_WORDS.get(way, 'UPDATE "tickets_ticket"')):
        give()
    threads[0].join(WAIT)
    assert not threads[0].is_alive()
    desk.agent.refresh_from_db()
    assert not desk.agent.is_active
    assert not Ticket.objects.unresolved().assigned_to(desk.agent).exists()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nobody_stumbles_over_who_leaves_at_the_same_moment(way):
    desk = Desk()

    def leave():
        return accounts.deactivate_user(actor=desk.other_boss, user=desk.agent)

    given, left = at_once(way(desk), leave)
    assert not isinstance(left, Exception), left
    # The only thing that may stand in the way is that they have left.
    assert given is None or not isinstance(given, Exception) or "Choose an active agent." in str(given)
    assert not Ticket.objects.unresolved().assigned_to(desk.agent).exists()


def test_tickets_that_are_given_away_at_once_are_spread_over_a_team():
    boss, agents = UserFactory(sysadmin=True), [UserFactory(agent=True) for _each in range(4)]
    # Two teams of the same people: what one gives them the other must know.
    teams = [shelves.create_team(actor=boss, name=name, members=agents) for name in ("First", "Second")]
    tickets = [TicketFactory() for _each in range(8)]

    def give(number):
        ticket, team = tickets[number], teams[number % 2]
        return lambda: assign_by_load(actor=boss, ticket_id=ticket.pk, team=team)

    results = at_once(*map(give, range(8)))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert [Ticket.objects.filter(assigned_agent=agent).count() for agent in agents] == [2, 2, 2, 2]
