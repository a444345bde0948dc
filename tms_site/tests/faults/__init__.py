"""A call of each service, for the test whose n-th write fails. A module for each area, found by itself.

SERVICES change something and tell the log; TELLERS only tell the log: the entry is all that they write.
"""

from tms_site.tests.areas import areas
from tms_site.tests.faults.case import Prepare

SERVICES: list[Prepare] = [case for area in areas(__name__) for case in getattr(area, "SERVICES", [])]
TELLERS: list[Prepare] = [case for area in areas(__name__) for case in getattr(area, "TELLERS", [])]
