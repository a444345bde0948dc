"""Tickets: lists, one ticket, opening, changing, deleting."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from accounts.models import User
from accounts.tokens.auth import ApiRequest, actor_of
from tickets import policies, services
from tickets.api.listing import answer_list
from tickets.api.schemas import NewTicket, TicketChange, TicketOut, TicketPage, TicketQuery, ticket_out
from tickets.models import Ticket
from tms_site.lib.api.answers import answer, idempotency_key, key_reused, no_content, required_version
from tms_site.lib.api.schemas import Id
from tms_site.lib.permissions import require

router = Router(tags=["Tickets"])


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
    if body.assigned_agent is not None or (body.requester is not None and body.requester != actor.pk):
        require(policies.can_create_for_others(actor))
    meant: dict[str, Any] = {
        "title": body.title,
        "description": body.description,
        "priority": body.priority,
        "assigned_agent": _person(actor, body.assigned_agent, "assigned_agent"),
    }
    requester = _person(actor, body.requester, "requester") or actor
    result = services.create_ticket(actor=actor, requester=requester, client_token=key, **meant)
    is_same = result.ticket.requester_id == requester.pk and services.was_opened_with(result.ticket, **meant)
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
    if "assigned_agent" in changes:
        changes["assigned_agent"] = _person(actor, body.assigned_agent, "assigned_agent")
    services.update_ticket(actor=actor, ticket_id=ticket_id, changes=changes, version=version, exact=True)
    ticket = get_ticket(request, ticket_id)
    return answer(request, ticket_out(actor, ticket), version=ticket.version)


@router.delete("/{int:ticket_id}", response={204: None}, summary="Delete a ticket", url_name="delete_ticket")
def delete_ticket(request: ApiRequest, ticket_id: Id) -> HttpResponse:
    """Delete a ticket with its comments. SysAdmins only."""
    services.delete_ticket(actor=actor_of(request), ticket_id=ticket_id)
    return no_content()


def _changes(ticket: Ticket, body: TicketChange) -> dict[str, Any]:
    """Return the fields that were sent; null means nobody for the agent, and for others that they stay."""
    sent = body.model_dump(exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name == "assigned_agent"}


def _person(actor: User, number: int | None, field: str) -> User | None:
    # Nobody learns by this who exists: whom one may not look up isn't there.
    if number is None:
        return None
    found: User | None = User.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise ValidationError({field: _("Nobody has this number.")}, code="invalid_choice")
    return found
