"""Services that hand tickets over."""

from tickets.factories import TicketFactory
from tickets.handing import services as handing
from tickets.sorting import services as lists
from tms_site.tests.faults.case import Prepare


def team_of(people):
    return lists.create_team(actor=people["sysadmin"], name="Network", members=[people["agent"]])


def assign_by_load(people):
    ticket, team = TicketFactory(), team_of(people)
    return lambda: handing.assign_by_load(actor=people["agent"], ticket_id=ticket.pk, team=team)


def hand_over(people):
    ticket, team = TicketFactory(), team_of(people)
    return lambda: handing.hand_over(
        actor=people["agent"], ticket_id=ticket.pk, team=team, agent=None, by_load=True, note="Ask Jane."
    )


SERVICES: list[Prepare] = [assign_by_load, hand_over]
