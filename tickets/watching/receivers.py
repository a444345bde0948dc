"""Who is named in a new or changed text hears of its ticket from then on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from tickets import signals
from tickets.models import Comment
from tickets.watching.services import add_mentioned

Changes = dict[str, tuple[Any, Any]]


def connect() -> None:
    """Connect the receivers, once."""
    signals.comment_created.connect(on_comment_created, dispatch_uid="tickets.watching.created")
    signals.comment_updated.connect(on_comment_updated, dispatch_uid="tickets.watching.updated")


def on_comment_created(sender: object, *, comment: Comment, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Let those watch whom the text names."""
    add_mentioned(actor=actor, comment=comment, at=at)


def on_comment_updated(
    sender: object, *, comment: Comment, changes: Changes, actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Let those watch whom the text names now and didn't before; that a note became a reply names nobody."""
    if "description" in changes:
        add_mentioned(actor=actor, comment=comment, at=at, before=changes["description"][0])
