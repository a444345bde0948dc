"""Several people at once, on whichever engine the suite runs: threads with connections of their own."""

from collections.abc import Callable
from threading import Barrier, Event, Thread
from time import sleep
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.factories import UserFactory
from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from tickets import services, signals
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, SavedView, Ticket, TicketRevision
from tickets.search import rebuild
from tms_site.lib.edits import EditConflict
from tms_site.lib.transactions import write_transaction

pytestmark = pytest.mark.django_db(transaction=True)

WAIT = 60


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each in a thread, and return their results or exceptions in order."""
    barrier, results = Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        try:
            barrier.wait(WAIT)
            results[index] = call()
        except Exception as error:  # noqa: BLE001 - every failure is a result that the test judges
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
        assert not thread.is_alive(), "a thread is stuck"
    return results


def editing(actor, ticket, **changes):
    return lambda: services.update_ticket(actor=actor, ticket_id=ticket.pk, changes=changes, version=1)


def changes_told(ticket):
    return ActivityLog.objects.filter(
        target_type=TargetType.TICKET, target_id=ticket.pk, activity_type=ActivityType.UPDATE
    ).count()


def test_of_two_edits_of_one_field_one_wins_and_the_other_is_asked(agent, other_agent):
    for _round in range(5):
        ticket = TicketFactory(title="Base")
        results = at_once(editing(agent, ticket, title="First"), editing(other_agent, ticket, title="Second"))
        (conflict,) = [result for result in results if isinstance(result, EditConflict)]
        (winner,) = [result for result in results if not isinstance(result, Exception)]
        ticket.refresh_from_db()
        assert ticket.title == winner.ticket.title == conflict.conflicts[0].theirs
        assert ticket.version == 2
        assert changes_told(ticket) == 1


def test_two_edits_of_different_fields_are_both_kept(agent, other_agent):
    for _round in range(5):
        ticket = TicketFactory(title="Base", description="Base")
        results = at_once(
            editing(agent, ticket, title="New", description="Base"),
            editing(other_agent, ticket, title="Base", description="New"),
        )
        assert not [result for result in results if isinstance(result, Exception)]
        ticket.refresh_from_db()
        assert (ticket.title, ticket.description, ticket.version) == ("New", "New", 3)
        assert TicketRevision.objects.filter(ticket=ticket).count() == 2


def test_ten_identical_submissions_at_once_make_one_ticket_and_ten_same_answers(requester):
    def submit():
        return services.create_ticket(actor=requester, title="Once", description="Really", client_token="token")

    results = at_once(*[submit] * 10)
    assert {result.ticket.pk for result in results} == {Ticket.objects.get().pk}
    assert [result.created for result in results].count(True) == 1
    assert ActivityLog.objects.filter(activity_type=ActivityType.CREATE).count() == 1


def test_ten_identical_comments_at_once_make_one_comment_and_ten_same_answers(requester):
    ticket = TicketFactory(requester=requester)

    def submit():
        return services.add_comment(actor=requester, ticket_id=ticket.pk, description="Once", client_token="token")

    results = at_once(*[submit] * 10)
    assert {result.comment.pk for result in results} == {Comment.objects.get().pk}
    assert [result.created for result in results].count(True) == 1


def test_updates_in_opposite_order_never_end_in_a_deadlock_for_people(agent, other_agent):
    first, second = TicketFactory(), TicketFactory()
    rounds = 200

    @write_transaction
    def rename_both(actor, tickets, title):
        for ticket in tickets:
            services.update_ticket(actor=actor, ticket_id=ticket.pk, changes={"title": title})

    def renaming(actor, tickets):
        def run():
            for number in range(rounds):
                rename_both(actor, tickets, f"{actor.pk} {number}")

        return run

    results = at_once(renaming(agent, [first, second]), renaming(other_agent, [second, first]))
    assert results == [None, None]
    for ticket in (first, second):
        ticket.refresh_from_db()
        assert ticket.version == 2 * rounds + 1
        assert changes_told(ticket) == 2 * rounds


def test_two_readers_at_the_same_moment_leave_one_entry(agent):
    ticket = TicketFactory()

    def read():
        signals.ticket_viewed.send(Ticket, ticket=ticket, actor=agent, at=timezone.now())

    assert at_once(*[read] * 4) == [None] * 4
    assert ActivityLog.objects.filter(activity_type=ActivityType.READ).count() == 1


def test_a_ticket_deleted_meanwhile_is_simply_gone_for_the_other(agent):
    sysadmin, ticket = UserFactory(sysadmin=True), TicketFactory()
    deleted, edited = at_once(
        lambda: services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk), editing(agent, ticket, title="Late")
    )
    assert deleted is None
    assert not isinstance(edited, Exception) or isinstance(edited, Ticket.DoesNotExist)
    assert not Ticket.objects.exists()


def one_before_the_other(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Begin the second one when the first one has done everything but commit; return both results or exceptions."""
    done = Event()

    @write_transaction
    def hesitating():
        result = first()
        done.set()
        # Long enough for the other one to get as far as it can.
        sleep(0.5)
        return result

    def following():
        done.wait(WAIT)
        return second()

    return at_once(hesitating, following)


@pytest.mark.parametrize("act", ["edits", "publishes", "deletes"])
def test_who_changes_a_comment_beside_another_leaves_both_in_the_search_index(agent, act):
    sysadmin, ticket = UserFactory(sysadmin=True), TicketFactory()
    first = CommentFactory(ticket=ticket, commented_by=agent, description="Apples")
    second = CommentFactory(ticket=ticket, commented_by=agent, is_internal=act == "publishes")
    other = {"actor": sysadmin, "ticket_id": ticket.pk, "comment_id": second.pk}
    acts = {
        "edits": lambda: services.edit_comment(**other, description="Bananas"),
        "publishes": lambda: services.publish_note(**other),
        "deletes": lambda: services.delete_comment(**other),
    }
    results = one_before_the_other(
        lambda: services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=first.pk, description="Cherries"),
        acts[act],
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert [line for _tickets, lines in rebuild.check() for line in lines] == []


def test_a_view_that_is_kept_twice_at_the_same_moment_is_one_view(agent):
    def keep():
        return services.create_view(actor=agent, name="Mine and urgent", parameters="priority=urgent").pk

    for _round in range(5):
        views = at_once(keep, keep)
        assert SavedView.objects.count() == len(set(views)) == 1
        SavedView.objects.all().delete()
