"""Services of merging and splitting."""

from tickets import services as tickets
from tickets.merging import services as merging
from tickets.watching.services import watch
from tms_site.tests.faults.case import Prepare


def ticket_with_talk(people):
    ticket = tickets.create_ticket(actor=people["requester"], title="Printer", description="Fire").ticket
    tickets.add_comment(actor=people["agent"], ticket_id=ticket.pk, description="Water")
    tickets.add_comment(actor=people["agent"], ticket_id=ticket.pk, description="A dragon?", is_internal=True)
    return ticket


def merge_tickets(people):
    target, source = ticket_with_talk(people), ticket_with_talk(people)
    tickets.update_ticket(actor=people["agent"], ticket_id=source.pk, changes={"tags": ["fire"]})
    watch(actor=people["agent"], ticket_id=source.pk)
    return lambda: merging.merge_tickets(
        actor=people["agent"], target_id=target.pk, source_ids=[source.pk], client_token="t"
    )


def undo_merge(people):
    (merge,) = merge_tickets(people)().merges
    return lambda: merging.undo_merge(actor=people["agent"], ticket_id=merge.target_id, merge_id=merge.pk)


def split_ticket(people):
    ticket = ticket_with_talk(people)
    comment = ticket.comments.earliest("pk")
    return lambda: merging.split_ticket(
        actor=people["agent"],
        ticket_id=ticket.pk,
        comment_id=comment.pk,
        title="Dragons",
        description="About those.",
        client_token="t",
    )


SERVICES: list[Prepare] = [
    merge_tickets,
    undo_merge,
    split_ticket,
]
