"""Taking a merge back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.actors import Actor
from tickets import policies
from tickets.merging.models import Merge
from tickets.merging.services.along import take_back
from tickets.merging.services.moving import move_back, settle, touch
from tickets.models import Comment, Ticket
from tickets.services.agents import without_leaver
from tickets.services.reading import lock_tickets
from tickets.services.updates import write_changes
from tms_site.lib.batches import in_parts
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction


@write_transaction
def undo_merge(*, actor: Actor, ticket_id: int, merge_id: int, at: datetime | None = None) -> Ticket:
    """Take a ticket out of the one that it was merged into, as it was before; returns it.

    What was written after the merge stays where it was written, and an agent who has left the desk since doesn't get an
    open ticket back. Undoing it twice is the same as once.

    Args:
        actor: who undoes it.
        ticket_id: the ticket that the other one was merged into.
        merge_id: which merge.
        at: when, where that isn't now.

    Raises:
        Ticket.DoesNotExist, Merge.DoesNotExist: there's no such thing that the actor may see.
        PermissionDeniedError: the actor may not do that.
        ServiceError: something that had moved is gone, or has moved on.
    """
    source_id = Merge.objects.values_list("source", flat=True).get(pk=merge_id, target=ticket_id)
    tickets = lock_tickets(actor, {source_id, ticket_id})
    if set(tickets) != {source_id, ticket_id}:
        raise Ticket.DoesNotExist
    source, target = tickets[source_id], tickets[ticket_id]
    require(policies.can_merge(actor, target))
    merge = Merge.objects.select_for_update().get(pk=merge_id, target=target)
    if merge.undone_at is not None:
        return source
    comments = [(pk, before) for pk, before in merge.moved["comments"]]
    _check(merge, source, target, [pk for pk, _before in comments])
    now = at or timezone.now()
    move_back(comments, source)
    changes: dict[str, tuple[Any, Any]] = {"merged_into": (target.pk, None)}
    if source.status != merge.status:
        changes |= {
            "status": (source.status, merge.status),
            "resolution_date": (source.resolution_date, merge.resolution_date),
        }
        for name, value in without_leaver(source.assigned_agent, merge.status).items():
            changes[name] = (getattr(source, name), value)
    write_changes(source, changes, actor=actor, at=now)
    settle(source, target, actor=actor, at=now)
    take_back(merge, target, actor=actor, at=now)
    touch(target, now)
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    return source


def _check(merge: Merge, source: Ticket, target: Ticket, comments: list[int]) -> None:
    if target.merged_into_id is not None or source.merged_into_id != target.pk:
        text = gettext("#%(target)d was merged into #%(next)d itself. Undo that first.")
        raise ServiceError(text % {"target": target.pk, "next": target.merged_into_id or target.pk})
    there: dict[int, int] = {}
    for part in in_parts(comments):
        there |= dict(Comment.objects.filter(pk__in=part).values_list("pk", "ticket"))
    gone = len(comments) - len(there)
    if gone:
        text = ngettext(
            "%(count)d comment that came from #%(source)d was deleted since: it can't be as it was.",
            "%(count)d comments that came from #%(source)d were deleted since: it can't be as it was.",
            gone,
        )
        raise ServiceError(text % {"count": gone, "source": merge.source_id})
    elsewhere = sorted({ticket for ticket in there.values() if ticket != target.pk})
    if elsewhere:
        text = gettext("Comments that came from #%(source)d were moved on to #%(next)d since: it can't be as it was.")
        raise ServiceError(text % {"source": merge.source_id, "next": elsewhere[0]})
