"""Whether the search index is whole: no ticket missing, none left over, each as it is now."""

from __future__ import annotations

from collections.abc import Iterator

from activity.integrity.progress import Progress
from tickets.search.rebuild import check


def check_search(progress: Progress) -> Iterator[str]:
    """Yield one line for each ticket that a search wouldn't find as it should; rebuild_search_index mends them."""
    progress.begin("the search index")
    for tickets, lines in check():
        yield from lines
        progress.advance(tickets)
