"""The API of the log, for SysAdmins, and of tickets' timelines, for whoever may see the ticket."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, WithJsonSchema

from accounts.actors import Actor
from accounts.api.people import Person, person
from accounts.models import User
from accounts.tokens.auth import ApiRequest, actor_of
from activity import policies, services
from activity.enums import ActivityType
from activity.filters import ActivityFilter
from activity.listing import BY_DATE, BY_NUMBER
from activity.models import ActivityLog
from activity.querysets import ActivityQuerySet
from activity.timeline import Event, page_of
from tickets.api.schemas import CommentOut, comment_out
from tickets.api.tickets import get_ticket
from tickets.services import note_viewed
from tms_site.lib.api.answers import answer, iso
from tms_site.lib.api.pages import answer_page, filters_of, load, refuse_ignored
from tms_site.lib.api.schemas import Answer, Body, Cursor, DateTime, Id, Limit, Moment
from tms_site.lib.keyset import paginate
from tms_site.lib.permissions import require
from tms_site.lib.time_limit import time_limit

router = Router(tags=["Activity"])
timeline_router = Router(tags=["Tickets"])

# The filter itself refuses what is none of them.
TypeName = Annotated[str, WithJsonSchema({"type": "string", "enum": ActivityType.values})]


class LogEntry(Answer):
    """One thing that somebody did."""

    id: int
    user: Person | None = Field(description="Who did it; null for TMS itself and unknown visitors.")
    user_label: str
    activity_type: TypeName
    activity_date: DateTime
    details: str
    target_type: str
    target_id: int | None
    target_label: str
    ticket_id: int | None
    request_id: str


class LogPage(Answer):
    """One page of the log."""

    items: list[LogEntry]
    next_cursor: str | None
    previous_cursor: str | None


class PersonLogQuery(Body):
    """The filters of one person's log: the same as on the page."""

    activity_type: list[TypeName] = Field(default=[], description="One or several.")
    after: str | None = Field(default=None, max_length=40, description="From a date, or a date with a time.")
    before: str | None = Field(default=None, max_length=40, description="Before it.")
    ticket: str | None = Field(default=None, max_length=20, pattern=r"^#?[0-9]+$", description="About this ticket.")
    cursor: Cursor = ""
    limit: Limit = 50


class LogQuery(PersonLogQuery):
    """The filters of the log: the same as on the page."""

    user: str | None = Field(default=None, max_length=320, description="A number or an address.")


class PurgeQuery(Body):
    """What is to go."""

    before: Moment = Field(description="Older entries go.")


class Purged(Answer):
    """What went."""

    removed: int


class TimelineEvent(Answer):
    """Something that happened on a ticket."""

    kind: Literal["comment", "opened", "changed", "removed"] = Field(description="More kinds may come.")
    who: str
    at: DateTime
    sentences: list[str] = Field(description="What changed, for people.")
    comment: CommentOut | None


class TimelinePage(Answer):
    """One page of what happened on a ticket, oldest first."""

    items: list[TimelineEvent]
    next_cursor: str | None
    previous_cursor: str | None


class TimelineQuery(Body):
    """Which page of a timeline."""

    cursor: Cursor = ""
    limit: Limit = 50


@timeline_router.get(
    "/{int:ticket_id}/timeline", response=TimelinePage, summary="Get a ticket's timeline", url_name="get_timeline"
)
def get_timeline(request: ApiRequest, ticket_id: Id, query: Query[TimelineQuery]) -> HttpResponse:
    """Return a page of a ticket's comments and changes in one order, oldest first, as its page shows them."""
    actor, ticket = actor_of(request), get_ticket(request, ticket_id)
    page = load(lambda: page_of(ticket, actor, query.cursor, query.limit))
    note_viewed(actor=actor, ticket=ticket)
    return answer_page(request, page, [_event(actor, event) for event in page.items])


def _event(actor: User, event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "who": event.who,
        "at": iso(event.at),
        "sentences": event.sentences,
        "comment": None if event.comment is None else comment_out(actor, event.comment),
    }


@router.get("", response=LogPage, summary="Read the log", url_name="list_activity")
def list_activity(request: ApiRequest, query: Query[LogQuery]) -> HttpResponse:
    """Return a page of the log, newest first. SysAdmins only."""
    actor = actor_of(request)
    require(policies.can_see_log(actor))
    return _answer_log(request, ActivityLog.objects.visible_to(actor), query)


@router.delete("", response=Purged, summary="Purge the log", url_name="purge_activity")
def purge_activity(request: ApiRequest, query: Query[PurgeQuery]) -> HttpResponse:
    """Remove entries older than `before`, and write that into the log. SysAdmins only."""
    return answer(request, {"removed": services.purge(actor=actor_of(request), before=query.before)})


@router.get("/users/{int:user_id}", response=LogPage, summary="Read what somebody did", url_name="list_user_activity")
def list_user_activity(request: ApiRequest, user_id: Id, query: Query[PersonLogQuery]) -> HttpResponse:
    """Return a page of what one person did, newest first. SysAdmins only."""
    actor = actor_of(request)
    require(policies.can_see_log(actor))
    whose = User.objects.for_choice().get(pk=user_id)
    entries = ActivityLog.objects.visible_to(actor).filter(user=whose)
    return _answer_log(request, entries, query, whose)


@router.delete(
    "/users/{int:user_id}", response=Purged, summary="Purge what somebody did", url_name="purge_user_activity"
)
def purge_user_activity(request: ApiRequest, user_id: Id, query: Query[PurgeQuery]) -> HttpResponse:
    """Remove what one person did before `before`, and write that into the log. SysAdmins only."""
    actor = actor_of(request)
    require(policies.can_purge(actor))
    whose = User.objects.for_choice().get(pk=user_id)
    return answer(request, {"removed": services.purge(actor=actor, before=query.before, user=whose)})


def _answer_log(
    request: ApiRequest, entries: ActivityQuerySet, query: PersonLogQuery, whose: User | None = None
) -> HttpResponse:
    chosen = ActivityFilter(filters_of(request), entries, fixed_user=whose)
    refuse_ignored(chosen.refused)
    order = BY_DATE if chosen.by_date else BY_NUMBER
    with time_limit(settings.LIST_TIME_LIMIT):
        page = load(lambda: paginate(chosen.qs.for_list(), order, query.cursor, query.limit))
    actor = actor_of(request)
    return answer_page(request, page, [_entry(actor, entry) for entry in page.items])


def _entry(actor: Actor, entry: ActivityLog) -> dict[str, Any]:
    who = None if entry.user_id is None else person(actor, entry.user_id, entry.user_label)
    return {
        "id": entry.pk,
        "user": who,
        "user_label": entry.user_label,
        "activity_type": entry.activity_type,
        "activity_date": iso(entry.activity_date),
        "details": entry.details,
        "target_type": entry.target_type,
        "target_id": entry.target_id,
        "target_label": entry.target_label,
        "ticket_id": entry.ticket_id,
        "request_id": entry.request_id,
    }
