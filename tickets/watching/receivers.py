"""Who is named in a new or changed text hears of its ticket from then on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from tickets import signals
from tickets.models import Comment
from tickets.watching.services import add_mentioned


def connect() -> None:
    """Connect the receivers, once."""
    signals.comment_created.connect(on_comment_written, dispatch_uid="tickets.watching.created")
    signals.comment_updated.connect(on_comment_written, dispatch_uid="tickets.watching.updated")


def on_comment_written(sender: object, *, comment: Comment, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Let those watch whom the text names."""
    add_mentioned(actor=actor, comment=comment, at=at)
