"""What the pages say after a change: the same words for the same form sent twice."""

from __future__ import annotations

from django.utils.translation import gettext

from accounts.models import User
from tickets import policies, services
from tickets.enums import Status
from tickets.models import Ticket
from tickets.services import CommentResult, UpdateResult
from tms_site.lib.permissions import Denied


def saved(result: UpdateResult, version: int | None) -> str:
    """Return the message after an edit.

    Args:
        result: what the service did.
        version: the version that the form was made from; None when it didn't say.
    """
    ticket = result.ticket
    base = version if version is not None else ticket.version - bool(result.changes)
    if ticket.version == base:
        return gettext("Nothing was changed: everything stays as it was.")
    if ticket.version > base + 1:
        return gettext("Saved. Somebody else changed this ticket meanwhile; their changes are kept beside yours.")
    return _what_changed(ticket, set(result.changes) or services.changed_since(ticket, base))


def _what_changed(ticket: Ticket, names: set[str]) -> str:
    if "status" in names:
        return gettext("Status is now “%(status)s”.") % {"status": ticket.get_status_display()}
    if names == {"priority"}:
        return gettext("Priority is now “%(priority)s”.") % {"priority": ticket.get_priority_display()}
    if names == {"assigned_agent"}:
        return assigned(ticket)
    if names == {"team"} and ticket.team:
        return gettext("%(team)s looks after this ticket now.") % {"team": ticket.team}
    return gettext("Your changes are saved.")


def assigned(ticket: Ticket) -> str:
    """Return the message that says who works on the ticket."""
    if ticket.assigned_agent is None:
        return gettext("Nobody works on this ticket now.")
    return gettext("%(agent)s works on this ticket now.") % {"agent": ticket.assigned_agent}


def commented(result: CommentResult, actor: User) -> str:
    """Return the message after a comment; it says what became of a resolved ticket."""
    ticket = result.comment.ticket
    if result.comment.is_internal and not result.status:
        return gettext("Your note is added. Only the helpdesk sees it.")
    if result.status and policies.can_change_status(actor, ticket):
        return gettext("Sent. Status is now “%(status)s”.") % {"status": Status(result.status).label}
    if result.reopened:
        return gettext("Your comment is posted, and the ticket is open again.")
    if result.status:
        return gettext("Your comment is posted, and the helpdesk goes on with it.")
    may_reopen = policies.can_reopen_by_comment(actor, ticket)
    if ticket.is_resolved and isinstance(may_reopen, Denied):
        return gettext("Your comment is posted; the ticket stays resolved. %(why)s") % {"why": may_reopen.reason}
    return gettext("Your comment is posted.")
