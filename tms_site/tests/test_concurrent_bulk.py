"""Bulk actions beside single edits, each other and undoing, on whichever engine the suite runs."""

import pytest

from tickets import services
from tickets.bulk.actions import PRIORITY, STATUS, Action
from tickets.bulk.models import BulkRow, BulkRun, Outcome
from tickets.bulk.services import run_bulk, undo_run
from tickets.models import Ticket
from tms_site.tests.integrity import findings
from tms_site.tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def opened(requester, count=4):
    make = services.create_ticket
    return [make(actor=requester, title="Printer", description="Fire").ticket for _each in range(count)]


def bulk(actor, action, tickets, token):
    chosen = [(ticket.pk, ticket.version) for ticket in tickets]
    return lambda: run_bulk(actor=actor, action=action, chosen=chosen, client_token=token)


def test_a_single_edit_during_a_bulk_action_is_never_lost(requester, agent, other_agent):
    for turn in range(ROUNDS):
        tickets = opened(requester)
        last = tickets[-1].pk
        run, edited = at_once(
            bulk(agent, Action(PRIORITY, "urgent"), tickets, f"t{turn}"),
            lambda number=last: services.update_ticket(
                actor=other_agent, ticket_id=number, changes={"title": "Edited"}
            ),
        )
        assert isinstance(run, BulkRun), run
        assert not isinstance(edited, Exception), edited
        row, ticket = run.rows.get(number=last), Ticket.objects.get(pk=last)
        assert ticket.title == "Edited"
        assert (row.outcome == Outcome.DONE) == (ticket.priority == "urgent")
        assert row.outcome in {Outcome.DONE, Outcome.CHANGED_MEANWHILE}
    assert findings() == []


def test_of_two_bulk_actions_each_ticket_takes_one(requester, agent, other_agent):
    tickets = opened(requester)
    runs = at_once(
        bulk(agent, Action(STATUS, "waiting"), tickets, "a"),
        bulk(other_agent, Action(PRIORITY, "urgent"), tickets[::-1], "b"),
    )
    assert all(isinstance(run, BulkRun) for run in runs), runs
    for ticket in tickets:
        outcomes = sorted(BulkRow.objects.filter(number=ticket.pk).values_list("outcome", flat=True))
        assert outcomes == [Outcome.CHANGED_MEANWHILE, Outcome.DONE]
    assert findings() == []


def test_the_same_form_from_two_tabs_is_one_run(requester, agent):
    tickets = opened(requester)
    runs = at_once(*[bulk(agent, Action(PRIORITY, "urgent"), tickets, "same")] * 3)
    assert len(set(runs)) == 1, runs
    assert set(runs[0].rows.values_list("outcome", flat=True)) == {Outcome.DONE}
    assert runs[0].rows.count() == len(tickets)


def test_undoing_twice_at_once_beside_an_edit_loses_nothing(requester, agent, other_agent):
    tickets = opened(requester)
    run = bulk(agent, Action(PRIORITY, "urgent"), tickets, "u")()
    last = tickets[-1].pk
    results = at_once(
        lambda: undo_run(actor=agent, run_id=run.pk),
        lambda: undo_run(actor=agent, run_id=run.pk),
        lambda: services.update_ticket(actor=other_agent, ticket_id=last, changes={"title": "Edited"}),
    )
    assert not [each for each in results if isinstance(each, Exception)], results
    ticket = Ticket.objects.get(pk=last)
    assert ticket.title == "Edited"
    undone = run.rows.get(number=last).outcome == Outcome.UNDONE
    assert undone == (ticket.priority != "urgent")
    assert run.rows.filter(outcome=Outcome.UNDONE).count() == len(tickets) - (not undone)
    assert findings() == []
