"""Merging tickets, and undoing it."""

import pytest

from accounts import services as accounts
from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from tickets import services
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.models import Merge
from tickets.merging.services import MERGE_MAX, merge_tickets, undo_merge
from tickets.models import Comment, Ticket
from tickets.trash.models import TrashedTicket
from tickets.trash.services import restore_ticket
from tms_site.lib.errors import SentBefore, ServiceError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db


def merge(actor, target, *sources, **kwargs):
    return merge_tickets(
        actor=actor, target_id=target.pk, source_ids=[source.pk for source in sources], **kwargs
    ).merges


def undo(actor, made):
    return undo_merge(actor=actor, ticket_id=made.target_id, merge_id=made.pk)


def texts(ticket):
    return list(Comment.objects.filter(ticket=ticket).order_by("pk").values_list("description", flat=True))


def test_comments_move_and_the_ticket_counts_as_resolved(agent, target, source):
    first_answer = source.first_response_at
    merge(agent, target, source)
    assert texts(target) == ["Please hurry.", "Water.", "A dragon?"]
    assert texts(source) == []
    assert set(Comment.objects.filter(ticket=target).values_list("moved_from", flat=True)) == {None, source.pk}
    assert Comment.objects.get(description="A dragon?").is_internal
    source.refresh_from_db()
    target.refresh_from_db()
    assert (source.status, source.merged_into) == (Status.RESOLVED, target)
    assert source.resolution_date is not None
    assert (source.first_response_at, target.first_response_at) == (None, first_answer)
    assert target.status == Status.OPEN
    assert findings() == []


def test_undoing_it_leaves_everything_as_it_was(agent, target, source, state):
    before = state()
    (made,) = merge(agent, target, source)
    assert undo(agent, made) == source
    assert state() == before
    assert findings() == []


@pytest.mark.parametrize(
    ("before", "after"), [(Status.IN_PROGRESS, Status.OPEN), (Status.WAITING, Status.WAITING)], ids=str
)
def test_an_agent_who_left_meanwhile_does_not_get_an_open_ticket_back(sysadmin, agent, target, source, before, after):
    services.update_ticket(actor=agent, ticket_id=source.pk, changes={"status": before})
    (made,) = merge(sysadmin, target, source)
    accounts.deactivate_user(actor=sysadmin, user=agent)
    undo(sysadmin, made)
    source.refresh_from_db()
    assert (source.status, source.assigned_agent) == (after, None)
    assert findings() == []


def test_an_agent_who_left_meanwhile_stays_the_one_who_resolved_it(sysadmin, agent, target, source):
    services.update_ticket(actor=agent, ticket_id=source.pk, changes={"status": Status.RESOLVED})
    (made,) = merge(sysadmin, target, source)
    accounts.deactivate_user(actor=sysadmin, user=agent)
    undo(sysadmin, made)
    source.refresh_from_db()
    assert (source.status, source.assigned_agent) == (Status.RESOLVED, agent)
    assert findings() == []


def test_again_and_again(agent, target, source, state):
    before = state()
    for _round in range(3):
        (made,) = merge(agent, target, source)
        undo(agent, made)
    assert state() == before
    assert findings() == []
    (made,) = merge(agent, source, target)
    assert findings() == []
    undo(agent, made)
    assert state() == before


def test_what_was_written_after_the_merge_stays_where_it_was_written(agent, target, source):
    (made,) = merge(agent, target, source)
    services.add_comment(actor=agent, ticket_id=target.pk, description="Both at once.")
    undo(agent, made)
    assert texts(target) == ["Please hurry.", "Both at once."]
    assert texts(source) == ["Water.", "A dragon?"]
    assert findings() == []


def test_a_resolved_ticket_keeps_the_date_when_it_was_resolved(agent, target, source):
    services.update_ticket(actor=agent, ticket_id=source.pk, changes={"status": Status.RESOLVED})
    resolved = Ticket.objects.get(pk=source.pk).resolution_date
    (made,) = merge(agent, target, source)
    assert Ticket.objects.get(pk=source.pk).resolution_date == resolved
    undone = undo(agent, made)
    assert (undone.status, undone.resolution_date) == (Status.RESOLVED, resolved)
    assert set(ActivityLog.objects.latest("pk").changes) == {"merged_into"}


def test_several_at_once_and_a_chain_lead_on(agent, target, source, requester):
    third = services.create_ticket(actor=requester, title="Ash", description="All that's left.").ticket
    services.add_comment(actor=requester, ticket_id=third.pk, description="Grey.")
    merge(agent, target, source, third)
    last = services.create_ticket(actor=requester, title="New printer", description="Please.").ticket
    merge(agent, last, target)
    assert texts(last) == ["Please hurry.", "Water.", "A dragon?", "Grey."]
    origins = dict(Comment.objects.values_list("description", "moved_from"))
    assert origins == {"Please hurry.": target.pk, "Water.": source.pk, "A dragon?": source.pk, "Grey.": third.pk}
    assert findings() == []


def test_a_chain_is_undone_from_its_end(agent, target, source, requester, state):
    last = services.create_ticket(actor=requester, title="New printer", description="Please.").ticket
    before = state()
    (first,) = merge(agent, target, source)
    (second,) = merge(agent, last, target)
    with pytest.raises(ServiceError, match=rf"#{target.pk} was merged into #{last.pk} itself. Undo that first"):
        undo(agent, first)
    undo(agent, second)
    undo(agent, first)
    assert state() == before
    assert findings() == []


def test_a_ticket_is_not_merged_into_itself(agent, target, source):
    with pytest.raises(ServiceError, match="into itself"):
        merge(agent, target, target, source)
    with pytest.raises(ServiceError, match="Say which"):
        merge(agent, target)
    with pytest.raises(ServiceError, match="There is no ticket with this number: #987654"):
        merge_tickets(actor=agent, target_id=target.pk, source_ids=[987_654])
    with pytest.raises(Ticket.DoesNotExist):
        merge_tickets(actor=agent, target_id=987_654, source_ids=[source.pk])
    with pytest.raises(ServiceError, match="No more than"):
        merge_tickets(actor=agent, target_id=target.pk, source_ids=range(10_000, 10_001 + MERGE_MAX))
    assert not Merge.objects.exists()


def test_what_was_merged_is_merged(agent, target, source, requester):
    merge(agent, target, source)
    third = services.create_ticket(actor=requester, title="Ash", description="All that's left.").ticket
    already = rf"#{source.pk} was merged into #{target.pk} already"
    with pytest.raises(ServiceError, match=already):
        merge(agent, third, source)
    with pytest.raises(ServiceError, match=already):
        merge(agent, source, third)


def test_tickets_of_different_people_want_a_confirmation(agent, target, foreign):
    with pytest.raises(ServiceError, match="different people"):
        merge(agent, target, foreign)
    assert not Merge.objects.exists()
    merge(agent, target, foreign, of_others=True)
    assert texts(target) == ["Please hurry.", "My secret."]
    assert findings() == []


def test_anothers_requester_counts_as_one_who_did_not_answer(agent, target, foreign):
    """Michael's comment on Jane's ticket isn't by its requester: figures and column agree on that."""
    merge(agent, target, foreign, of_others=True)
    target.refresh_from_db()
    assert target.first_response_at == Comment.objects.get(description="My secret.").creation_date
    assert findings() == []


def test_requesters_neither_merge_nor_undo(requester, agent, target, source, foreign):
    with pytest.raises(PermissionDeniedError):
        merge(requester, target, source)
    (made,) = merge(agent, target, source)
    with pytest.raises(PermissionDeniedError):
        undo(requester, made)
    with pytest.raises(Ticket.DoesNotExist):
        merge(requester, foreign, source)


def test_nobody_undoes_the_merge_of_tickets_that_they_do_not_see(agent, other_requester, target, source, foreign):
    (made,) = merge(agent, target, source)
    with pytest.raises(Ticket.DoesNotExist):
        undo(other_requester, made)
    (made,) = merge(agent, target, foreign, of_others=True)
    with pytest.raises(Ticket.DoesNotExist):
        undo(other_requester, made)
    assert Ticket.objects.filter(merged_into=target).count() == 2


def test_the_same_form_twice_merges_once(agent, target, source):
    first = merge_tickets(actor=agent, target_id=target.pk, source_ids=[source.pk], client_token="abc")
    second = merge_tickets(actor=agent, target_id=target.pk, source_ids=[source.pk], client_token="abc")
    assert (first.created, second.created) == (True, False)
    assert first.merges == second.merges
    assert Merge.objects.count() == 1


def test_the_same_form_again_after_undo_does_not_say_that_it_merged(agent, target, source, state):
    made = merge_tickets(actor=agent, target_id=target.pk, source_ids=[source.pk], client_token="abc").merges[0]
    undo(agent, made)
    before = state()
    with pytest.raises(SentBefore, match=f"merged #{source.pk} into #{target.pk} with this form before, and that was"):
        merge_tickets(actor=agent, target_id=target.pk, source_ids=[source.pk], client_token="abc")
    assert state() == before


def test_the_same_form_again_names_what_is_still_merged_where_only_a_part_was_undone(agent, target, source, foreign):
    form = {"target_id": target.pk, "source_ids": [source.pk, foreign.pk], "of_others": True, "client_token": "abc"}
    first, second = merge_tickets(actor=agent, **form).merges
    undo(agent, first)
    with pytest.raises(ServiceError, match=f"#{second.source_id} was merged into #{target.pk} already"):
        merge_tickets(actor=agent, **form)
    assert set(Ticket.objects.filter(merged_into=target)) == {second.source}


def test_undoing_twice_is_the_same_as_once(agent, target, source, state):
    (made,) = merge(agent, target, source)
    undo(agent, made)
    before = state()
    undo(agent, made)
    assert state() == before


def test_a_comment_that_is_gone_stands_in_the_way(sysadmin, target, source):
    (made,) = merge(sysadmin, target, source)
    water = Comment.objects.get(description="Water.")
    services.delete_comment(actor=sysadmin, ticket_id=target.pk, comment_id=water.pk)
    with pytest.raises(ServiceError, match=rf"1 comment that came from #{source.pk} was deleted since"):
        undo(sysadmin, made)
    assert Ticket.objects.get(pk=source.pk).merged_into == target


def test_one_entry_tells_both_timelines(agent, target, source):
    last = ActivityLog.objects.latest("pk").pk
    (made,) = merge(agent, target, source)
    undo(agent, made)
    entries = list(ActivityLog.objects.filter(pk__gt=last).order_by("pk"))
    assert [(entry.target_type, entry.activity_type) for entry in entries] == [
        (TargetType.TICKET, ActivityType.UPDATE)
    ] * 2
    assert {(entry.ticket_id, entry.other_ticket_id) for entry in entries} == {(source.pk, target.pk)}
    assert f"merged the ticket into #{target.pk}" in entries[0].details
    assert f"undid the merge into #{target.pk}" in entries[1].details


def test_a_merged_ticket_takes_no_comments_and_no_changes(agent, requester, target, source, foreign):
    merge(agent, target, source)
    for actor in (agent, requester):
        with pytest.raises(ServiceError, match=rf"merged into #{target.pk} meanwhile. Your text isn't sent"):
            services.add_comment(actor=actor, ticket_id=source.pk, description="Hello?")
        with pytest.raises(PermissionDeniedError, match="where it goes on"):
            services.update_ticket(actor=actor, ticket_id=source.pk, changes={"title": "New"})
    with pytest.raises(PermissionDeniedError, match="where it goes on"):
        services.update_ticket(actor=agent, ticket_id=source.pk, changes={"status": Status.OPEN})


def test_whose_ticket_went_to_another_person_does_not_learn_its_number(agent, other_requester, target, foreign):
    merge(agent, target, foreign, of_others=True)
    with pytest.raises(ServiceError, match="merged into another one meanwhile"):
        services.add_comment(actor=other_requester, ticket_id=foreign.pk, description="Hello?")


def test_deleting_the_ticket_that_goes_on_takes_the_merged_ones_along(sysadmin, target, source, state):
    merge(sysadmin, target, source)
    before = state()
    services.delete_ticket(actor=sysadmin, ticket_id=target.pk)
    assert not Ticket.objects.exists()
    assert findings() == []
    with pytest.raises(ServiceError, match=rf"Restore #{target.pk} first"):
        restore_ticket(actor=sysadmin, ticket_id=source.pk)
    restore_ticket(actor=sysadmin, ticket_id=target.pk)
    restore_ticket(actor=sysadmin, ticket_id=source.pk)
    assert state() == before
    undo(sysadmin, Merge.objects.get())
    assert findings() == []


def test_a_merged_ticket_without_the_one_that_it_is_part_of_stays_in_the_trash(sysadmin, target, source):
    merge(sysadmin, target, source)
    services.delete_ticket(actor=sysadmin, ticket_id=target.pk)
    TrashedTicket.objects.get(pk=target.pk).delete()
    with pytest.raises(ServiceError, match="gone for good"):
        restore_ticket(actor=sysadmin, ticket_id=source.pk)


@pytest.mark.parametrize("comments", [1, 3, 50])
def test_a_long_conversation_merges_in_the_same_queries(agent, comments, django_assert_max_num_queries):
    target = TicketFactory()
    source = TicketFactory(requester=target.requester, created_by=target.requester)
    CommentFactory.create_batch(comments, ticket=source)
    with django_assert_max_num_queries(40):
        (made,) = merge(agent, target, source)
    with django_assert_max_num_queries(40):
        undo(agent, made)
