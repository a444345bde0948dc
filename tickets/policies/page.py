"""What a ticket's page asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tickets.policies.conversation import (
    can_comment,
    can_reopen_by_comment,
    can_take_up_by_comment,
    can_write_note,
)
from tickets.policies.links import can_open_follow_up
from tickets.policies.merging import can_merge
from tickets.policies.tickets import (
    can_assign,
    can_change_status,
    can_delete,
    can_edit,
)
from tms_site.lib.permissions import Decision

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import Ticket


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

    @cached_property
    def open_follow_up(self) -> Decision:
        """See `can_open_follow_up`."""
        return can_open_follow_up(self._actor, self._ticket)

    @cached_property
    def merge(self) -> Decision:
        """See `can_merge`."""
        return can_merge(self._actor, self._ticket)
