"""Who may do what to tickets and comments: the only place that knows.

Each function returns `Allowed` or `Denied` with a reason for people. QuerySets answer the same question for
many rows (`visible_to`); a test compares the two for every persona and ticket.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets import workflow
from tickets.enums import Status
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.actors import Actor
    from tickets.models import Comment, SavedView, Ticket

NOT_YOURS = Denied(_("This ticket belongs to somebody else."))
NOT_YOUR_VIEW = Denied(_("This view belongs to somebody else."))
ONLY_DESK = Denied(_("Only helpdesk agents can do that."))
ONLY_SYSADMINS = Denied(_("Only SysAdmins can do that."))
DEACTIVATED = Denied(_("Your account is deactivated."))


def _desk(actor: Actor) -> Decision:
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.works_at_desk else ONLY_DESK


def _sysadmin(actor: Actor) -> Decision:
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.runs_the_place else ONLY_SYSADMINS


def _own_or_desk(actor: Actor, ticket: Ticket) -> Decision:
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.works_at_desk or ticket.requester_id == actor.pk else NOT_YOURS


def can_create(actor: Actor) -> Decision:
    """Open a ticket for oneself."""
    return ALLOWED if actor.is_active else DEACTIVATED


def can_create_for_others(actor: Actor) -> Decision:
    """Open a ticket on behalf of a requester."""
    return _desk(actor)


def can_list_assigned(actor: Actor) -> Decision:
    """See the list of tickets that are assigned to oneself."""
    return _desk(actor)


def can_see_dashboard(actor: Actor) -> Decision:
    """See the dashboard: figures of all tickets and of everybody at the desk."""
    return _desk(actor)


def can_view(actor: Actor, ticket: Ticket) -> Decision:
    """See a ticket, its conversation and its timeline."""
    return _own_or_desk(actor, ticket)


def can_edit(actor: Actor, ticket: Ticket) -> Decision:
    """Change title, description and priority."""
    return _own_or_desk(actor, ticket)


def can_change_status(actor: Actor, ticket: Ticket) -> Decision:
    """Change the status by hand, and so resolve and reopen."""
    return _desk(actor)


def can_assign(actor: Actor, ticket: Ticket) -> Decision:
    """Assign a ticket to an agent, or to nobody."""
    return _desk(actor)


def can_set_resolution_date(actor: Actor, ticket: Ticket) -> Decision:
    """Say when a ticket was resolved."""
    return _desk(actor)


def can_delete(actor: Actor, ticket: Ticket) -> Decision:
    """Delete a ticket with its comments."""
    return _sysadmin(actor)


def can_comment(actor: Actor, ticket: Ticket) -> Decision:
    """Write a comment."""
    return _own_or_desk(actor, ticket)


def can_write_note(actor: Actor, ticket: Ticket) -> Decision:
    """Write an internal note, which only the desk sees."""
    return _desk(actor)


def can_view_comment(actor: Actor, comment: Comment) -> Decision:
    """See a comment: an internal note is the desk's alone."""
    return _desk(actor) if comment.is_internal else can_view(actor, comment.ticket)


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
    return _sysadmin(actor)


def can_save_views(actor: Actor) -> Decision:
    """Keep views of one's own."""
    return ALLOWED if actor.is_active else DEACTIVATED


def can_share_views(actor: Actor) -> Decision:
    """Share one's views with everybody at the desk."""
    return _desk(actor)


def can_see_view(actor: Actor, view: SavedView) -> Decision:
    """Open a view that somebody keeps: one's own; at the desk also those that are shared."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if view.owner_id == actor.pk or (view.is_shared and actor.works_at_desk) else NOT_YOUR_VIEW


def can_change_view(actor: Actor, view: SavedView) -> Decision:
    """Rename, change, share, move or delete a view: one's own; SysAdmins also shared ones."""
    may_see = can_see_view(actor, view)
    if not may_see:
        return may_see
    return ALLOWED if view.owner_id == actor.pk or actor.runs_the_place else NOT_YOUR_VIEW


# Which policy stands before each field of a ticket that a form may change.
FIELD_POLICIES: dict[str, Callable[[Actor, Ticket], Decision]] = {
    "title": can_edit,
    "description": can_edit,
    "priority": can_edit,
    "status": can_change_status,
    "assigned_agent": can_assign,
    "resolution_date": can_set_resolution_date,
}


class TicketPermissions:
    """What `actor` may do to `ticket`, for templates: `{% if can.assign %}`."""

    def __init__(self, actor: Actor, ticket: Ticket) -> None:
        self._actor = actor
        self._ticket = ticket

    @cached_property
    def edit(self) -> Decision:
        """See `can_edit`."""
        return can_edit(self._actor, self._ticket)

    @cached_property
    def change_status(self) -> Decision:
        """See `can_change_status`."""
        return can_change_status(self._actor, self._ticket)

    @cached_property
    def assign(self) -> Decision:
        """See `can_assign`."""
        return can_assign(self._actor, self._ticket)

    @cached_property
    def set_resolution_date(self) -> Decision:
        """See `can_set_resolution_date`."""
        return can_set_resolution_date(self._actor, self._ticket)

    @cached_property
    def delete(self) -> Decision:
        """See `can_delete`."""
        return can_delete(self._actor, self._ticket)

    @cached_property
    def comment(self) -> Decision:
        """See `can_comment`."""
        return can_comment(self._actor, self._ticket)

    @cached_property
    def write_note(self) -> Decision:
        """See `can_write_note`."""
        return can_write_note(self._actor, self._ticket)

    @cached_property
    def take_up_by_comment(self) -> Decision:
        """See `can_take_up_by_comment`."""
        return can_take_up_by_comment(self._actor, self._ticket)

    @cached_property
    def reopen_by_comment(self) -> Decision:
        """See `can_reopen_by_comment`."""
        return can_reopen_by_comment(self._actor, self._ticket)
