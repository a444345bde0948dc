"""Services of attached files, and those that take files along."""

from tickets import services as tickets
from tickets.factories import TicketFactory, picture, upload
from tms_site.tests.faults.case import Prepare


def attached(people):
    ticket = TicketFactory()
    say = {"actor": people["agent"], "ticket_id": ticket.pk, "description": "Look"}
    return tickets.add_comment(**say, attachments=[picture()]).comment.attachments.get()


def comment_with_files(people):
    ticket = TicketFactory()
    say = {"actor": people["agent"], "ticket_id": ticket.pk, "description": "Look"}
    return lambda: tickets.add_comment(**say, attachments=[picture(), upload()])


def ticket_with_files(people):
    say = {"actor": people["requester"], "title": "Printer", "description": "Fire"}
    return lambda: tickets.create_ticket(**say, attachments=[picture(), upload()])


def add_attachment(people):
    ticket = TicketFactory()
    say = {"actor": people["agent"], "ticket_id": ticket.pk}
    return lambda: tickets.add_attachment(**say, attachments=[picture()])


def remove_attachment(people):
    file = attached(people)
    remove = {"actor": people["agent"], "ticket_id": file.ticket_id, "attachment_id": file.pk}
    return lambda: tickets.remove_attachment(**remove)


def note_attachment_opened(people):
    file = attached(people)
    return lambda: tickets.note_attachment_opened(actor=people["sysadmin"], attachment=file)


SERVICES: list[Prepare] = [
    comment_with_files,
    ticket_with_files,
    add_attachment,
    remove_attachment,
]
TELLERS: list[Prepare] = [
    note_attachment_opened,
]
