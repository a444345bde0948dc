"""What the API of tickets takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from accounts.actors import Actor
from accounts.api.people import Person, person
from tickets import policies
from tickets.api.names import Names, names_of
from tickets.attachments.models import Attachment
from tickets.enums import DESCRIPTION_MAX, PARAMETERS_MAX, TITLE_MAX, VIEW_NAME_MAX
from tickets.models import Comment, Ticket
from tickets.sorting.names import TAG_MAX, TAGS_MAX
from tms_site.lib.api.answers import iso
from tms_site.lib.api.schemas import Answer, Body, Cursor, DateTime, FormId, Id, Limit, Moment

StatusName = Literal["open", "in_progress", "waiting", "resolved"]
PriorityName = Literal["low", "medium", "high", "urgent"]
SortKey = Literal[
    "-updated_at", "updated_at", "-creation_date", "creation_date", "-priority", "priority",
    "-status", "status", "title", "-title", "match",
]  # fmt: skip # the orders of the list, two directions each

Title = Annotated[str, Field(min_length=1, max_length=TITLE_MAX, description="What is wrong, in one line.")]
Text = Annotated[str, Field(min_length=1, max_length=DESCRIPTION_MAX, description="Markdown.")]
TagName = Annotated[str, Field(min_length=1, max_length=TAG_MAX)]
Tags = Annotated[list[TagName], Field(max_length=TAGS_MAX)]
# What an address may say of a day: a date, a minute, or a span up to now.
Since = Annotated[
    str,
    Field(
        max_length=20,
        description="A date such as 2026-03-31, a minute such as 2026-03-31T22:00Z, or a span such as 7d, 24h, 3m.",
    ),
]
Day = Annotated[str, Field(max_length=20, description="A date such as 2026-03-31; that day is among them.")]
ShelfName = Annotated[str, Field(max_length=100)]
Who = Annotated[str, Field(max_length=320)]


class Shelf(Answer):
    """A category or team."""

    id: int | None = Field(description="The number; of a team the helpdesk's alone.")
    name: str


class ShelfList(Answer):
    """Categories, or teams."""

    items: list[Shelf]


class TicketRow(Answer):
    """A ticket in a list."""

    id: int
    title: str
    status: StatusName
    priority: PriorityName
    requester: Person
    assigned_agent: Person | None
    category: Shelf | None = Field(description="What it's about.")
    team: Shelf | None = Field(description="Who looks after it.")
    tags: list[str] | None = Field(description="Its tags, sorted; null for those who see none: the helpdesk does.")
    creation_date: DateTime
    updated_at: DateTime
    resolution_date: DateTime | None
    is_merged: bool = Field(description="Whether it has become a part of another ticket, where it goes on.")
    merged_into: int | None = Field(description="The number of that ticket; told to the helpdesk.")
    version: int


class TicketOut(TicketRow):
    """A ticket."""

    description: str = Field(description="Markdown, as it was written.")


class TicketPage(Answer):
    """One page of a list of tickets."""

    items: list[TicketRow]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last one.")
    previous_cursor: str | None


class TicketQuery(Body):
    """The filters of the list: the same as on the page."""

    status: list[StatusName] = Field(default=[], description="One or several.")
    priority: list[PriorityName] = Field(default=[], description="One or several.")
    assigned_agent: Who | None = Field(default=None, description="A number, an address, “me”, “none” or “any”.")
    requester: Who | None = Field(default=None, description="A number, an address, a name or “me”.")
    category: list[ShelfName] = Field(default=[], description="Names or numbers, or “none”; one or several.")
    team: list[ShelfName] = Field(default=[], description="Likewise, and “mine”; for the helpdesk.")
    tag: list[str] = Field(default=[], max_length=20, description="Tags, all of which are there; for the helpdesk.")
    watching: Literal["me"] | None = Field(default=None, description="“me”: those that you watch, for the helpdesk.")
    rating: Literal["good", "bad"] | None = Field(default=None, description="What its requester said of it.")
    created_after: Since | None = None
    created_before: Day | None = None
    updated_after: Since | None = None
    updated_before: Day | None = None
    resolved_after: Since | None = None
    resolved_before: Day | None = None
    q: str | None = Field(default=None, max_length=200, description="Words, “phrases”, #number, status:open, …")
    view: str | None = Field(default=None, max_length=60, description="The name in addresses of a view.")
    sort: SortKey | None = Field(default=None, description="The order; with a minus from its end.")
    cursor: Cursor = ""
    limit: Limit = 50


class NewTicket(Body):
    """A new ticket. Only the desk says whose it is, who works on it, and which tags it has."""

    title: Title
    description: Text
    category: Id | None = Field(default=None, description="The number of what it's about (/categories).")
    priority: PriorityName | None = Field(default=None, description="As usual for its category, or medium.")
    requester: Id | None = Field(default=None, description="The number of who asks; yourself unless given.")
    team: Id | None = Field(default=None, description="The number of who looks after it; as usual for its category.")
    assigned_agent: Id | None = Field(default=None, description="The number of who works on it.")
    tags: Tags = Field(default=[], description="Names. One that there isn't yet comes into being.")


class TicketChange(Body):
    """What changes about a ticket; what isn't sent stays."""

    title: Title | None = None
    description: Text | None = None
    category: Id | None = Field(default=None, description="The number of what it's about; null for none.")
    priority: PriorityName | None = None
    status: StatusName | None = None
    team: Id | None = Field(default=None, description="The number of who looks after it; null for nobody.")
    assigned_agent: Id | None = Field(default=None, description="The number of who works on it; null for nobody.")
    tags: Tags | None = Field(default=None, description="All its tags: those that aren't among them are taken away.")
    resolution_date: Moment | None = Field(default=None, description="When it was resolved.")


class AttachedFile(Answer):
    """A file, as its comment names it."""

    id: int
    name: str
    size: int = Field(description="In bytes.")
    content_type: str = Field(description="What its ending says that it is.")


class AttachmentOut(AttachedFile):
    """A file on a ticket or comment."""

    comment: int | None = Field(description="The number of the comment; null for a file of the ticket itself.")
    is_internal: bool = Field(description="Whether it belongs to a note, which only the desk sees.")
    uploaded_by: Person
    creation_date: DateTime


class AttachmentPage(Answer):
    """One page of the files on a ticket."""

    items: list[AttachmentOut]
    next_cursor: str | None
    previous_cursor: str | None


class AttachmentQuery(Body):
    """Which page of the files."""

    cursor: Cursor = ""
    limit: Limit = 50


class NewAttachment(Body):
    """What stands beside the file."""

    comment: FormId | None = Field(default=None, description="The comment that it belongs to; none for the ticket.")


class CommentOut(Answer):
    """A comment."""

    id: int
    author: Person
    description: str = Field(description="Markdown, as it was written.")
    is_internal: bool = Field(description="Whether it's a note that only the desk sees.")
    attachments: list[AttachedFile]
    creation_date: DateTime
    edited_at: DateTime | None
    version: int


class CommentPage(Answer):
    """One page of a conversation."""

    items: list[CommentOut]
    next_cursor: str | None
    previous_cursor: str | None


class CommentQuery(Body):
    """Which page of the conversation."""

    cursor: Cursor = ""
    limit: Limit = 50


class NewComment(Body):
    """A reply, or for the desk an internal note."""

    description: Text
    is_internal: bool = Field(default=False, description="Whether it's a note that only the desk sees.")
    status: StatusName | None = Field(default=None, description="What the ticket's status becomes along with it.")


class CommentChange(Body):
    """What changes about a comment; what isn't sent stays."""

    description: Text | None = None
    is_internal: Literal[False] | None = Field(default=None, description="false makes a note public, for good.")


class ViewOut(Answer):
    """A view: a list's filters and order under a name."""

    id: int | None = Field(description="The number of a kept view; null for one that everybody has.")
    slug: str = Field(description="Its name in addresses: /tickets?view=…")
    name: str
    parameters: str = Field(description="The parameters of the list's address.")
    is_shared: bool
    is_default: bool
    is_own: bool


class ViewList(Answer):
    """All views of somebody, in the order of the menu."""

    items: list[ViewOut]


class NewView(Body):
    """A view to keep."""

    name: str = Field(min_length=1, max_length=VIEW_NAME_MAX)
    parameters: str = Field(default="", max_length=PARAMETERS_MAX, description="Those of the list's address.")
    is_shared: bool = Field(default=False, description="Whether everybody at the desk sees it.")


class ViewChange(Body):
    """What changes about a view; what isn't sent stays."""

    name: str | None = Field(default=None, min_length=1, max_length=VIEW_NAME_MAX)
    parameters: str | None = Field(default=None, max_length=PARAMETERS_MAX)
    is_shared: bool | None = None


def ticket_row(actor: Actor, ticket: Any, names: Names) -> dict[str, Any]:
    """Return a ticket as a list shows it.

    Args:
        actor: who looks.
        ticket: a Ticket, or a row with its columns.
        names: those of what it has numbers of.
    """
    agent, people = ticket.assigned_agent_id, names.people
    return {
        "id": ticket.pk,
        "title": ticket.title,
        "status": ticket.status,
        "priority": ticket.priority,
        "requester": person(actor, ticket.requester_id, people[ticket.requester_id]),
        "assigned_agent": person(actor, agent, people[agent]) if agent in people else None,
        "category": shelf(ticket.category_id, names.categories),
        # Whoever can't give tickets to teams reads its name only.
        "team": shelf(ticket.team_id, names.teams, numbered=bool(policies.can_assign(actor, ticket))),
        "tags": None if names.tags is None else names.tags.get(ticket.pk, []),
        "creation_date": iso(ticket.creation_date),
        "updated_at": iso(ticket.updated_at),
        "resolution_date": iso(ticket.resolution_date),
        "is_merged": ticket.merged_into_id is not None,
        "merged_into": ticket.merged_into_id if policies.can_merge(actor, ticket) else None,
        "version": ticket.version,
    }


def shelf(number: int | None, names: dict[int, str], *, numbered: bool = True) -> dict[str, Any] | None:
    """Return a category or team by its number, or None where there's none."""
    if number not in names:
        return None
    return {"id": number if numbered else None, "name": names[number]}


def ticket_out(actor: Actor, ticket: Ticket) -> dict[str, Any]:
    """Return a ticket that was loaded with its people, category and team."""
    return ticket_row(actor, ticket, names_of(actor, ticket)) | {"description": ticket.description}


def attached_file(attachment: Attachment) -> dict[str, Any]:
    """Return a file as its comment names it."""
    return {
        "id": attachment.pk,
        "name": attachment.name,
        "size": attachment.size,
        "content_type": attachment.content_type,
    }


def attachment_out(actor: Actor, attachment: Attachment) -> dict[str, Any]:
    """Return a file that was loaded with its comment and with who attached it."""
    return attached_file(attachment) | {
        "comment": attachment.comment_id,
        "is_internal": attachment.is_internal,
        "uploaded_by": person(actor, attachment.uploaded_by_id, attachment.uploaded_by.label),
        "creation_date": iso(attachment.creation_date),
    }


def comment_out(actor: Actor, comment: Comment) -> dict[str, Any]:
    """Return a comment that was loaded with its author and its files."""
    return {
        "id": comment.pk,
        "author": person(actor, comment.commented_by_id, comment.commented_by.label),
        "description": comment.description,
        "is_internal": comment.is_internal,
        "attachments": [attached_file(each) for each in comment.attachments.all()],
        "creation_date": iso(comment.creation_date),
        "edited_at": iso(comment.edited_at),
        "version": comment.version,
    }
