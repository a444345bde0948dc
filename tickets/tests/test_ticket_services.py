"""Opening, changing, assigning and deleting tickets through the services."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.factories import UserFactory
from tickets import services
from tickets.enums import DESCRIPTION_MAX, TITLE_MAX, Priority, Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Ticket, TicketRevision
from tickets.workflow import WorkflowError
from tms_site.lib.edits import EditConflict
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db

HOSTILE_TITLES = ["", "   ", "\u200b", "x" * (TITLE_MAX + 1), "a\x00b", "a\ud800b", "\u202egnp.exe"]


def create(actor, **fields):
    return services.create_ticket(**{"actor": actor, "title": "Printer", "description": "It burns."} | fields)


def update(actor, ticket, version=None, **changes):
    return services.update_ticket(actor=actor, ticket_id=ticket.pk, changes=changes, version=version)


# --- opening ------------------------------------------------------------------------------------------------------


def test_a_new_ticket_is_open_of_medium_priority_unassigned_and_in_its_first_version(requester):
    ticket = create(requester).ticket
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.assigned_agent, ticket.version) == ("open", "medium", None, 1)
    assert ticket.requester == ticket.created_by == requester
    assert ticket.creation_date == ticket.updated_at
    assert ticket.resolution_date is None


def test_a_title_is_one_line_and_a_description_keeps_its_lines(requester):
    ticket = create(requester, title="  Printer\n on   fire ", description=" a\r\nb\rc \n").ticket
    assert (ticket.title, ticket.description) == ("Printer on fire", "a\nb\nc")


def test_an_agent_opens_a_ticket_on_behalf_of_a_requester_and_assigns_it(agent, requester, other_agent):
    ticket = create(agent, requester=requester, assigned_agent=other_agent).ticket
    assert (ticket.requester, ticket.created_by, ticket.assigned_agent) == (requester, agent, other_agent)


def test_a_requester_opens_no_ticket_on_behalf_of_others_and_assigns_none(requester, other_requester, agent):
    with pytest.raises(PermissionDeniedError):
        create(requester, requester=other_requester)
    with pytest.raises(PermissionDeniedError):
        create(requester, assigned_agent=agent)
    assert not Ticket.objects.exists()


def test_nobody_opens_a_ticket_on_behalf_of_a_deactivated_person(agent, requester):
    requester.is_active = False
    requester.save()
    with pytest.raises(ValidationError) as caught:
        create(agent, requester=requester)
    assert "requester" in caught.value.message_dict


def test_the_system_opens_tickets_only_on_behalf_of_somebody(requester):
    with pytest.raises(ValidationError):
        create(SYSTEM)
    assert create(SYSTEM, requester=requester, client_token="t").ticket.created_by is None


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_an_impossible_title_is_refused(requester, title):
    with pytest.raises(ValidationError) as caught:
        create(requester, title=title)
    assert list(caught.value.message_dict) == ["title"]
    assert not Ticket.objects.exists()


def test_a_title_at_the_limit_and_emoji_are_welcome(requester):
    assert create(requester, title="🔥" * TITLE_MAX).ticket.title == "🔥" * TITLE_MAX


def test_a_description_over_the_limit_is_refused_and_one_at_the_limit_is_not(requester):
    with pytest.raises(ValidationError):
        create(requester, description="x" * (DESCRIPTION_MAX + 1))
    assert create(requester, description="x" * DESCRIPTION_MAX).created


def test_an_unknown_priority_is_refused(requester):
    with pytest.raises(ValidationError) as caught:
        create(requester, priority="apocalyptic")
    assert list(caught.value.message_dict) == ["priority"]


def test_the_same_token_of_the_same_author_gives_the_first_ticket_again(requester):
    first = create(requester, client_token="t1")
    second = create(requester, client_token="t1", title="Something else")
    assert (first.created, second.created) == (True, False)
    assert first.ticket == second.ticket


def test_the_same_token_of_somebody_else_is_a_ticket_of_its_own(requester, other_requester):
    assert create(requester, client_token="t1").ticket != create(other_requester, client_token="t1").ticket


def test_tickets_without_a_token_are_never_taken_for_one_another(requester):
    assert create(requester).ticket != create(requester).ticket


# --- changing -----------------------------------------------------------------------------------------------------


def test_a_change_counts_up_the_version_and_keeps_the_old_values_as_a_revision(agent):
    ticket = TicketFactory(title="Old", priority=Priority.LOW)
    result = update(agent, ticket, title="New", priority=Priority.HIGH)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.priority, ticket.version) == ("New", "high", 2)
    assert ticket.updated_at > ticket.creation_date
    assert result.changes == {"title": ("Old", "New"), "priority": ("low", "high")}
    assert TicketRevision.objects.get().values == {"title": "Old", "priority": "low"}


def test_the_same_values_change_nothing(agent):
    ticket = TicketFactory(title="Same")
    assert update(agent, ticket, title="Same", priority=ticket.priority).changes == {}
    ticket.refresh_from_db()
    assert ticket.version == 1
    assert not TicketRevision.objects.exists()


def test_a_requester_changes_their_own_words_and_priority_but_not_the_status(requester):
    ticket = TicketFactory(requester=requester)
    assert update(requester, ticket, title="Better title", priority=Priority.URGENT).changes
    for forbidden in ({"status": Status.RESOLVED}, {"resolution_date": timezone.now()}, {"assigned_agent": requester}):
        with pytest.raises(PermissionDeniedError):
            update(requester, ticket, **forbidden)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.status, ticket.version) == ("Better title", "open", 2)


def test_a_requester_may_send_back_a_forbidden_field_unchanged(requester):
    ticket = TicketFactory(requester=requester)
    assert update(requester, ticket, status=Status.OPEN, priority=Priority.HIGH).ticket.priority == "high"


def test_a_strangers_ticket_does_not_exist(other_requester):
    with pytest.raises(Ticket.DoesNotExist):
        update(other_requester, TicketFactory(), title="Mine now")


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_an_impossible_title_changes_nothing(agent, title):
    ticket = TicketFactory(title="Kept")
    with pytest.raises(ValidationError):
        update(agent, ticket, title=title, priority=Priority.URGENT)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.version) == ("Kept", 1)


@pytest.mark.parametrize("changes", [{"status": "exploded"}, {"priority": "apocalyptic"}])
def test_unknown_words_are_refused(agent, changes):
    with pytest.raises(ValidationError):
        update(agent, TicketFactory(), **changes)


def test_resolving_sets_the_date_and_reopening_clears_it(agent):
    ticket = TicketFactory()
    assert update(agent, ticket, status=Status.RESOLVED).ticket.resolution_date is not None
    result = update(agent, ticket, status=Status.IN_PROGRESS)
    assert result.ticket.resolution_date is None
    assert set(result.changes) == {"status", "resolution_date"}


def test_a_resolved_ticket_cannot_wait(agent):
    ticket = TicketFactory()
    update(agent, ticket, status=Status.RESOLVED)
    with pytest.raises(WorkflowError):
        update(agent, ticket, status=Status.WAITING)


def test_a_resolution_date_without_resolving_is_refused(agent):
    with pytest.raises(WorkflowError, match="Only a resolved ticket"):
        update(agent, TicketFactory(), resolution_date=timezone.now())


def test_changes_of_different_fields_are_merged(agent, requester):
    ticket = TicketFactory(requester=requester, title="Base", description="Base text", priority=Priority.LOW)
    update(agent, ticket, version=1, title="Theirs", description="Base text", priority=Priority.LOW)
    result = update(requester, ticket, version=1, title="Base", description="Mine", priority=Priority.LOW)
    assert (result.ticket.title, result.ticket.description, result.ticket.version) == ("Theirs", "Mine", 3)


def test_a_change_of_the_same_field_is_a_conflict_that_changes_nothing(agent, other_agent):
    ticket = TicketFactory(title="Base", priority=Priority.LOW)
    update(agent, ticket, version=1, title="Theirs")
    with pytest.raises(EditConflict) as caught:
        update(other_agent, ticket, version=1, title="Mine", priority=Priority.HIGH)
    (conflict,) = caught.value.conflicts
    assert (conflict.base, conflict.theirs, conflict.yours) == ("Base", "Theirs", "Mine")
    assert caught.value.current_version == 2
    ticket.refresh_from_db()
    assert (ticket.title, ticket.priority) == ("Theirs", "low")


def test_the_base_is_known_over_several_versions(agent, other_agent):
    ticket = TicketFactory(title="Base", assigned_agent=agent)
    update(agent, ticket, title="One", assigned_agent=other_agent)
    update(agent, ticket, title="Two", status=Status.RESOLVED)
    update(agent, ticket, status=Status.OPEN)
    with pytest.raises(EditConflict) as caught:
        update(other_agent, ticket, version=1, title="Mine", assigned_agent=None)
    assert {conflict.name: conflict.base for conflict in caught.value.conflicts} == {
        "title": "Base",
        "assigned_agent": agent,
    }


@pytest.mark.parametrize("version", [0, -5, 99])
def test_a_version_that_never_was_makes_every_difference_a_conflict(agent, version):
    ticket = TicketFactory(title="Stored")
    with pytest.raises(EditConflict) as caught:
        update(agent, ticket, version=version, title="Mine")
    assert not caught.value.conflicts[0].base_is_known


def test_a_version_whose_history_is_gone_makes_every_difference_a_conflict(agent):
    ticket = TicketFactory(title="Base")
    update(agent, ticket, title="Theirs")
    TicketRevision.objects.all().delete()
    with pytest.raises(EditConflict):
        update(agent, ticket, version=1, title="Mine")


def test_somebody_who_may_not_change_a_field_learns_that_before_any_conflict(requester, agent):
    ticket = TicketFactory(requester=requester)
    update(agent, ticket, status=Status.WAITING)
    with pytest.raises(PermissionDeniedError):
        update(requester, ticket, version=1, status=Status.RESOLVED)


# --- assigning ----------------------------------------------------------------------------------------------------


def test_agents_take_tickets_and_give_them_back(agent):
    ticket = TicketFactory()
    assert services.assign_to_me(actor=agent, ticket_id=ticket.pk).ticket.assigned_agent == agent
    assert services.unassign(actor=agent, ticket_id=ticket.pk).ticket.assigned_agent is None


def test_a_requester_takes_no_tickets(requester):
    ticket = TicketFactory(requester=requester)
    with pytest.raises(PermissionDeniedError):
        services.assign_to_me(actor=requester, ticket_id=ticket.pk)


def test_only_active_agents_and_sysadmins_can_be_assigned(agent, other_agent, sysadmin, requester):
    ticket = TicketFactory()
    assert update(agent, ticket, assigned_agent=sysadmin).changes
    other_agent.is_active = False
    other_agent.save()
    for nobody in (requester, other_agent):
        with pytest.raises(ValidationError) as caught:
            update(agent, ticket, assigned_agent=nobody)
        assert "assigned_agent" in caught.value.message_dict


def test_a_ticket_of_a_deactivated_agent_can_still_be_edited(agent, other_agent):
    ticket = TicketFactory(assigned_agent=other_agent)
    other_agent.is_active = False
    other_agent.save()
    assert update(agent, ticket, version=1, title="New", assigned_agent=other_agent).ticket.title == "New"


def test_the_unresolved_tickets_of_an_agent_are_handed_over(agent, other_agent):
    unresolved = TicketFactory(assigned_agent=agent)
    resolved = TicketFactory(assigned_agent=agent, status=Status.RESOLVED, resolution_date=timezone.now())
    done = list(services.reassign_tickets(actor=SYSTEM, from_user=agent, to_user=other_agent))
    assert done == [unresolved]
    resolved.refresh_from_db()
    assert resolved.assigned_agent == agent


def test_what_is_not_the_agents_any_more_when_its_turn_comes_is_not_handed_over(agent, other_agent, sysadmin):
    colleague = UserFactory(agent=True)
    first, given_away, resolved, deleted, last = TicketFactory.create_batch(5, assigned_agent=agent)
    run = services.reassign_tickets(actor=SYSTEM, from_user=agent, to_user=other_agent)
    assert next(run) == first
    update(colleague, given_away, assigned_agent=colleague)
    update(agent, resolved, status=Status.RESOLVED)
    services.delete_ticket(actor=sysadmin, ticket_id=deleted.pk)
    assert list(run) == [last]
    agents = dict(Ticket.objects.values_list("pk", "assigned_agent"))
    assert agents == {
        first.pk: other_agent.pk,
        given_away.pk: colleague.pk,
        resolved.pk: agent.pk,
        last.pk: other_agent.pk,
    }


def test_tickets_are_handed_over_to_agents_only(agent, requester):
    TicketFactory(assigned_agent=agent)
    with pytest.raises(ValidationError):
        list(services.reassign_tickets(actor=SYSTEM, from_user=agent, to_user=requester))


@pytest.mark.parametrize("resolved_too", [True, False])
def test_a_leaver_keeps_no_unresolved_ticket_and_resolved_ones_as_history(agent, sysadmin, resolved_too):
    unresolved = TicketFactory(assigned_agent=agent)
    resolved = TicketFactory(assigned_agent=agent, status=Status.RESOLVED, resolution_date=timezone.now())
    count = services.release_tickets(actor=sysadmin, user=agent, resolved_too=resolved_too)
    unresolved.refresh_from_db()
    resolved.refresh_from_db()
    assert count == 1 + resolved_too
    assert unresolved.assigned_agent is None
    assert (resolved.assigned_agent is None) is resolved_too
    assert resolved.resolution_date is not None


# --- deleting -----------------------------------------------------------------------------------------------------


def test_a_sysadmin_deletes_a_ticket_with_its_comments(sysadmin):
    comment = CommentFactory()
    services.delete_ticket(actor=sysadmin, ticket_id=comment.ticket_id)
    assert not Ticket.objects.exists()


def test_agents_and_requesters_delete_no_tickets(agent, requester):
    ticket = TicketFactory(requester=requester)
    for actor in (agent, requester):
        with pytest.raises(PermissionDeniedError):
            services.delete_ticket(actor=actor, ticket_id=ticket.pk)
    assert Ticket.objects.get() == ticket


def test_a_date_given_for_the_past_is_the_date_of_the_change(agent, requester):
    then = timezone.now() - timedelta(days=3)
    ticket = create(requester, at=then).ticket
    later = then + timedelta(days=1)
    result = services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"}, at=later)
    assert (ticket.creation_date, result.ticket.resolution_date) == (then, later)
