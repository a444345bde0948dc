"""Keeping and giving up drafts. Nothing is logged: what isn't sent is nobody else's business."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from tickets import policies
from tickets.drafts.models import Draft
from tickets.enums import DESCRIPTION_MAX
from tickets.models import Comment, Ticket
from tickets.services.merged import refuse_merged
from tickets.services.reading import lock_ticket
from tms_site.lib.permissions import require
from tms_site.lib.transactions import TryAgain, write_transaction

# Of more, those that weren't touched for longest are given up.
MOST_DRAFTS = 200


@write_transaction
def save_draft(
    *,
    actor: User,
    ticket_id: int | None,
    text: str,
    title: str = "",
    is_internal: bool = False,
    client_token: str | None = None,
    at: datetime | None = None,
) -> Draft | None:
    """Keep what `actor` has written so far, in the place of what was kept before; returns None where nothing is.

    Args:
        actor: whose it is.
        ticket_id: on which ticket; None for a new one.
        text: as it was typed; at most 100,000 characters. Without any, and without a title, the draft is given up.
        title: that of a new ticket.
        is_internal: whether it's going to be a note.
        client_token: names the submission that it's going to be. What was sent meanwhile isn't kept any more.
        at: when, where that isn't now.

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: the actor may not write that.
        ServiceError: the ticket was merged into another one.
        ValidationError: the text can't be stored.
    """
    _check_place(actor, ticket_id, is_internal=is_internal)
    drafts = Draft.objects.filter(user=actor, place=ticket_id or 0)
    if _is_sent(actor, ticket_id, client_token):
        # What they have begun since, in another form, stays.
        drafts.filter(client_token=client_token).delete()
        return None
    if not (text.strip() or title.strip()):
        drafts.delete()
        return None
    draft = Draft(user=actor, ticket_id=ticket_id, title=title, text=text, is_internal=is_internal)
    draft.client_token, draft.updated_at = client_token or "", at or timezone.now()
    draft.clean_fields(exclude=("user", "ticket"))
    names = ("title", "text", "is_internal", "client_token", "updated_at")
    values: dict[str, Any] = {name: getattr(draft, name) for name in names}
    if not drafts.update(**values):
        _insert(draft)
    return draft


def _check_place(user: User, ticket_id: int | None, *, is_internal: bool) -> None:
    """Refuse what couldn't be sent either, and wait for a sending that is just under way."""
    if ticket_id is None:
        require(policies.can_create(user))
        # A new ticket refers to its author, and so waits for this row, or this for the ticket.
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        return
    ticket = lock_ticket(user, ticket_id)
    require(policies.can_comment(user, ticket))
    if is_internal:
        require(policies.can_write_note(user, ticket))
    refuse_merged(ticket, user)


def _is_sent(user: User, ticket_id: int | None, client_token: str | None) -> bool:
    if not client_token:
        return False
    if ticket_id is None:
        return Ticket.objects.filter(created_by=user, client_token=client_token).exists()
    return Comment.objects.filter(commented_by=user, client_token=client_token).exists()


def _insert(draft: Draft) -> None:
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        raise TryAgain from error  # the same person twice at once
    kept = Draft.objects.filter(user=draft.user_id).order_by("-updated_at", "-pk").values_list("pk", flat=True)
    # MySQL neither limits a subquery nor reads what it deletes from.
    if surplus := list(kept[MOST_DRAFTS : 2 * MOST_DRAFTS]):
        Draft.objects.filter(pk__in=surplus).delete()


@write_transaction
def discard_draft(*, actor: Actor, ticket_id: int | None) -> bool:
    """Give up what `actor` has written on a ticket, or on a new one (None); tells whether there was anything."""
    return bool(Draft.objects.filter(user=actor.pk, place=ticket_id or 0).delete()[0])


def end_draft(user: User, ticket_id: int | None, client_token: str | None) -> None:
    """Forget the draft that was sent just now, by the name of its submission. For receivers, in its transaction.

    What comes by another way, such as the API, or from another page that is open besides, ends no draft.
    """
    if client_token:
        Draft.objects.filter(user=user, place=ticket_id or 0, client_token=client_token).delete()


def forget_drafts(user: User) -> None:
    """Forget all that somebody has written and not sent. For receivers, when that person is made nobody."""
    Draft.objects.filter(user=user).delete()


def move_drafts(source_id: int, target_id: int) -> None:
    """Let drafts on a merged ticket go on where it does, behind what their authors have written there already.

    Those of people who may not see that ticket stay. For receivers, in the transaction of the merge.
    """
    target = Ticket.objects.get(pk=target_id)
    drafts = [
        draft
        for draft in Draft.objects.filter(ticket=source_id).select_related("user")
        if policies.can_view(draft.user, target)
    ]
    there = {draft.user_id: draft for draft in Draft.objects.filter(ticket=target, user__in=[d.user for d in drafts])}
    for draft in drafts:
        if draft.user_id in there:
            _join(there[draft.user_id], draft)
        else:
            Draft.objects.filter(pk=draft.pk).update(ticket=target)


def _join(there: Draft, draft: Draft) -> None:
    """Put a draft behind another one of the same author."""
    both = f"{there.text.rstrip()}\n\n{draft.text}"[:DESCRIPTION_MAX]
    # A note never becomes a reply.
    Draft.objects.filter(pk=there.pk).update(text=both, is_internal=there.is_internal or draft.is_internal)
    draft.delete()
