"""Doing one thing to many tickets, and undoing it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import services as accounts
from activity.models import ActivityLog
from tickets import services
from tickets.bulk.actions import AGENT, DELETE, PRIORITY, STATUS, TAG, TEAM, UNTAG, Action
from tickets.bulk.models import LABEL_MAX, BulkRow, BulkRun, Outcome
from tickets.bulk.services import MOST, forget_old_runs, forget_person, run_bulk, undo_run
from tickets.merging.services import merge_tickets
from tickets.models import Team, Ticket
from tickets.trash.models import TrashedTicket
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.lib.transactions import TryAgain
from tms_site.tests.rivals import rival

pytestmark = pytest.mark.django_db

URGENT = Action(PRIORITY, "urgent")
RESOLVED = Action(STATUS, "resolved")
DONE, UNDONE = Outcome.DONE, Outcome.UNDONE


def state(ticket):
    ticket = Ticket.objects.get(pk=ticket.pk)
    return ticket.status, ticket.priority, ticket.assigned_agent, ticket.team, ticket.tags, ticket.resolution_date


@pytest.mark.parametrize("kind", [AGENT, TEAM, STATUS, PRIORITY, TAG])
def test_each_action_changes_every_ticket_with_a_word_in_the_log_and_is_undone(run, outcomes, agent, tickets, kind):
    values = {AGENT: agent, TEAM: Team.objects.create(name="Printers"), STATUS: "resolved", PRIORITY: "urgent"}
    action = Action(kind, values.get(kind), tags=["ink"])
    before = [state(ticket) for ticket in tickets]
    told = ActivityLog.objects.count()
    done = run(agent, action, tickets)
    assert outcomes(done) == [DONE] * 3
    assert ActivityLog.objects.count() == told + 3
    assert all(state(ticket) != old for ticket, old in zip(tickets, before, strict=True))
    undo_run(actor=agent, run_id=done.pk)
    assert outcomes(done) == [UNDONE] * 3
    assert [state(ticket) for ticket in tickets] == before
    assert ActivityLog.objects.count() == told + 6


def test_tags_come_and_go_and_the_others_stay(run, agent, tickets):
    run(agent, Action(TAG, tags=["ink", "wind"]), tickets)
    run(agent, Action(UNTAG, tags=["INK"]), tickets)
    assert {tuple(state(ticket)[4]) for ticket in tickets} == {("wind",)}


def test_a_tag_in_another_spelling_is_the_same_tag(run, outcomes, agent, tickets):
    run(agent, Action(TAG, tags=["ink"]), tickets)
    assert outcomes(run(agent, Action(TAG, tags=["Ink"]), tickets)) == [Outcome.UNCHANGED] * 3


def test_undoing_a_reopening_brings_the_resolution_date_back(run, agent, tickets):
    run(agent, RESOLVED, tickets)
    before = [state(ticket) for ticket in tickets]
    reopened = run(agent, Action(STATUS, "open"), tickets)
    undo_run(actor=agent, run_id=reopened.pk)
    assert [state(ticket) for ticket in tickets] == before


def test_undoing_a_resolution_lets_a_ticket_wait_again(run, outcomes, agent, tickets):
    for ticket in tickets:
        services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "waiting"})
    done = run(agent, RESOLVED, tickets)
    undo_run(actor=agent, run_id=done.pk)
    assert outcomes(done) == [UNDONE] * 3
    assert {(status, date) for status, *_others, date in map(state, tickets)} == {("waiting", None)}


def test_what_somebody_changed_since_the_preview_is_skipped_and_named(run, outcomes, agent, other_agent, tickets):
    chosen = [(ticket.pk, 1) for ticket in tickets]
    services.update_ticket(actor=other_agent, ticket_id=tickets[1].pk, changes={"title": "The printer burns"})
    done = run(agent, URGENT, tickets, chosen=chosen)
    assert outcomes(done) == [DONE, Outcome.CHANGED_MEANWHILE, DONE]
    assert state(tickets[1])[1] != "urgent"
    assert done.rows.get(number=tickets[1].pk).title == "The printer burns"


def test_what_is_so_already_is_left_alone(run, outcomes, agent, tickets):
    run(agent, URGENT, tickets[:1])
    assert outcomes(run(agent, URGENT, tickets)) == [Outcome.UNCHANGED, DONE, DONE]


def test_a_row_that_is_refused_holds_up_no_other(run, outcomes, agent, tickets):
    merge_tickets(actor=agent, target_id=tickets[0].pk, source_ids=[tickets[1].pk])
    done = run(agent, URGENT, tickets)
    assert outcomes(done) == [DONE, Outcome.REFUSED, DONE]
    assert "merged" in done.rows.get(number=tickets[1].pk).reason


def test_what_is_gone_is_named(run, outcomes, agent, tickets):
    assert outcomes(run(agent, URGENT, tickets[:1], chosen=[(987_654_321, 1)])) == [Outcome.GONE]


def test_the_same_form_twice_is_one_run(run, agent, tickets):
    chosen = [(ticket.pk, 1) for ticket in tickets]
    first = run(agent, URGENT, tickets, chosen=chosen, client_token="same")
    assert run(agent, URGENT, tickets, chosen=chosen, client_token="same") == first
    assert (BulkRun.objects.count(), set(first.rows.values_list("outcome", flat=True))) == (1, {DONE})


def test_a_run_that_was_interrupted_goes_on_where_it_stopped(run, outcomes, agent, tickets):
    chosen = [(ticket.pk, 1) for ticket in tickets]
    run(agent, URGENT, tickets, chosen=chosen[:1], client_token="same")
    assert outcomes(run(agent, URGENT, tickets, chosen=chosen, client_token="same")) == [DONE] * 3


def test_a_form_never_does_two_different_things(run, agent, tickets):
    run(agent, URGENT, tickets[:1], client_token="same")
    with pytest.raises(ServiceError):
        run(agent, RESOLVED, tickets[1:], client_token="same")
    assert state(tickets[1])[0] == "open"


def test_undoing_leaves_what_somebody_changed_since(run, outcomes, agent, other_agent, tickets):
    done = run(agent, URGENT, tickets)
    services.update_ticket(actor=other_agent, ticket_id=tickets[1].pk, changes={"priority": "low"})
    undo_run(actor=agent, run_id=done.pk)
    assert outcomes(done) == [UNDONE, Outcome.NOT_UNDONE, UNDONE]
    assert state(tickets[1])[1] == "low"


def test_undoing_twice_is_undoing_once(run, agent, tickets):
    done = run(agent, URGENT, tickets)
    undo_run(actor=agent, run_id=done.pk)
    told = ActivityLog.objects.count()
    undo_run(actor=agent, run_id=done.pk)
    assert ActivityLog.objects.count() == told


def test_a_form_that_came_twice_at_once_is_tried_again_and_takes_its_turn(run, agent, tickets):
    def send():
        return run(agent, URGENT, tickets, client_token="same")

    # The second savepoint stands before the row of the run: right then, the other one commits.
    with rival(send, before="SAVEPOINT", passing=1), pytest.raises(TryAgain):
        send()
    assert send() == BulkRun.objects.get()


def test_an_old_value_that_may_not_come_back_stays_away_and_says_why(run, outcomes, sysadmin, agent, tickets):
    services.assign_to_me(actor=agent, ticket_id=tickets[0].pk)
    done = run(sysadmin, Action(AGENT, sysadmin), tickets[:2])
    accounts.deactivate_user(actor=sysadmin, user=agent)
    undo_run(actor=sysadmin, run_id=done.pk)
    assert outcomes(done) == [Outcome.REFUSED_UNDO, UNDONE]
    assert "agent" in done.rows.get(number=tickets[0].pk).reason
    assert [state(ticket)[2] for ticket in tickets[:2]] == [sysadmin, None]


def test_who_undoes_twice_at_once_undoes_once(run, outcomes, agent, tickets):
    done = run(agent, URGENT, tickets)
    told = ActivityLog.objects.count()

    def undo():
        undo_run(actor=agent, run_id=done.pk)

    # The rows have been listed, and the first one is about to be locked: right then, the other one undoes them all.
    with rival(undo, before='SELECT "tickets_bulkrow"', passing=1):
        undo()
    assert outcomes(done) == [UNDONE] * 3
    assert ActivityLog.objects.count() == told + 3


def test_a_run_is_undone_by_whoever_did_it(run, agent, sysadmin, tickets):
    done = run(agent, URGENT, tickets)
    with pytest.raises(BulkRun.DoesNotExist):
        undo_run(actor=sysadmin, run_id=done.pk)


def test_sysadmins_delete_into_the_trash_which_is_where_it_is_undone(run, outcomes, sysadmin, tickets):
    done = run(sysadmin, Action(DELETE), tickets)
    assert outcomes(done) == [DONE] * 3
    assert (Ticket.objects.count(), TrashedTicket.objects.count()) == (0, 3)
    with pytest.raises(ServiceError):
        undo_run(actor=sysadmin, run_id=done.pk)


@pytest.mark.parametrize("source_first", [True, False])
def test_what_goes_along_with_a_deleted_ticket_has_a_row_and_is_deleted(
    run, outcomes, sysadmin, agent, tickets, source_first
):
    target, source, other = tickets
    merge_tickets(actor=agent, target_id=target.pk, source_ids=[source.pk, other.pk])
    target.refresh_from_db()
    # Somebody has changed the one meanwhile; it goes along all the same.
    chosen = [(target.pk, target.version), (source.pk, 1)]
    done = run(sysadmin, Action(DELETE), tickets, chosen=chosen[::-1] if source_first else chosen)
    assert not Ticket.objects.exists()
    assert outcomes(done) == [DONE] * 3
    assert {row.title for row in done.rows.all()} == {ticket.title for ticket in tickets}


def test_agents_delete_nothing(run, agent, tickets):
    with pytest.raises(PermissionDeniedError):
        run(agent, Action(DELETE), tickets)
    assert (Ticket.objects.count(), BulkRun.objects.count()) == (3, 0)


@pytest.mark.parametrize("action", [URGENT, Action(DELETE)])
def test_requesters_do_nothing_in_bulk_not_even_to_their_own(run, requester, tickets, action):
    with pytest.raises(PermissionDeniedError):
        run(requester, action, tickets)
    with pytest.raises(PermissionDeniedError):
        undo_run(actor=requester, run_id=1)
    assert not BulkRow.objects.exists()


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_none_and_more_than_a_thousand_are_refused(agent, count):
    with pytest.raises(ValidationError):
        run_bulk(actor=agent, action=URGENT, chosen=[(number, 1) for number in range(count)], client_token="t")
    assert not BulkRun.objects.exists()


def test_results_are_forgotten_after_a_month_and_the_log_is_not(run, agent, tickets):
    now = timezone.now()
    run(agent, URGENT, tickets, at=now - timedelta(days=31))
    recent = run(agent, Action(PRIORITY, "low"), tickets, at=now - timedelta(days=29))
    told = ActivityLog.objects.count()
    assert (forget_old_runs(), forget_old_runs()) == (1, 0)
    assert BulkRun.objects.get() == recent
    assert set(BulkRow.objects.values_list("run", flat=True)) == {recent.pk}
    assert ActivityLog.objects.count() == told


def test_a_run_does_not_name_whom_it_gave_tickets_once_they_are_anonymised(run, agent, other_agent, sysadmin, tickets):
    name = other_agent.username
    before = run(agent, Action(AGENT, other_agent), tickets)
    accounts.change_user(actor=sysadmin, user=other_agent, changes={"username": "A. Johnson"})
    other_agent.refresh_from_db()
    after = run(agent, Action(AGENT, other_agent), tickets)
    others = [run(agent, action, tickets) for action in (Action(AGENT, agent), Action(AGENT), Action(TAG, tags=[name]))]
    labels = [other.label for other in others]
    accounts.anonymise_user(actor=sysadmin, user=other_agent)
    for each in (before, after):
        each.refresh_from_db()
        assert each.label == "Assign to an agent"
    assert [BulkRun.objects.get(pk=other.pk).label for other in others] == labels


def test_a_name_that_was_cut_in_a_label_is_found_too(run, agent, other_agent, sysadmin, tickets):
    done = run(agent, Action(AGENT, other_agent), tickets)
    long = "x" * LABEL_MAX
    BulkRun.objects.filter(pk=done.pk).update(label=f"Assign to an agent: {long}"[:LABEL_MAX])
    forget_person({long})
    done.refresh_from_db()
    assert done.label == "Assign to an agent"
