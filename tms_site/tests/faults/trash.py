"""Services of the trash."""

from tickets import services as tickets
from tickets.factories import CommentFactory
from tickets.trash import services as trash
from tms_site.tests.faults.case import Prepare


def trashed_ticket(people):
    comment = CommentFactory()
    tickets.delete_ticket(actor=people["sysadmin"], ticket_id=comment.ticket_id)
    return comment.ticket_id


def restore_ticket(people):
    number = trashed_ticket(people)
    return lambda: trash.restore_ticket(actor=people["sysadmin"], ticket_id=number)


def remove_for_good(people):
    number = trashed_ticket(people)
    return lambda: trash.remove_for_good(actor=people["sysadmin"], ticket_id=number)


def empty_trash(people):
    trashed_ticket(people)
    return lambda: list(trash.empty_trash(actor=people["sysadmin"], days=0))


SERVICES: list[Prepare] = [
    restore_ticket,
    remove_for_good,
    empty_trash,
]
TELLERS: list[Prepare] = []
