"""Who is named in a text: `@John Smith`."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Not in the midst of an address.
AT = re.compile(r"(?<![\w.@/])@(?=\w)")


def mentioned(text: str, people: Iterable[tuple[int, str]]) -> set[int]:
    """Return those of `people` (id and name) whose names stand in `text` after an @, however they're capitalised.

    The longest name counts: "@Ann Lee" is no mention of somebody called Ann. Namesakes are all meant.
    """
    places = [found.end() for found in AT.finditer(text)]
    if not places:
        return set()
    names: dict[str, set[int]] = {}
    for number, name in people:
        if name:
            names.setdefault(name.casefold(), set()).add(number)
    by_length = sorted(names, key=len, reverse=True)
    found: set[int] = set()
    longest = max((len(name) for name in by_length), default=0)
    for place in places:
        # A little more than the longest name, to see that the name ends there.
        here = text[place : place + longest + 1].casefold()
        match = next((name for name in by_length if _stands_at_beginning(here, name)), None)
        if match is not None:
            found |= names[match]
    return found


def _stands_at_beginning(text: str, name: str) -> bool:
    return text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()
