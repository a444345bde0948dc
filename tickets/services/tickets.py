"""Opening and deleting tickets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, actor_user
from accounts.models import User
from tickets import policies, signals
from tickets.attachments.files import Upload
from tickets.attachments.services import are_those_of, attach, with_files
from tickets.models import Category, Team, Ticket
from tickets.services.agents import check_agent
from tickets.services.reading import lock_ticket, ticket_values_at
from tickets.sorting.defaults import default_priority, default_team
from tickets.sorting.names import UNKNOWN_CATEGORY, UNKNOWN_TEAM, tag_names
from tickets.sorting.tagging import write_tags
from tickets.trash.keeping import keep
from tms_site.lib.permissions import require
from tms_site.lib.submissions import insert_once
from tms_site.lib.text import clean_block, clean_line
from tms_site.lib.transactions import write_transaction

# The fields that hold rows of other tables: services check those themselves.
OTHER_ROWS = ("requester", "created_by", "assigned_agent", "category", "team")


@dataclass(frozen=True)
class CreateResult:
    """The ticket, and whether this call opened it or an earlier one with the same client token."""

    ticket: Ticket
    created: bool


def check_rows(values: Mapping[str, Any]) -> None:
    """Refuse an agent, category or team that a ticket can't be given any more; raises ValidationError."""
    check_agent(values.get("assigned_agent"))
    category, team = values.get("category"), values.get("team")
    if category is not None and not Category.objects.filter(pk=category.pk, is_active=True).exists():
        raise ValidationError({"category": UNKNOWN_CATEGORY}, code="invalid_choice")
    if team is not None and not Team.objects.filter(pk=team.pk, is_active=True).exists():
        raise ValidationError({"team": UNKNOWN_TEAM}, code="invalid_choice")


@with_files
@write_transaction
def create_ticket(
    *,
    actor: Actor,
    title: str,
    description: str,
    priority: str | None = None,
    category: Category | None = None,
    requester: User | None = None,
    team: Team | None = None,
    assigned_agent: User | None = None,
    tags: Iterable[str] = (),
    attachments: Sequence[Upload] = (),
    client_token: str | None = None,
    keeps_requester: bool = False,
    at: datetime | None = None,
) -> CreateResult:
    """Open a ticket.

    Args:
        actor: who opens it.
        title: one line, at most 255 characters.
        description: Markdown, at most 100,000 characters.
        priority: a value of Priority; without one the category's default, or medium.
        category: what it's about.
        requester: whose ticket it is; the actor's own unless the desk opens it on behalf of somebody.
        team: who looks after it, only the desk may say; without one the category's default.
        assigned_agent: who will work on it; only the desk may say.
        tags: names; only the desk may say.
        attachments: files that come with it.
        client_token: names this submission; the same token of the same author again returns the first ticket.
        keeps_requester: it comes of another ticket of the same requester, who needn't be active any more.
        at: when it was opened, where that isn't now (demo data, imports).

    Raises:
        PermissionDeniedError: the actor may not open it so.
        ValidationError: a field is not valid, or a file isn't taken.
    """
    author = actor_user(actor)
    owner = requester or author
    require(policies.can_create(actor))
    if assigned_agent is not None or team is not None or owner != author:
        require(policies.can_create_for_others(actor))
    names = tag_names(tags)
    if names:
        require(policies.can_see_tags(actor))
    if owner is None or not (owner.is_active or keeps_requester):
        raise ValidationError({"requester": _("Choose an active person.")}, code="invalid_choice")
    earlier = _ticket_of_token(author, client_token)
    if earlier is not None:
        return CreateResult(earlier, created=False)
    check_rows({"assigned_agent": assigned_agent, "category": category, "team": team})
    now = at or timezone.now()
    ticket = Ticket(
        title=clean_line(title),
        description=clean_block(description),
        priority=priority or default_priority(category),
        category=category,
        requester=owner,
        created_by=author,
        team=team or default_team(category),
        assigned_agent=assigned_agent,
        creation_date=now,
        updated_at=now,
        client_token=client_token or None,
    )
    ticket.clean_fields(exclude=OTHER_ROWS)
    earlier = insert_once(ticket, lambda: _ticket_of_token(author, client_token))
    if earlier is not None:
        return CreateResult(earlier, created=False)
    ticket.tags = []
    if names:
        write_tags(ticket, names)
    signals.ticket_created.send(Ticket, ticket=ticket, actor=actor, at=now)
    attach(attachments, actor=actor, ticket=ticket, at=now)
    return CreateResult(ticket, created=True)


def _ticket_of_token(author: User | None, client_token: str | None) -> Ticket | None:
    if author is None or not client_token:
        return None
    return Ticket.objects.filter(created_by=author, client_token=client_token).first()


def ticket_of_form(author: User, client_token: str | None) -> Ticket | None:
    """Return what `author` has opened with the form of that name, if they still see it."""
    ticket = _ticket_of_token(author, client_token)
    return ticket if ticket is not None and policies.can_view(author, ticket) else None


def first_values(ticket: Ticket) -> dict[str, Any]:
    """Return what was said of a ticket when it was opened; nothing where that isn't known any more."""
    return ticket_values_at(ticket, 1)


def was_opened_with(ticket: Ticket, *, title: str, description: str, **others: Any) -> bool:
    """Tell whether a ticket had this text (and other values, and files) at first: whether what was sent is the same."""
    first = first_values(ticket)
    attachments = others.pop("attachments", None)
    meant = {"title": clean_line(title), "description": clean_block(description), **others}
    if not all(name in first and first[name] == value for name, value in meant.items()):
        return False
    return attachments is None or are_those_of(attachments, ticket.attachments.filter(comment=None))


@write_transaction
def delete_ticket(*, actor: Actor, ticket_id: int, at: datetime | None = None) -> None:
    """Move a ticket with its comments to the trash. Its entries in the activity log stay.

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: the actor may not delete it.
    """
    ticket = lock_ticket(actor, ticket_id)
    require(policies.can_delete(actor, ticket))
    # What has become a part of it goes with it, each with a word of its own.
    for merged in ticket.merged_tickets.order_by("pk").values_list("pk", flat=True):
        delete_ticket(actor=actor, ticket_id=merged, at=at)
    comment_count = ticket.comments.count()
    title, now = ticket.title, at or timezone.now()
    keep(ticket, comment_count=comment_count, actor=actor, at=now)
    ticket.delete()
    signals.ticket_deleted.send(
        Ticket,
        ticket_id=ticket_id,
        title=title,
        comment_count=comment_count,
        ticket=ticket,
        actor=actor,
        at=now,
    )
