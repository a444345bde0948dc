"""Agents who leave."""

from tickets.factories import TicketFactory
from tickets.leaving import services
from tms_site.tests.faults.case import Prepare


def deactivate_agents(people):
    TicketFactory.create_batch(2, assigned_agent=people["agent"])
    return lambda: services.deactivate_agents(
        actor=people["sysadmin"], users=[people["agent"]], destination="agent", agent=people["sysadmin"]
    )


SERVICES: list[Prepare] = [deactivate_agents]
TELLERS: list[Prepare] = []
