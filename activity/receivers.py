"""What the log hears: each receiver writes exactly one entry, in the transaction of the change itself.

Signals are sent with `send`: an entry that can't be written takes its change down with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.mfa import signals as second_factor_signals
from django.contrib.auth import signals as auth_signals
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts import signals as account_signals
from accounts.actors import Actor
from accounts.models import User
from activity import sentences
from activity.enums import ActivityType, TargetType
from activity.sentences import change_sentences, changes_as_json, exported, quote, sentence, summary
from activity.services import Entry, Target, record, record_read
from tickets import signals as ticket_signals
from tickets.models import Comment, SavedView, Ticket
from tms_site.lib.text import printable_line

ATTEMPT_MAX = 254


def connect() -> None:
    """Connect every receiver, once."""
    pairs: dict[Signal, Callable[..., None]] = {
        ticket_signals.ticket_created: on_ticket_created,
        ticket_signals.ticket_updated: on_ticket_updated,
        ticket_signals.ticket_deleted: on_ticket_deleted,
        ticket_signals.ticket_viewed: on_ticket_viewed,
        ticket_signals.tickets_listed: on_tickets_listed,
        ticket_signals.tickets_exported: on_tickets_exported,
        ticket_signals.comment_created: on_comment_created,
        ticket_signals.comment_updated: on_comment_updated,
        ticket_signals.comment_deleted: on_comment_deleted,
        ticket_signals.view_created: on_view_created,
        ticket_signals.view_updated: on_view_updated,
        ticket_signals.view_deleted: on_view_deleted,
        account_signals.user_created: on_user_created,
        account_signals.user_updated: on_user_updated,
        account_signals.user_deleted: on_user_deleted,
        auth_signals.user_logged_in: on_logged_in,
        auth_signals.user_logged_out: on_logged_out,
        auth_signals.user_login_failed: on_login_failed,
        second_factor_signals.authentication_failed: on_second_factor_failed,
    }
    for signal, receiver in pairs.items():
        signal.connect(receiver, dispatch_uid=f"activity.{receiver.__name__}")


def _ticket_target(ticket: Ticket) -> Target:
    return Target(TargetType.TICKET, ticket.pk, str(ticket), ticket_id=ticket.pk)


def _comment_target(comment_id: int, ticket: Ticket) -> Target:
    return Target(TargetType.COMMENT, comment_id, str(ticket), ticket_id=ticket.pk)


def _user_target(user: User) -> Target:
    return Target(TargetType.USER, user.pk, user.label)


def on_ticket_created(sender: object, *, ticket: Ticket, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a ticket was opened, with the values that it began with."""
    fields = ("title", "description", "status", "priority", "requester", "assigned_agent", "resolution_date")
    changes = changes_as_json({name: (None, getattr(ticket, name)) for name in fields})
    details = sentences.opened(ticket.pk, ticket.title)
    record(Entry(ActivityType.CREATE, _ticket_target(ticket), details, at, actor, changes=changes))


def on_ticket_updated(
    sender: object, *, ticket: Ticket, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write what changed on a ticket, with old and new values."""
    values = changes_as_json(changes)
    details = sentences.changed(ticket.pk, change_sentences(values))
    record(Entry(ActivityType.UPDATE, _ticket_target(ticket), details, at, actor, changes=values))


def on_ticket_deleted(
    sender: object, *, ticket_id: int, title: str, comment_count: int, actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that a ticket was deleted, and how many comments went with it."""
    comments = ngettext("%(count)d comment", "%(count)d comments", comment_count) % {"count": comment_count}
    details = gettext("Deleted ticket #%(number)d %(title)s with %(comments)s.") % {
        "number": ticket_id,
        "title": quote(title),
        "comments": comments,
    }
    target = Target(TargetType.TICKET, ticket_id, f"#{ticket_id} {title}", ticket_id=ticket_id)
    record(Entry(ActivityType.DELETE, target, details, at, actor))


def on_ticket_viewed(sender: object, *, ticket: Ticket, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody looked at a ticket."""
    details = sentences.viewed(ticket.pk)
    record_read(actor=actor, target=_ticket_target(ticket), details=details, at=at)


def on_tickets_listed(sender: object, *, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody looked at a list of tickets."""
    target = Target(TargetType.TICKETS, None, gettext("Ticket list"))
    record_read(actor=actor, target=target, details=gettext("Viewed the list of tickets."), at=at)


def on_tickets_exported(sender: object, *, filters: str, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody took a list of tickets along, and which one."""
    target = Target(TargetType.TICKETS, None, gettext("Ticket list"))
    record(Entry(ActivityType.EXPORT, target, exported(gettext("the list of tickets"), filters), at, actor))


def on_comment_created(sender: object, *, comment: Comment, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody commented."""
    details = sentences.commented(comment.ticket_id, is_internal=comment.is_internal)
    values: dict[str, tuple[Any, Any]] = {"description": (None, comment.description)}
    if comment.is_internal:
        values["is_internal"] = (None, True)
    changes = changes_as_json(values)
    target = _comment_target(comment.pk, comment.ticket)
    record(Entry(ActivityType.CREATE, target, details, at, actor, changes=changes))


def on_comment_updated(
    sender: object, *, comment: Comment, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that a comment was edited, with both texts."""
    published = "is_internal" in changes
    details = (sentences.published_note if published else sentences.edited_comment)(comment.ticket_id)
    target = _comment_target(comment.pk, comment.ticket)
    record(Entry(ActivityType.UPDATE, target, details, at, actor, changes=changes_as_json(changes)))


def on_comment_deleted(
    sender: object,
    *,
    comment_id: int,
    is_internal: bool,
    ticket: Ticket,
    actor: Actor,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Write that a comment was deleted; by its changes the timeline knows that it was a note."""
    details = sentences.deleted_comment(ticket.pk, is_internal=is_internal)
    changes = changes_as_json({"is_internal": (True, None)}) if is_internal else {}
    record(Entry(ActivityType.DELETE, _comment_target(comment_id, ticket), details, at, actor, changes=changes))


def _view_target(view: SavedView) -> Target:
    return Target(TargetType.VIEW, view.pk, view.name)


def on_view_created(
    sender: object, *, view: SavedView, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that somebody keeps a view, with what it shows."""
    details = gettext("Saved the view %(name)s.") % {"name": quote(view.name)}
    record(Entry(ActivityType.CREATE, _view_target(view), details, at, actor, changes=changes_as_json(changes)))


def on_view_updated(
    sender: object, *, view: SavedView, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write what changed about a view."""
    values = changes_as_json(changes)
    details = summary(gettext("View %(name)s") % {"name": quote(view.name)}, values)
    record(Entry(ActivityType.UPDATE, _view_target(view), details, at, actor, changes=values))


def on_view_deleted(sender: object, *, view: SavedView, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a view was deleted."""
    details = gettext("Deleted the view %(name)s.") % {"name": quote(view.name)}
    record(Entry(ActivityType.DELETE, _view_target(view), details, at, actor))


def on_user_created(sender: object, *, user: User, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that an account was made, and with which role."""
    details = sentences.created_user(user.label)
    changes = changes_as_json(
        {name: (None, getattr(user, name)) for name in ("email", "username", "role", "is_active")}
    )
    record(Entry(ActivityType.CREATE, _user_target(user), details, at, actor, changes=changes))


def on_user_updated(
    sender: object, *, user: User, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write what changed about a user; never a password itself."""
    values = changes_as_json(changes)
    if actor.pk == user.pk:
        details = sentence(", ".join(change_sentences(values)))
    else:
        details = summary(gettext("User %(user)s") % {"user": user.label}, values)
    record(Entry(ActivityType.UPDATE, _user_target(user), details, at, actor, changes=values))


def on_user_deleted(sender: object, *, user_id: int, label: str, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a user was deleted."""
    details = gettext("Deleted user %(user)s.") % {"user": label}
    record(Entry(ActivityType.DELETE, Target(TargetType.USER, user_id, label), details, at, actor))


def on_logged_in(sender: object, *, user: User, **kwargs: Any) -> None:
    """Write that somebody logged in."""
    record(Entry(ActivityType.LOGIN, _user_target(user), gettext("Logged in."), timezone.now(), user))


def on_logged_out(sender: object, *, user: User | None, **kwargs: Any) -> None:
    """Write that somebody logged out; a visitor who wasn't logged in leaves nothing."""
    if user is None:
        return
    record(Entry(ActivityType.LOGOUT, _user_target(user), gettext("Logged out."), timezone.now(), user))


def on_login_failed(
    sender: object, *, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Write that somebody tried an address in vain; the entry is about the user whose address it is, if any."""
    attempt = credentials.get("email") or credentials.get("username") or ""
    label = printable_line(str(attempt))[:ATTEMPT_MAX]
    user = User.objects.with_email(label).first()
    target = Target(TargetType.USER, user.pk if user else None, label)
    details = gettext("Failed to log in as %(email)s.") % {"email": label or gettext("nobody")}
    who = gettext("Unknown visitor")
    record(Entry(ActivityType.LOGIN_FAILED, target, details, timezone.now(), None, who=who))


def on_second_factor_failed(sender: object, *, user: User, **kwargs: Any) -> None:
    """Write that somebody who knew the password had no good code."""
    details = gettext("Failed to log in as %(email)s: wrong second factor.") % {"email": user.email}
    who = gettext("Unknown visitor")
    record(Entry(ActivityType.LOGIN_FAILED, _user_target(user), details, timezone.now(), None, who=who))
