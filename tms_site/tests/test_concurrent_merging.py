"""Merges, comments and undoing at the same moment, on whichever engine the suite runs."""

import pytest

from accounts.factories import UserFactory
from tickets import services
from tickets.merging.models import Merge
from tickets.merging.services import MergeResult, merge_tickets, undo_merge
from tickets.models import Comment, Ticket
from tickets.services import CommentResult
from tickets.trash.services import restore_ticket
from tms_site.lib.errors import ServiceError
from tms_site.tests.integrity import findings
from tms_site.tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def talk(requester):
    ticket = services.create_ticket(actor=requester, title="Printer", description="Fire").ticket
    services.add_comment(actor=requester, ticket_id=ticket.pk, description=f"On #{ticket.pk}")
    return ticket


def merging(actor, target, source, **kwargs):
    return lambda: merge_tickets(actor=actor, target_id=target.pk, source_ids=[source.pk], **kwargs)


def test_of_opposite_merges_one_wins_and_no_ticket_is_lost(requester, agent, other_agent):
    for _round in range(ROUNDS):
        one, other = talk(requester), talk(requester)
        results = at_once(merging(agent, one, other), merging(other_agent, other, one))
        (won,) = [result for result in results if isinstance(result, MergeResult)]
        (lost,) = [result for result in results if isinstance(result, ServiceError)]
        assert "already" in str(lost)
        assert Ticket.objects.get(pk=won.target.pk).merged_into is None
        assert Comment.objects.filter(ticket=won.target).count() == 2
    assert findings() == []


def test_a_circle_of_merges_leaves_one_ticket_that_goes_on(requester, agent):
    for _round in range(ROUNDS):
        circle = [talk(requester) for _each in range(3)]
        at_once(*[merging(agent, circle[place], circle[place - 1]) for place in range(3)])
        numbers = [ticket.pk for ticket in circle]
        assert Ticket.objects.filter(pk__in=numbers, merged_into__isnull=True).count() == 1
        assert Comment.objects.filter(ticket__in=numbers).count() == 3
    assert findings() == []


def test_a_comment_during_a_merge_moves_along_or_is_refused(requester, agent):
    for _round in range(ROUNDS):
        target, source = talk(requester), talk(requester)
        merged, commented = at_once(
            merging(agent, target, source),
            lambda ticket=source: services.add_comment(actor=requester, ticket_id=ticket.pk, description="Late"),
        )
        assert isinstance(merged, MergeResult)
        assert isinstance(commented, CommentResult | ServiceError)
        assert not Comment.objects.filter(ticket=source).exists()
        written = Comment.objects.filter(ticket=target, description="Late").count()
        assert written == isinstance(commented, CommentResult)
    assert findings() == []


def test_the_same_form_from_two_tabs_merges_once(requester, agent):
    target, source = talk(requester), talk(requester)
    results = at_once(*[merging(agent, target, source, client_token="abc")] * 4)
    assert [result.created for result in results].count(True) == 1
    assert Merge.objects.count() == 1


def test_an_undo_beside_comments_and_edits_loses_nothing(requester, agent, other_agent):
    for _round in range(ROUNDS):
        target, source = talk(requester), talk(requester)
        comment = Comment.objects.get(ticket=source)
        (made,) = merging(agent, target, source)().merges
        undone, written, edited = at_once(
            lambda number=target.pk, merge=made.pk: undo_merge(actor=agent, ticket_id=number, merge_id=merge),
            lambda number=target.pk: services.add_comment(actor=agent, ticket_id=number, description="On the target"),
            lambda number=target.pk, pk=comment.pk: services.edit_comment(
                actor=requester, ticket_id=number, comment_id=pk, description="Edited"
            ),
        )
        assert isinstance(undone, Ticket)
        assert isinstance(written, CommentResult)
        assert isinstance(edited, Comment | Comment.DoesNotExist)
        assert list(Comment.objects.filter(ticket=source)) == [comment]
        assert Comment.objects.filter(ticket=target).count() == 2
    assert findings() == []


def test_two_undo_at_once(requester, agent, other_agent):
    target, source = talk(requester), talk(requester)
    (made,) = merging(agent, target, source)().merges

    def undo():
        return undo_merge(actor=agent, ticket_id=target.pk, merge_id=made.pk)

    assert [isinstance(result, Ticket) for result in at_once(undo, undo)] == [True, True]
    assert findings() == []


def test_a_deletion_beside_an_edit_of_a_comment_keeps_what_was_saved(requester):
    sysadmin = UserFactory(sysadmin=True)
    for _round in range(ROUNDS):
        ticket = talk(requester)
        comment = Comment.objects.get(ticket=ticket)
        _deleted, edited = at_once(
            lambda number=ticket.pk: services.delete_ticket(actor=sysadmin, ticket_id=number),
            lambda number=ticket.pk, pk=comment.pk: services.edit_comment(
                actor=requester, ticket_id=number, comment_id=pk, description="Edited"
            ),
        )
        restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
        text = Comment.objects.get(pk=comment.pk).description
        assert (text == "Edited") == (not isinstance(edited, Exception))
    assert findings() == []
