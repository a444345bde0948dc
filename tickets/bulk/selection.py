"""What was selected in a list, when a bulk action is refused: the list that follows has it selected again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

SESSION_KEY: Final = "bulk_selection"
# A list that comes later is another one: its page was lost on the way.
SECONDS: Final = 60


@dataclass(frozen=True)
class Selection:
    """Numbers of tickets, what was to become of them, and whether all that match were meant."""

    numbers: Collection[int] = ()
    action: str = ""
    everything: bool = False


def keep(request: HttpRequest, selection: Selection) -> None:
    """Keep it for the list that is shown next, which comes at once."""
    request.session.pop(SESSION_KEY, None)
    if not (selection.numbers or selection.everything):
        return
    until = int(timezone.now().timestamp()) + SECONDS
    request.session[SESSION_KEY] = [list(selection.numbers), selection.action, selection.everything, until]


def take(request: HttpRequest, shown: Collection[int]) -> Selection:
    """Return what was kept, once; what the list doesn't show isn't selected any more, which is said.

    Args:
        request: the list that is asked for.
        shown: the numbers of its tickets.
    """
    if SESSION_KEY not in request.session:
        return Selection()
    numbers, action, everything, until = request.session.pop(SESSION_KEY)
    if until < timezone.now().timestamp():
        return Selection()
    there = frozenset(numbers).intersection(shown)
    if lost := len(numbers) - len(there):
        messages.info(
            request, gettext("No longer selected, since they are not in this list: %(count)d") % {"count": lost}
        )
    return Selection(there, action, everything)
