"""A call of each service, for the test whose n-th write fails. A module for each area.

SERVICES change something and tell the log; TELLERS only tell the log: the entry is all that they write.
"""

from tms_site.tests.faults import log, people, tickets, trash
from tms_site.tests.faults.case import Prepare

SERVICES: list[Prepare] = [*tickets.SERVICES, *trash.SERVICES, *people.SERVICES, *log.SERVICES]
TELLERS: list[Prepare] = [*tickets.TELLERS, *trash.TELLERS, *people.TELLERS, *log.TELLERS]
