"""Who may see files, and who may take them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tickets.policies.conversation import can_edit_comment, can_view_comment
from tickets.policies.merging import unless_merged
from tickets.policies.tickets import can_edit, can_view
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.attachments.models import Attachment
    from tickets.models import Comment, Ticket

NOT_YOUR_FILE = Denied(_("Only who attached a file can remove it."))


def can_view_attachment(actor: Actor, attachment: Attachment) -> Decision:
    """See and download a file: whoever sees what it's attached to, so a note's file is the desk's alone.

    How a merged ticket began stands on the page of the one that it's part of.
    """
    if attachment.comment is not None:
        return can_view_comment(actor, attachment.comment)
    ticket = attachment.ticket
    may_see = can_view(actor, ticket)
    if may_see or ticket.merged_into is None:
        return may_see
    return can_view(actor, ticket.merged_into)


def can_attach(actor: Actor, ticket: Ticket, comment: Comment | None = None) -> Decision:
    """Attach a file to a ticket: who may edit its text; to a comment: who may edit that."""
    if comment is None:
        return can_edit(actor, ticket)
    return unless_merged(ticket, can_edit_comment(actor, comment))


def can_delete_attachment(actor: Actor, attachment: Attachment) -> Decision:
    """Remove a file: SysAdmins, and who attached it."""
    may_see = can_view_attachment(actor, attachment)
    if not may_see:
        return may_see
    return ALLOWED if actor.runs_the_place or attachment.uploaded_by_id == actor.pk else NOT_YOUR_FILE
