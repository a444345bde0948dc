"""Services of tickets, comments and views."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tickets import services as tickets
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tms_site.tests.faults.case import Prepare


def resolved_ticket(**fields):
    return TicketFactory(status=Status.RESOLVED, resolution_date=timezone.now() - timedelta(days=1), **fields)


def create_ticket(people):
    return lambda: tickets.create_ticket(
        actor=people["agent"],
        title="Printer",
        description="Fire",
        requester=people["requester"],
        assigned_agent=people["agent"],
        client_token="t",
    )


def update_ticket(people):
    ticket = TicketFactory()
    changes = {"title": "New", "status": Status.RESOLVED, "assigned_agent": people["agent"]}
    return lambda: tickets.update_ticket(actor=people["agent"], ticket_id=ticket.pk, changes=changes)


def assign_to_me(people):
    ticket = TicketFactory()
    return lambda: tickets.assign_to_me(actor=people["agent"], ticket_id=ticket.pk)


def unassign(people):
    ticket = TicketFactory(assigned_agent=people["agent"])
    return lambda: tickets.unassign(actor=people["agent"], ticket_id=ticket.pk)


def reassign_tickets(people):
    TicketFactory(assigned_agent=people["agent"])
    users = {"from_user": people["agent"], "to_user": people["sysadmin"]}
    return lambda: list(tickets.reassign_tickets(actor=people["sysadmin"], **users))


def note_viewed(people):
    ticket = TicketFactory()
    return lambda: tickets.note_viewed(actor=people["agent"], ticket=ticket)


def note_listed(people):
    return lambda: tickets.note_listed(actor=people["agent"])


def note_exported(people):
    # One write is a transaction by itself; inside a test's own, Django would take that for broken.
    note = transaction.atomic(tickets.note_exported)
    return lambda: note(actor=people["agent"], filters="status=open")


def note_everything_exported(people):
    note = transaction.atomic(tickets.note_everything_exported)
    return lambda: note(actor=people["sysadmin"])


def note_imported(people):
    note = transaction.atomic(tickets.note_imported)
    return lambda: note(actor=people["sysadmin"], source="old", rows="2 tickets")


def release_tickets(people):
    TicketFactory(assigned_agent=people["agent"])
    TicketFactory(assigned_agent=people["agent"])
    return lambda: tickets.release_tickets(actor=people["sysadmin"], user=people["agent"], resolved_too=True)


def delete_ticket(people):
    comment = CommentFactory()
    return lambda: tickets.delete_ticket(actor=people["sysadmin"], ticket_id=comment.ticket_id)


def add_comment(people):
    ticket = TicketFactory()
    return lambda: tickets.add_comment(actor=people["agent"], ticket_id=ticket.pk, description="Hi", client_token="t")


def comment_that_reopens(people):
    ticket = resolved_ticket(requester=people["requester"])
    return lambda: tickets.add_comment(actor=people["requester"], ticket_id=ticket.pk, description="Again")


def edit_comment(people):
    comment = CommentFactory(commented_by=people["agent"])
    return lambda: tickets.edit_comment(
        actor=people["agent"], ticket_id=comment.ticket_id, comment_id=comment.pk, description="New"
    )


def publish_note(people):
    note = CommentFactory(commented_by=people["agent"], is_internal=True)
    return lambda: tickets.publish_note(actor=people["agent"], ticket_id=note.ticket_id, comment_id=note.pk)


def change_comment(people):
    note = CommentFactory(commented_by=people["agent"], is_internal=True)
    return lambda: tickets.change_comment(
        actor=people["agent"],
        ticket_id=note.ticket_id,
        comment_id=note.pk,
        version=note.version,
        description="New",
        publish=True,
    )


def delete_comment(people):
    comment = CommentFactory()
    return lambda: tickets.delete_comment(actor=people["sysadmin"], ticket_id=comment.ticket_id, comment_id=comment.pk)


def saved_view(people, name="Mine"):
    return tickets.create_view(actor=people["agent"], name=name, parameters="status=open")


def create_view(people):
    return lambda: saved_view(people)


def change_view(people):
    view = saved_view(people)
    return lambda: tickets.change_view(actor=people["agent"], view_id=view.pk, changes={"name": "Ours"})


def move_view(people):
    saved_view(people)
    view = saved_view(people, "Another")
    return lambda: tickets.move_view(actor=people["agent"], view_id=view.pk, up=True)


def set_default_view(people):
    view = saved_view(people)
    return lambda: tickets.set_default_view(actor=people["agent"], view_id=view.pk)


def delete_view(people):
    view = saved_view(people)
    return lambda: tickets.delete_view(actor=people["agent"], view_id=view.pk)


SERVICES: list[Prepare] = [
    create_ticket,
    update_ticket,
    assign_to_me,
    unassign,
    reassign_tickets,
    release_tickets,
    delete_ticket,
    add_comment,
    comment_that_reopens,
    edit_comment,
    publish_note,
    change_comment,
    delete_comment,
    create_view,
    change_view,
    move_view,
    set_default_view,
    delete_view,
]
TELLERS: list[Prepare] = [
    note_viewed,
    note_listed,
    note_exported,
    note_everything_exported,
    note_imported,
]
