"""Writes docs/permissions.md from the permission table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import override

from accounts.enums import Role
from tms_site.environment import BASE_DIR
from tms_site.lib.commands import OperatorCommand
from tms_site.permission_table import permission_table

PAGE = BASE_DIR / "docs" / "permissions.md"
INTRODUCTION = """\
# Permissions

Who may do what. The table is made from the policies themselves (`accounts/policies.py`, `tickets/policies/`,
`activity/policies.py`): `manage.py write_permissions_doc` writes this page, TMS shows the table at `/permissions/`,
and a test compares the two. "own" means: tickets that one has requested, comments that one has written, one's own
profile.

What one may not see answers 404, exactly like what doesn't exist; what one may see but not do answers 403 with the
reason; visitors who aren't logged in are sent to the log-in page.
"""


def permissions_page() -> str:
    """Return the text of docs/permissions.md."""
    lines = [INTRODUCTION]
    with override("en"):
        for group in permission_table():
            lines += [f"## {group.title}\n", f"| may | {' | '.join(str(role.label) for role in Role)} |"]
            lines += ["| --- " * (1 + len(Role)) + "|"]
            lines += [f"| {row.action} | {' | '.join(str(row.cells[role]) for role in Role)} |" for row in group.rows]
            lines += [""]
    return "\n".join(lines)


class Command(OperatorCommand):
    """Write docs/permissions.md from the policies."""

    help = "Write docs/permissions.md from the policies, as /permissions/ shows them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page and say where."""
        PAGE.write_text(permissions_page())
        self.stdout.write(f"Wrote {Path(PAGE).relative_to(BASE_DIR)}")
