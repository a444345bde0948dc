"""The table of the access matrix: each address with everybody's answer to a look and to a form.

A module for each area. The order of the answers is that of `house.PEOPLE`:

    anonymous  owner  stranger  agent  other_agent  sysadmin  deactivated

`owner` asked for the ticket and wrote the comment, `agent` works on it, `deactivated` was an agent with an open
session. `login` means: sent to the log-in page and back afterwards; `302` means: sent elsewhere.
"""

from tms_site.tests.matrix import accounts, activity, site, tickets
from tms_site.tests.matrix.row import Row

TABLE: dict[str, Row] = {**site.ROWS, **tickets.ROWS, **activity.ROWS, **accounts.ROWS}
