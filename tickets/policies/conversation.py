"""Who may say what on a ticket, and what that does to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.policies import sysadmin
from tickets import workflow
from tickets.enums import Status
from tickets.policies.roles import desk, own_or_desk
from tickets.policies.tickets import can_change_status, can_view
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import Comment, Ticket


def can_comment(actor: Actor, ticket: Ticket) -> Decision:
    """Write a comment."""
    return own_or_desk(actor, ticket)


def can_write_note(actor: Actor, ticket: Ticket) -> Decision:
    """Write an internal note, which only the desk sees."""
    return desk(actor)


def can_see_notes(actor: Actor) -> Decision:
    """See internal notes, whichever ticket they're on: they are the desk's alone."""
    return desk(actor)


def can_view_comment(actor: Actor, comment: Comment) -> Decision:
    """See a comment."""
    return can_see_notes(actor) if comment.is_internal else can_view(actor, comment.ticket)


def can_reopen_by_comment(actor: Actor, ticket: Ticket, *, now: datetime | None = None) -> Decision:
    """Reopen one's own resolved ticket by commenting on it. The desk reopens by changing the status instead."""
    may_comment = can_comment(actor, ticket)
    if not may_comment:
        return may_comment
    if ticket.status != Status.RESOLVED:
        return Denied(_("This ticket isn't resolved."))
    if actor.works_at_desk:
        return Denied(_("A comment from the helpdesk doesn't reopen a ticket."))
    if workflow.may_reopen(ticket.resolution_date, now=now or timezone.now(), days=settings.REOPEN_DAYS):
        return ALLOWED
    return Denied(
        _("This ticket was resolved more than %(days)d days ago. Please open a new one.")
        % {"days": settings.REOPEN_DAYS}
    )


def can_take_up_by_comment(actor: Actor, ticket: Ticket) -> Decision:
    """Set one's own waiting ticket going again by answering on it. The desk changes the status instead."""
    may_comment = can_comment(actor, ticket)
    if not may_comment:
        return may_comment
    if ticket.status != Status.WAITING:
        return Denied(_("This ticket isn't waiting for an answer."))
    if actor.works_at_desk:
        return Denied(_("A comment from the helpdesk is no answer that the ticket waits for."))
    return ALLOWED


def can_reopen(actor: Actor, ticket: Ticket) -> Decision:
    """Reopen a resolved ticket, either way: the desk by its status, its requester by commenting for a while."""
    return can_change_status(actor, ticket) or can_reopen_by_comment(actor, ticket)


def can_edit_comment(actor: Actor, comment: Comment) -> Decision:
    """Change the text of a comment."""
    may_see = can_view_comment(actor, comment)
    if not may_see:
        return may_see
    if actor.runs_the_place or comment.commented_by_id == actor.pk:
        return ALLOWED
    return Denied(_("Only its author can edit a comment."))


def can_publish_note(actor: Actor, comment: Comment) -> Decision:
    """Turn an internal note into a reply that its requester reads."""
    if not comment.is_internal:
        return Denied(_("This is no internal note: everybody on the ticket sees it."))
    return can_edit_comment(actor, comment)


def can_delete_comment(actor: Actor, comment: Comment) -> Decision:
    """Delete a comment."""
    return sysadmin(actor)
