"""Where a text names people: `@John Smith`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Not in the midst of an address.
AT = re.compile(r"(?<![\w.@/])@(?=\w)")


def mentions(text: str, names: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where names stand in `text` after an @: beginning (at the @), end, and the name, casefolded.

    However they're capitalised; the longest name counts: "@Ann Lee" is no mention of somebody called Ann.
    """
    known = {name.casefold() for name in names if name}
    lengths = sorted({len(name) for name in known}, reverse=True)
    if not lengths:
        return
    for found in AT.finditer(text):
        place = found.end()
        # A little more than the longest name, to see that the name ends there.
        here = text[place : place + lengths[0] + 1].casefold()
        for length in lengths:
            if here[:length] in known and not here[length : length + 1].isalnum():
                # What is written is never longer than what it folds to.
                written = text[place : place + length]
                yield found.start(), place + _original_length(written, here[:length]), here[:length]
                break


def _original_length(text: str, folded: str) -> int:
    """Return how much of a text folds to `folded`: some characters fold to several."""
    length = 0
    while len(text[:length].casefold()) < len(folded):
        length += 1
    return length
