"""The table of the access matrix: each address with everybody's answer to a look and to a form.

A module for each area, found by itself. The order of the answers is that of `house.PEOPLE`:

    anonymous  owner  stranger  agent  other_agent  sysadmin  deactivated

`owner` asked for the ticket and wrote the comment, `agent` works on it, `deactivated` was an agent with an open
session. `login` means: sent to the log-in page and back afterwards; `302` means: sent elsewhere.
"""

from tms_site.tests.areas import areas
from tms_site.tests.matrix.row import Row

TABLE: dict[str, Row] = {name: row for area in areas(__name__) for name, row in getattr(area, "ROWS", {}).items()}
