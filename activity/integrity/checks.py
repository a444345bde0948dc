"""All checks, one after another."""

from __future__ import annotations

from collections.abc import Iterator

from activity.integrity.agents import check_agents
from activity.integrity.attachments import check_attachments
from activity.integrity.database import check_database
from activity.integrity.figures import check_figures
from activity.integrity.log import check_log
from activity.integrity.progress import Progress
from activity.integrity.ratings import check_ratings
from activity.integrity.rows import check_comments, check_tickets
from activity.integrity.search import check_search


def check_all(progress: Progress) -> Iterator[str]:
    """Yield one line for each thing that isn't as TMS wrote it."""
    checks = (
        check_database,
        check_tickets,
        check_agents,
        check_comments,
        check_attachments,
        check_ratings,
        check_log,
        check_search,
        check_figures,
    )
    for check in checks:
        yield from check(progress)
