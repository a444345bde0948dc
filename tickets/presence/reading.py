"""What an open page asks for, all of it by one query: what the ticket's newest state is, and who else is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext, ngettext

from accounts.actors import Actor
from accounts.models import User
from tickets import policies
from tickets.models import Ticket
from tickets.querysets import news_of

_OF_NEWS = ("version", "updated_at", "last_comment_id")
_OF_WHO_IS_HERE = (
    "here__user_id", "here__is_replying", "here__seen_at", "here__user__username", "here__user__email",
)  # fmt: skip # one to a line says no more
# How often it's written again that somebody is still there; that they begin or cease to reply is written at once.
WRITTEN_EVERY = timedelta(seconds=30)
# For how long after that they're shown: longer than until it's written again, or they would vanish in between.
SHOWN_FOR = timedelta(seconds=50)


@dataclass(frozen=True)
class Somebody:
    """One who is at a ticket."""

    user_id: int
    name: str
    is_replying: bool
    seen_at: datetime


@dataclass(frozen=True)
class Scene:
    """A ticket at this moment.

    Args:
        news: changes whenever the ticket or its conversation does, as far as the actor may see it.
        others: who else is there, those who reply first.
        own: what's written of the actor, if they were seen lately.
    """

    news: str
    others: list[Somebody]
    own: Somebody | None = None

    @property
    def text(self) -> str:
        """Who else is there, in words; nothing when nobody is."""
        replying = [who.name for who in self.others if who.is_replying]
        looking = [who.name for who in self.others if not who.is_replying]
        sentences = []
        if replying:
            words = ngettext("%(who)s is replying.", "%(who)s are replying.", len(replying))
            sentences.append(words % {"who": _names(replying)})
        if looking:
            words = ngettext("%(who)s is looking at this.", "%(who)s are looking at this.", len(looking))
            sentences.append(words % {"who": _names(looking)})
        return " ".join(sentences)


def _names(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    *others, last = names
    return gettext("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}


def scene_of(actor: Actor, ticket_id: int, now: datetime) -> Scene:
    """Return what `actor` may know of a ticket at this moment: one query, whoever is there.

    Whoever asks for help learns what's new, and nothing of who looks at it. Raises Ticket.DoesNotExist.
    """
    # Annotated with a relation and values, it has a shape that no stub describes.
    tickets: Any = Ticket.objects.visible_to(actor).with_news(actor).filter(pk=ticket_id)
    # Rights are those of everybody at the desk, on any ticket: an empty one will do.
    if not policies.can_see_presence(actor, Ticket()):
        found = tickets.values_list(*_OF_NEWS).first()
        if found is None:
            raise Ticket.DoesNotExist
        return Scene(news_of(*found), [])
    here = FilteredRelation("presences", condition=Q(presences__seen_at__gt=now - SHOWN_FOR))
    rows = list(tickets.annotate(here=here).values_list(*_OF_NEWS, *_OF_WHO_IS_HERE))
    if not rows:
        raise Ticket.DoesNotExist
    present = [
        Somebody(who, User(username=username, email=email).label, is_replying, seen_at)
        for _version, _updated, _last, who, is_replying, seen_at, username, email in rows
        if who is not None
    ]
    own = next((somebody for somebody in present if somebody.user_id == actor.pk), None)
    others = sorted((each for each in present if each is not own), key=lambda each: (not each.is_replying, each.name))
    return Scene(news_of(*rows[0][: len(_OF_NEWS)]), others, own)
