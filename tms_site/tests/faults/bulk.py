"""Services of bulk actions. Each row is a transaction of its own, so there's one."""

from tickets.bulk import services as bulk
from tickets.bulk.actions import STATUS, Action
from tickets.factories import TicketFactory
from tms_site.tests.faults.case import Prepare


def run_bulk(people):
    ticket = TicketFactory()
    return lambda: bulk.run_bulk(
        actor=people["agent"], action=Action(STATUS, "resolved"), chosen=[(ticket.pk, 1)], client_token="t"
    )


def undo_run(people):
    run = run_bulk(people)()
    return lambda: bulk.undo_run(actor=people["agent"], run_id=run.pk)


SERVICES: list[Prepare] = [
    run_bulk,
    undo_run,
]
