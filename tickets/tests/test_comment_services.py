"""The conversation through the services."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actors import SYSTEM
from tickets import services
from tickets.enums import DESCRIPTION_MAX, Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, CommentRevision, Ticket
from tms_site.lib.edits import EditConflict
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db


def comment_on(actor, ticket, text="Hello", **more):
    return services.add_comment(actor=actor, ticket_id=ticket.pk, description=text, **more)


def edit(actor, comment, text, version=None):
    return services.edit_comment(
        actor=actor, ticket_id=comment.ticket_id, comment_id=comment.pk, description=text, version=version
    )


def resolved_ticket(days_ago=1, **fields):
    date = timezone.now() - timedelta(days=days_ago)
    return TicketFactory(status=Status.RESOLVED, resolution_date=date, **fields)


def test_requester_and_desk_comment(requester, agent, sysadmin):
    ticket = TicketFactory(requester=requester)
    for actor in (requester, agent, sysadmin):
        assert comment_on(actor, ticket).comment.commented_by == actor


def test_a_comment_makes_its_ticket_young_again_but_is_no_change_of_it(agent):
    ticket = TicketFactory()
    before = ticket.updated_at
    comment_on(agent, ticket)
    ticket.refresh_from_db()
    assert ticket.updated_at > before
    assert ticket.version == 1


def test_a_stranger_cannot_comment_on_what_they_cannot_see(other_requester):
    with pytest.raises(Ticket.DoesNotExist):
        comment_on(other_requester, TicketFactory())


def test_the_system_has_nothing_to_say():
    with pytest.raises(ValidationError):
        comment_on(SYSTEM, TicketFactory())


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "x" * (DESCRIPTION_MAX + 1), "a\x00b", "a\udfffb"])
def test_an_impossible_text_is_refused(agent, text):
    with pytest.raises(ValidationError) as caught:
        comment_on(agent, TicketFactory(), text)
    assert list(caught.value.message_dict) == ["description"]
    assert not Comment.objects.exists()


def test_the_same_token_of_the_same_author_gives_the_first_comment_again(agent, other_agent):
    ticket = TicketFactory()
    first = comment_on(agent, ticket, client_token="t")
    again = comment_on(agent, ticket, "Other text", client_token="t")
    assert (first.created, again.created) == (True, False)
    assert first.comment == again.comment
    assert comment_on(other_agent, ticket, client_token="t").created
    assert comment_on(agent, ticket).comment != comment_on(agent, ticket).comment


@pytest.mark.parametrize("assigned", [True, False])
def test_a_requesters_comment_reopens_their_resolved_ticket(requester, agent, assigned):
    ticket = resolved_ticket(requester=requester, assigned_agent=agent if assigned else None)
    assert comment_on(requester, ticket, "Still broken").reopened
    ticket.refresh_from_db()
    assert ticket.status == (Status.IN_PROGRESS if assigned else Status.OPEN)
    assert ticket.resolution_date is None
    assert ticket.version == 2


def test_after_the_days_of_the_setting_a_comment_is_kept_but_reopens_nothing(requester, settings):
    settings.REOPEN_DAYS = 3
    ticket = resolved_ticket(days_ago=4, requester=requester)
    result = comment_on(requester, ticket, "Thanks")
    assert (result.created, result.reopened) == (True, False)
    ticket.refresh_from_db()
    assert ticket.status == Status.RESOLVED


def test_an_agents_comment_reopens_nothing(agent):
    assert not comment_on(agent, resolved_ticket()).reopened


def test_an_edited_comment_says_so_and_keeps_its_old_text_as_a_revision(agent):
    comment = CommentFactory(commented_by=agent, description="Old")
    edited = edit(agent, comment, " New ")
    comment.refresh_from_db()
    assert (comment.description, comment.version) == ("New", 2)
    assert comment.edited_at == edited.edited_at is not None
    assert CommentRevision.objects.get().values == {"description": "Old"}


def test_saving_a_comment_unchanged_is_no_edit(agent):
    comment = edit(agent, CommentFactory(commented_by=agent, description="Same"), "Same\n")
    assert (comment.edited_at, comment.version) == (None, 1)


def test_sysadmins_edit_every_comment_and_others_only_their_own(agent, other_agent, requester, sysadmin):
    comment = CommentFactory(ticket=TicketFactory(requester=requester), commented_by=agent)
    for actor in (other_agent, requester):
        with pytest.raises(PermissionDeniedError):
            edit(actor, comment, "Not mine")
    assert edit(sysadmin, comment, "Moderated").description == "Moderated"


def test_an_impossible_text_changes_no_comment(agent):
    comment = CommentFactory(commented_by=agent)
    with pytest.raises(ValidationError):
        edit(agent, comment, " ")


def test_two_edits_of_one_comment_are_a_conflict(agent, sysadmin):
    comment = CommentFactory(commented_by=agent, description="Base")
    edit(sysadmin, comment, "Theirs", version=1)
    with pytest.raises(EditConflict) as caught:
        edit(agent, comment, "Mine", version=1)
    (conflict,) = caught.value.conflicts
    assert (conflict.base, conflict.theirs, conflict.yours) == ("Base", "Theirs", "Mine")


def test_a_comment_is_found_only_on_its_own_ticket(agent, sysadmin):
    comment, other = CommentFactory(commented_by=agent), TicketFactory()
    with pytest.raises(Comment.DoesNotExist):
        services.edit_comment(actor=agent, ticket_id=other.pk, comment_id=comment.pk, description="Moved")
    with pytest.raises(Comment.DoesNotExist):
        services.delete_comment(actor=sysadmin, ticket_id=other.pk, comment_id=comment.pk)


def test_only_sysadmins_delete_comments(agent, requester, sysadmin):
    comment = CommentFactory(ticket=TicketFactory(requester=requester), commented_by=requester)
    for actor in (agent, requester):
        with pytest.raises(PermissionDeniedError):
            services.delete_comment(actor=actor, ticket_id=comment.ticket_id, comment_id=comment.pk)
    services.delete_comment(actor=sysadmin, ticket_id=comment.ticket_id, comment_id=comment.pk)
    assert not Comment.objects.exists()


def test_a_comment_on_a_ticket_that_is_gone_is_refused(requester):
    with pytest.raises(Ticket.DoesNotExist):
        services.add_comment(actor=requester, ticket_id=2**62, description="Anybody there?")
