"""Merging tickets into one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from accounts.actors import Actor, actor_user
from tickets import policies
from tickets.enums import Status
from tickets.merging.models import Merge
from tickets.merging.services.along import give_along
from tickets.merging.services.moving import comments_of, move, settle, touch
from tickets.models import Ticket
from tickets.services.reading import lock_tickets
from tickets.services.updates import write_changes
from tms_site.lib.errors import SentBefore, ServiceError
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction

# One has to be able to read the page that says what will happen.
MERGE_MAX = 50


@dataclass(frozen=True)
class MergeResult:
    """Where the tickets go on, what was merged, and whether by this call or an earlier one with the same token."""

    target: Ticket
    merges: list[Merge]
    created: bool


@write_transaction
def merge_tickets(
    *,
    actor: Actor,
    target_id: int,
    source_ids: Iterable[int],
    of_others: bool = False,
    client_token: str | None = None,
    at: datetime | None = None,
) -> MergeResult:
    """Merge tickets into one: their comments move there, their numbers lead there, and they count as resolved.

    Their watchers watch it from then on, and it has their tags too.

    Internal notes stay internal.

    Args:
        actor: who merges.
        target_id: the ticket that goes on.
        source_ids: those that become part of it.
        of_others: the actor knows that the tickets are of different requesters, and that the target's will read what
            the others wrote, who won't find it any more.
        client_token: names this submission.
        at: when, where that isn't now.

    Raises:
        Ticket.DoesNotExist: there's no such target that the actor may see.
        PermissionDeniedError: the actor may not merge them.
        SentBefore: the same form has merged them, and that was undone since.
        ServiceError: one isn't there, is the target itself, was merged before, or is another requester's.
    """
    numbers = sorted(set(source_ids))
    check_numbers(numbers, target_id)
    tickets = lock_tickets(actor, [target_id, *numbers])
    if target_id not in tickets:
        raise Ticket.DoesNotExist
    for ticket in tickets.values():
        require(policies.can_merge(actor, ticket))
    earlier = _merges_of_token(actor, client_token)
    undone = [merge for merge in earlier if merge.undone_at is not None]
    if earlier and not undone:
        return MergeResult(tickets[target_id], earlier, created=False)
    check_mergeable(numbers, target_id, tickets)
    if undone:
        raise _undone_since(undone)
    target, sources = tickets[target_id], [tickets[number] for number in numbers]
    if not of_others and {source.requester_id for source in sources} != {target.requester_id}:
        text = gettext("These tickets are of different people. Confirm that you know who will read what.")
        raise ServiceError(text, field="of_others")
    now = at or timezone.now()
    merges = [_merge(source, target, actor, client_token, now) for source in sources]
    touch(target, now)
    return MergeResult(target, merges, created=True)


def check_numbers(numbers: list[int], target_id: int) -> None:
    """Refuse none at all, too many, and the target itself; raises ServiceError."""
    if not numbers:
        raise ServiceError(gettext("Say which tickets."), field="numbers")
    if target_id in numbers:
        raise ServiceError(gettext("A ticket can't be merged into itself."), field="numbers")
    if len(numbers) > MERGE_MAX:
        raise ServiceError(too_many_text(), field="numbers")


def too_many_text() -> str:
    """Return what people are told who want to merge more than MERGE_MAX tickets at once."""
    return gettext("No more than %(most)d tickets at once, please.") % {"most": MERGE_MAX}


def no_such_tickets(numbers: Iterable[int]) -> ServiceError:
    """Return the error for numbers that aren't those of tickets, or not of any that one may see."""
    named = ", ".join(f"#{number}" for number in numbers)
    text = gettext("There is no ticket with this number: %(numbers)s.") % {"numbers": named}
    return ServiceError(text, field="numbers")


def check_mergeable(numbers: Iterable[int], target_id: int, tickets: dict[int, Ticket]) -> None:
    """Refuse what isn't there or was merged before; raises ServiceError."""
    missing = [number for number in (target_id, *numbers) if number not in tickets]
    if missing:
        raise no_such_tickets(missing)
    for number in (target_id, *numbers):
        goes_on = tickets[number].merged_into_id
        if goes_on is not None:
            text = gettext("#%(number)d was merged into #%(target)d already.")
            raise ServiceError(text % {"number": number, "target": goes_on}, field="numbers")


def _merges_of_token(actor: Actor, client_token: str | None) -> list[Merge]:
    user = actor_user(actor)
    if user is None or not client_token:
        return []
    return list(Merge.objects.filter(merged_by=user, client_token=client_token).order_by("pk"))


def _undone_since(undone: list[Merge]) -> SentBefore:
    named = ", ".join(f"#{merge.source_id}" for merge in undone)
    text = gettext(
        "You have merged %(numbers)s into #%(target)d with this form before, and that was undone since. "
        "Send it once more to merge again."
    )
    return SentBefore(text % {"numbers": named, "target": undone[0].target_id})


def _merge(source: Ticket, target: Ticket, actor: Actor, client_token: str | None, now: datetime) -> Merge:
    comments = comments_of(source)
    merge = Merge.objects.create(
        source=source,
        target=target,
        merged_by=actor_user(actor),
        merged_at=now,
        client_token=client_token or None,
        status=source.status,
        resolution_date=source.resolution_date,
        moved={"comments": comments},
    )
    move([pk for pk, _before in comments], source, target)
    changes: dict[str, tuple[Any, Any]] = {"merged_into": (None, target.pk)}
    if not source.is_resolved:
        changes |= {"status": (source.status, Status.RESOLVED.value), "resolution_date": (None, now)}
    write_changes(source, changes, actor=actor, at=now)
    settle(source, target, actor=actor, at=now)
    merge.moved |= give_along(source, target, actor=actor, at=now)
    merge.save(update_fields=["moved"])
    return merge
