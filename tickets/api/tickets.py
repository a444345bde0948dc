"""Tickets: lists, one ticket, opening, changing, deleting."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from accounts.models import User
from accounts.tokens.auth import ApiRequest, actor_of
from tickets import policies, services
from tickets.api.listing import answer_list
from tickets.api.schemas import NewTicket, TicketChange, TicketOut, TicketPage, TicketQuery, ticket_out
from tickets.models import Category, Team, Ticket
from tickets.sorting.names import tag_names
from tms_site.lib.api.answers import answer, idempotency_key, key_reused, no_content, required_version
from tms_site.lib.api.schemas import Id
from tms_site.lib.permissions import require

router = Router(tags=["Tickets"])

SHELVES: dict[str, type[Category | Team]] = {"category": Category, "team": Team}
# Fields that hold a number of something else, or nothing.
ROWS = frozenset({"assigned_agent", *SHELVES})
NOBODY = _("Nobody has this number.")
UNKNOWN = {
    "category": _("No category that can be chosen has this number."),
    "team": _("No active team has this number."),
}


def get_ticket(request: ApiRequest, ticket_id: int) -> Ticket:
    """Return the ticket with its people; raises Ticket.DoesNotExist for what the actor may not see."""
    return Ticket.objects.visible_to(actor_of(request)).with_people().get(pk=ticket_id)


@router.get("", response=TicketPage, summary="List tickets", url_name="list_tickets")
def list_tickets(request: ApiRequest, query: Query[TicketQuery]) -> HttpResponse:
    """Return a page of the tickets that you may see, filtered and sorted as the parameters say.

    `Link: rel="next"` leads to the page after it. A value that means nothing is refused, not ignored.
    """
    return answer_list(request, Ticket.objects.visible_to(actor_of(request)), query)


@router.get("/assigned", response=TicketPage, summary="List tickets assigned to you", url_name="list_assigned")
def list_assigned(request: ApiRequest, query: Query[TicketQuery]) -> HttpResponse:
    """Return a page of the tickets that you work on. The desk only."""
    actor = actor_of(request)
    require(policies.can_list_assigned(actor))
    return answer_list(request, Ticket.objects.visible_to(actor).assigned_to(actor), query, of_agent=True)


@router.post("", response={201: TicketOut, 200: TicketOut}, summary="Open a ticket", url_name="create_ticket")
def create_ticket(request: ApiRequest, body: NewTicket) -> HttpResponse:
    """Open a ticket. The same body with the same `Idempotency-Key` again returns the first ticket, with status 200."""
    actor, key = actor_of(request), idempotency_key(request)
    values = body.model_dump()
    if _is_for_others(actor, body):
        require(policies.can_create_for_others(actor))
    if body.tags:
        require(policies.can_see_tags(actor))
    found = {name: _row(actor, name, values[name]) for name in ("requester", *ROWS) if values[name] is not None}
    # What isn't given is up to the category, and no part of what a key stands for.
    meant = {name: value for name, value in values.items() if value is not None and name != "tags"} | found
    requester = meant.pop("requester", actor)
    tags = _tags(body.tags)
    result = services.create_ticket(actor=actor, requester=requester, tags=tags, client_token=key, **meant)
    is_same = result.ticket.requester_id == requester.pk and services.was_opened_with(result.ticket, **meant, tags=tags)
    if not result.created and not is_same:
        raise key_reused()
    ticket = get_ticket(request, result.ticket.pk)
    status = HTTPStatus.CREATED if result.created else HTTPStatus.OK
    headers = {"Location": request.build_absolute_uri(f"{request.path}/{ticket.pk}")}
    return answer(request, ticket_out(actor, ticket), status=status, version=ticket.version, headers=headers)


@router.get("/{int:ticket_id}", response=TicketOut, summary="Get a ticket", url_name="get_ticket")
def read_ticket(request: ApiRequest, ticket_id: Id) -> HttpResponse:
    """Return a ticket. Its ETag is what a change takes as `If-Match`."""
    ticket = get_ticket(request, ticket_id)
    services.note_viewed(actor=actor_of(request), ticket=ticket)
    return answer(request, ticket_out(actor_of(request), ticket), version=ticket.version)


@router.patch("/{int:ticket_id}", response=TicketOut, summary="Change a ticket", url_name="change_ticket")
def change_ticket(request: ApiRequest, ticket_id: Id, body: TicketChange) -> HttpResponse:
    """Change what's sent, and nothing else. 412 when somebody else changed the ticket since the ETag in `If-Match`."""
    actor, ticket = actor_of(request), get_ticket(request, ticket_id)
    changes = _changes(ticket, body)
    for name in changes:
        require(policies.FIELD_POLICIES[name](actor, ticket))
    version = required_version(request, ticket.version)
    for name in ROWS & changes.keys():
        changes[name] = _row(actor, name, changes[name], present=getattr(ticket, name))
    if "tags" in changes:
        changes["tags"] = _tags(changes["tags"])
    services.update_ticket(actor=actor, ticket_id=ticket_id, changes=changes, version=version, exact=True)
    ticket = get_ticket(request, ticket_id)
    return answer(request, ticket_out(actor, ticket), version=ticket.version)


@router.delete("/{int:ticket_id}", response={204: None}, summary="Delete a ticket", url_name="delete_ticket")
def delete_ticket(request: ApiRequest, ticket_id: Id) -> HttpResponse:
    """Delete a ticket with its comments. SysAdmins only."""
    services.delete_ticket(actor=actor_of(request), ticket_id=ticket_id)
    return no_content()


def _is_for_others(actor: User, body: NewTicket) -> bool:
    others = body.requester is not None and body.requester != actor.pk
    return others or body.team is not None or body.assigned_agent is not None


def _changes(ticket: Ticket, body: TicketChange) -> dict[str, Any]:
    """Return the fields that were sent; null means none where there can be none, and for others that they stay."""
    sent = body.model_dump(exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in ROWS}


def _tags(names: list[str]) -> list[str]:
    try:
        return tag_names(names)
    except ValidationError as error:
        raise ValidationError({"tags": error}) from error


def _row(actor: User, field: str, number: int | None, *, present: Model | None = None) -> Any:
    """Return what a number in a field names.

    Raises:
        ValidationError: nothing that the actor may give; what the ticket has already (`present`) may stay.
    """
    if number is None:
        return None
    if present is not None and present.pk == number:
        return present
    found = _choices(actor, field).filter(pk=number).first()
    if found is None:
        raise ValidationError({field: UNKNOWN.get(field, NOBODY)}, code="invalid_choice")
    return found


def _choices(actor: User, field: str) -> QuerySet[Any]:
    # Nobody learns by this who exists: whom one may not look up isn't there.
    if field in SHELVES:
        return SHELVES[field].objects.filter(is_active=True)
    people: QuerySet[User] = User.objects.visible_to(actor)
    return people
