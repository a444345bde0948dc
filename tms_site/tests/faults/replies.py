"""Services of canned replies."""

from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.replies import services as replies
from tms_site.tests.faults.case import Prepare


def kept(people):
    return replies.create_reply(actor=people["agent"], values={"name": "Thanks", "body": "Thank you."})


def create_reply(people):
    return lambda: kept(people)


def change_reply(people):
    reply = kept(people)
    return lambda: replies.change_reply(actor=people["agent"], reply_id=reply.pk, values={"body": "Thanks a lot."})


def delete_reply(people):
    reply = kept(people)
    return lambda: replies.delete_reply(actor=people["agent"], reply_id=reply.pk)


def add_comment_with_changes(people):
    ticket = TicketFactory()
    changes = {"status": Status.RESOLVED, "priority": "high", "assigned_agent": people["agent"]}
    say = {"actor": people["agent"], "ticket_id": ticket.pk, "description": "Done", "changes": changes}
    return lambda: replies.add_comment_with_changes(**say)


SERVICES: list[Prepare] = [create_reply, change_reply, delete_reply, add_comment_with_changes]
