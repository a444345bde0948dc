"""A ticket's first response is the earliest reply by somebody else than its requester, whatever happens to comments."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.services import merge_tickets, split_ticket, undo_merge
from tickets.models import Comment, Ticket

pytestmark = pytest.mark.django_db


def slow_answers():
    """The rule once more in plain words, so that nobody changes it unnoticed."""
    return [
        comment
        for comment in Comment.objects.order_by("pk")
        if not comment.is_internal and comment.commented_by != comment.ticket.requester
    ]


def slow_first_responses():
    answers = slow_answers()
    return {
        ticket.pk: min((answer.creation_date for answer in answers if answer.ticket_id == ticket.pk), default=None)
        for ticket in Ticket.objects.all()
    }


def noted():
    return dict(Ticket.objects.values_list("pk", "first_response_at"))


def computed():
    return dict(Ticket.objects.values_list("pk", Comment.objects.first_answers()))


@pytest.fixture
def desk_of_all_kinds(requester, other_requester, agent, other_agent):
    """Comments of everybody on tickets of everybody, the later ones with lower numbers."""
    people, now = (requester, other_requester, agent, other_agent), timezone.now()
    for owner in people:
        ticket = TicketFactory(requester=owner)
        for number, author in enumerate(people):
            for is_internal in (False, True):
                at = now - timedelta(minutes=10 * number + is_internal)
                CommentFactory(ticket=ticket, commented_by=author, is_internal=is_internal, creation_date=at)
    TicketFactory()


def test_which_comments_are_answers_python_and_the_database_agree(desk_of_all_kinds):
    expected = slow_answers()
    assert 0 < len(expected) < Comment.objects.count()
    assert [comment for comment in Comment.objects.order_by("pk") if comment.is_answer] == expected
    assert list(Comment.objects.order_by("pk").answers()) == expected


def test_the_first_answer_is_the_earliest_by_date_not_by_number(desk_of_all_kinds):
    assert computed() == slow_first_responses()
    assert None in computed().values()


def test_the_last_answers_are_answers(desk_of_all_kinds):
    last = Comment.objects.last_answers(Ticket.objects.values_list("pk", flat=True))
    assert {comment.ticket_id: comment for comment in last} == {answer.ticket_id: answer for answer in slow_answers()}


def test_the_noted_first_response_follows_whatever_happens_to_comments(requester, agent, other_agent, sysadmin):
    first, second = TicketFactory(requester=requester), TicketFactory(requester=requester)
    begin = timezone.now() - timedelta(hours=1)

    def write(ticket, author, minutes, **more):
        at = begin + timedelta(minutes=minutes)
        written = services.add_comment(actor=author, ticket_id=ticket.pk, description="Hi", at=at, **more).comment
        assert noted() == slow_first_responses()
        return written

    write(first, requester, 1)
    note = write(first, agent, 2, is_internal=True)
    reply = write(first, other_agent, 9)
    earlier = write(first, agent, 5)
    answer = write(second, agent, 3)
    services.publish_note(actor=agent, ticket_id=first.pk, comment_id=note.pk)
    assert noted() == slow_first_responses() == {first.pk: note.creation_date, second.pk: answer.creation_date}
    for comment in (earlier, note):
        services.delete_comment(actor=sysadmin, ticket_id=first.pk, comment_id=comment.pk)
        assert noted() == slow_first_responses()
    [merge] = merge_tickets(actor=agent, source_ids=[second.pk], target_id=first.pk).merges
    assert noted() == slow_first_responses() == {first.pk: answer.creation_date, second.pk: None}
    undo_merge(actor=agent, ticket_id=first.pk, merge_id=merge.pk)
    assert noted() == slow_first_responses() == {first.pk: reply.creation_date, second.pk: answer.creation_date}
    split_ticket(actor=agent, ticket_id=first.pk, comment_id=reply.pk, title="Another matter", description="See below.")
    assert noted() == slow_first_responses()
    assert noted()[first.pk] is None
