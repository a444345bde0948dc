"""What a ticket's timeline tells of the log, and to whom: decided once, when an entry is written."""

from __future__ import annotations

from typing import Any, NamedTuple

from activity.enums import ActivityType, TargetType
from activity.sentences import ANOTHER, pairs_of

# What the timeline tells beside the comments, which stand for themselves. Whoever adds a kind of entry that belongs
# there adds it here.
TOLD: frozenset[tuple[str, str]] = frozenset(
    {
        (TargetType.TICKET, ActivityType.CREATE),
        (TargetType.TICKET, ActivityType.UPDATE),
        (TargetType.TICKET, ActivityType.RESTORE),
        (TargetType.TICKET, ActivityType.MOVE),
        (TargetType.COMMENT, ActivityType.DELETE),
        (TargetType.ATTACHMENT, ActivityType.DELETE),
        (TargetType.LINK, ActivityType.CREATE),
        (TargetType.LINK, ActivityType.DELETE),
        (TargetType.WATCHER, ActivityType.CREATE),
        (TargetType.WATCHER, ActivityType.DELETE),
    }
)
# Fields whose values are the desk's alone. An entry that changed nothing else is told to the desk alone; of one that
# changed others too, whoever asked for the ticket is told the others (`public_changes`).
DESK_FIELDS: frozenset[str] = frozenset({"is_internal", "link", "note_file", "tags", "watcher"})


class Audience(NamedTuple):
    """Whether an entry stands in its ticket's timeline, and whether there only the desk meets it."""

    in_timeline: bool
    for_desk: bool


def audience_of(activity_type: str, target_type: str, changes: Any) -> Audience:
    """Return who meets an entry in a timeline; a pure function of what was written, so that it can be proven."""
    told = (target_type, activity_type) in TOLD
    fields = changes if isinstance(changes, dict) else {}
    return Audience(told, told and bool(fields) and DESK_FIELDS.issuperset(fields))


def merge_number(changes: Any) -> int | None:
    """Return the number of the ticket that a change merged its own one into, or undid that; None for other changes."""
    numbers = pairs_of(changes).get("merged_into", ())
    return next((number for number in numbers if isinstance(number, int)), None)


def public_changes(changes: Any, untold: frozenset[int] = frozenset()) -> dict[str, Any]:
    """Return the changes without the fields that are the desk's alone, and without the numbers of `untold` tickets."""
    fields = changes if isinstance(changes, dict) else {}
    public = {name: pair for name, pair in fields.items() if name not in DESK_FIELDS}
    if merge_number(public) in untold:
        public["merged_into"] = [None if number is None else ANOTHER for number in public["merged_into"]]
    return public
