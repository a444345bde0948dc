"""The dashboard's figures: what the sums and the differences say must be what the tickets say."""

from __future__ import annotations

from collections.abc import Iterator

from activity.integrity.progress import Progress
from tickets.figures.direct import direct_figures, snapshot
from tickets.figures.facts import EVERYBODY, NOBODY, Figure, Key
from tickets.figures.reading import all_figures, is_complete

# More of them would say the same again.
MOST_LINES = 20
CURE = "manage.py rollup --rebuild makes them anew"


def check_figures(progress: Progress) -> Iterator[str]:
    """Yield one line for each figure that isn't what the tickets and comments say."""
    progress.begin("the figures of the dashboard")
    with snapshot():
        complete, told = is_complete(), all_figures()
        counted = direct_figures(progress.advance, from_comments=True)
    if not complete:
        yield f"The figures don't cover all tickets yet: {CURE}"
        return
    wrong = sorted(key for key in told.keys() | counted.keys() if told[key] != counted[key])
    for key in wrong[:MOST_LINES]:
        yield f"Figure {_name(key)} is {told[key]:,} instead of {counted[key]:,}: {CURE}"
    if len(wrong) > MOST_LINES:
        yield f"Figures: {len(wrong) - MOST_LINES:,} more of them are wrong"


def _name(key: Key) -> str:
    who = {EVERYBODY: "everybody", NOBODY: "nobody"}.get(key.person, f"user {key.person}")
    rest = f"status {key.status}, priority {key.priority}, {key.minutes} min"
    return f"{Figure(key.figure).name.lower()} of {who} on {key.day} ({rest})"
