"""A file comes by itself: to whom it's open, and what comes twice at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.actors import SYSTEM
from tickets import policies, services
from tickets.attachments.models import Attachment
from tickets.factories import CommentFactory, TicketFactory, upload
from tickets.merging.services import merge_tickets
from tickets.models import Ticket
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.rivals import rival

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def attach(actor, ticket, **values):
    return services.add_attachment(actor=actor, ticket_id=ticket.pk, attachments=[upload()], **values)


def test_only_people_attach_files(ticket, stored):
    with pytest.raises(ValidationError, match="Only people attach files"):
        attach(SYSTEM, ticket)
    assert stored() == 0


def test_who_may_edit_a_text_attaches_to_it(ticket, requester, other_requester, agent, sysadmin):
    comment = CommentFactory(ticket=ticket, commented_by=agent)
    for actor, to_ticket, to_comment in (
        (requester, True, False), (other_requester, False, False), (agent, True, True), (sysadmin, True, True)
    ):  # fmt: skip
        assert bool(policies.can_attach(actor, ticket)) is to_ticket
        assert bool(policies.can_attach(actor, ticket, comment)) is to_comment
    with pytest.raises(PermissionDeniedError):
        attach(requester, ticket, comment_id=comment.pk)
    with pytest.raises(Ticket.DoesNotExist):
        attach(other_requester, ticket)
    assert not Attachment.objects.exists()


def test_a_ticket_that_was_merged_takes_no_files(ticket, requester, agent):
    target = TicketFactory(requester=requester)
    merge_tickets(actor=agent, target_id=target.pk, source_ids=[ticket.pk])
    with pytest.raises(PermissionDeniedError):
        attach(requester, ticket)
    assert attach(requester, target).created


def test_a_file_on_a_note_does_not_make_its_ticket_newer(ticket, agent):
    note = CommentFactory(ticket=ticket, commented_by=agent, is_internal=True)
    before = Ticket.objects.get().updated_at
    attach(agent, ticket, comment_id=note.pk)
    assert Ticket.objects.get().updated_at == before
    attach(agent, ticket)
    assert Ticket.objects.get().updated_at > before


def test_one_submission_that_comes_to_two_tickets_at_once_is_one_file(ticket, requester, stored):
    other = TicketFactory(requester=requester)
    # The second savepoint stands before the row: right then, the other one commits.
    with rival(lambda: attach(requester, other, client_token="t"), before="SAVEPOINT", passing=1):
        result = attach(requester, ticket, client_token="t")
    assert not result.created
    assert (result.attachment, result.attachment.ticket) == (Attachment.objects.get(), other)
    assert stored() == 1


def test_a_file_that_the_database_refuses_for_another_reason_is_an_error(ticket, requester):
    def vanishing():
        attach(requester, ticket, client_token="t")

    overtaken = rival(vanishing, before='INSERT INTO "tickets_attachment"')
    with overtaken, pytest.raises(IntegrityError):
        attach(requester, ticket, client_token="t")
    assert not Attachment.objects.exists()
