"""Who is named in a text: `@John Smith`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from accounts.actors import Actor
from accounts.models import User
from tickets import policies
from tickets.models import Comment
from tms_site.lib.mentions import mentions


def mentioned(text: str, people: Iterable[tuple[int, str]]) -> set[int]:
    """Return those of `people` (id and name) whom `text` names. Namesakes are all meant."""
    if "@" not in text:
        return set()
    names: dict[str, set[int]] = defaultdict(set)
    for number, name in people:
        names[name.casefold()].add(number)
    return {number for _begin, _end, name in mentions(text, names) for number in names[name]}


def attach_mentions(comments: Collection[Comment], reader: Actor, names: Collection[str] | None = None) -> None:
    """Tell comments of the desk which names in their texts a page marks.

    Only the desk sees them marked, and only in what the desk wrote: a mark says that there's such a colleague.

    Args:
        comments: with their authors.
        reader: who looks at them.
        names: those of the desk; read by one query, if any of the texts has an @, unless given.
    """
    texts = [each for each in comments if "@" in each.description and policies.can_see_mentions(reader, each)]
    if not texts:
        return
    if names is None:
        names = list(User.objects.assignable().values_list("username", flat=True))
    for comment in texts:
        comment.mentions = tuple(sorted({name for _begin, _end, name in mentions(comment.description, names)}))
