"""What tests of the whole house share: its addresses, the people at its doors, and what must stay unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.factories import UserFactory
from accounts.models import User
from accounts.session_names import session_name
from activity.factories import EntryFactory
from activity.models import ActivityLog
from activity.webhooks.factories import WebhookFactory
from activity.webhooks.models import Webhook, WebhookDelivery
from tickets import services
from tickets.attachments.models import Attachment
from tickets.bulk.actions import PRIORITY, Action
from tickets.bulk.models import BulkRun
from tickets.bulk.services import run_bulk
from tickets.factories import CommentFactory, TicketFactory, picture
from tickets.links import services as links
from tickets.links.kinds import LinkKind, Relation
from tickets.links.models import TicketLink
from tickets.merging.models import Merge
from tickets.merging.services import merge_tickets
from tickets.models import Category, Comment, SavedView, Ticket, TicketTag
from tickets.replies.models import CannedReply
from tickets.replies.services import create_reply
from tickets.sorting import services as sorting
from tickets.sorting.tagging import write_tags

PEOPLE = ("anonymous", "owner", "stranger", "agent", "other_agent", "sysadmin", "deactivated")
NOBODY = 987_654_321


@dataclass(frozen=True)
class Address:
    """One address of the resolver: its full name and its pattern."""

    name: str
    route: str


def addresses() -> list[Address]:
    """Return every address that TMS answers, in the resolver's order."""
    return list(_walk(get_resolver(), (), ""))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], prefix: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, inner, route)
        elif isinstance(pattern, URLPattern):
            yield Address(":".join((*namespaces, pattern.name or route)), route)


@dataclass
class World:
    """A ticket with a comment of its owner and a note of its agent, and everybody who may come to the door."""

    people: dict[str, User]
    ticket: Ticket
    comment: Comment
    note: Comment
    file: Attachment
    note_file: Attachment
    entry: ActivityLog
    view: SavedView
    reply: CannedReply
    # The number of one in the trash.
    trashed: int
    webhook: Webhook
    delivery: WebhookDelivery
    # Another ticket of the owner, and the link between the two.
    other: Ticket
    link: TicketLink
    # A third one of the owner, which is part of the ticket now.
    merge: Merge
    # A ticket of the owner that is resolved.
    rated: Ticket
    category: Category
    # What the agent has done to the resolved ticket.
    bulk: BulkRun
    # By its name: a session of the owner in another browser.
    session: str
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, person: str, **kwargs: Any) -> Client:
        """Return the browser of a person; that of somebody deactivated still has its session."""
        client = Client(raise_request_exception=False, **kwargs)
        if person in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        elif person != "anonymous":
            client.force_login(self.people[person])
        return client

    def data(self, values: dict[str, str]) -> dict[str, str]:
        """Fill the values of a form with the ids of this world."""
        return {name: self.path(value) for name, value in values.items()}

    def path(self, template: str) -> str:
        """Fill an address with the ids of this world."""
        return template.format(
            ticket=self.ticket.pk,
            comment=self.comment.pk,
            note=self.note.pk,
            user=self.people["owner"].pk,
            agent=self.people["agent"].pk,
            file=self.file.pk,
            note_file=self.note_file.pk,
            entry=self.entry.pk,
            view=self.view.pk,
            reply=self.reply.pk,
            trashed=self.trashed,
            webhook=self.webhook.pk,
            delivery=self.delivery.pk,
            other=self.other.pk,
            link=self.link.pk,
            merge=self.merge.pk,
            rated=self.rated.pk,
            category=self.category.pk,
            bulk=self.bulk.pk,
            session=self.session,
            team=self.category.default_team_id,
            nobody=NOBODY,
        )

    def log_in_everybody(self) -> None:
        """Begin the sessions that `client` gives to browsers."""
        for person in self.people:
            self.sessions[person] = self.client(person).cookies[settings.SESSION_COOKIE_NAME].value


def build_world() -> World:
    """Write the world's rows."""
    # Numbers that don't occur in pages by chance.
    people = {
        "owner": UserFactory(id=7_000_001, requester=True, email="owner@example.com", username="Olga Owner"),
        "stranger": UserFactory(id=7_000_002, requester=True, email="stranger@example.com", username="Sam Stranger"),
        "agent": UserFactory(id=7_000_003, agent=True, email="agent@example.com", username="Ana Agent"),
        "other_agent": UserFactory(id=7_000_004, agent=True, email="other.agent@example.com", username="Otto Agent"),
        "sysadmin": UserFactory(id=7_000_005, sysadmin=True, email="sysadmin@example.com", username="Sissi Admin"),
        "deactivated": UserFactory(
            id=7_000_006, agent=True, is_active=False, email="gone@example.com", username="Gabi Gone"
        ),
    }
    owner, agent = people["owner"], people["agent"]
    CommentFactory(id=7_200_000, ticket=TicketFactory(id=7_100_000, requester=owner)).ticket.delete()
    ticket = services.create_ticket(actor=owner, title="Zeppelin", description="It **leaks**.").ticket
    services.assign_to_me(actor=agent, ticket_id=ticket.pk)
    say = partial(services.add_comment, ticket_id=ticket.pk)
    comment = say(actor=owner, description="Ballast", attachments=[picture()]).comment
    note = say(actor=agent, description="Hot air", is_internal=True, attachments=[picture()]).comment
    file, note_file = comment.attachments.get(), note.attachments.get()
    view = services.create_view(actor=agent, name="Airships", parameters="status=open", is_shared=True)
    words = {"name": "Lift", "body": "Dear {{ requester }}, it rises again.", "is_shared": True, "status": "waiting"}
    reply = create_reply(actor=agent, values=words)
    gone = services.create_ticket(actor=owner, title="Balloon", description="Gone with the wind.").ticket.pk
    services.delete_ticket(actor=people["sysadmin"], ticket_id=gone)
    other = services.create_ticket(actor=owner, title="Glider", description="It lands.").ticket
    relation = Relation(LinkKind.RELATES)
    link = links.add_link(actor=agent, ticket_id=ticket.pk, relation=relation, other_id=other.pk).link
    third = services.create_ticket(actor=owner, title="Parachute", description="It opens.").ticket
    merge = merge_tickets(actor=agent, target_id=ticket.pk, source_ids=[third.pk]).merges[0]
    rated = services.create_ticket(actor=owner, title="Hang-glider", description="It glides.").ticket
    services.update_ticket(actor=agent, ticket_id=rated.pk, changes={"status": "resolved"})
    chosen = [(rated.pk, Ticket.objects.get(pk=rated.pk).version)]
    bulk = run_bulk(actor=agent, action=Action(PRIORITY, "low"), chosen=chosen, client_token="kite")
    # It leads to this very machine, and so nowhere.
    webhook = WebhookFactory(url="https://127.0.0.1/", events=[])
    delivery = WebhookDelivery.objects.create(webhook=webhook, key="kite", event="ping", payload={})
    lists = {"name": "Airports", "default_team": sorting.create_team(actor=people["sysadmin"], name="Crew")}
    category = sorting.create_category(actor=people["sysadmin"], **lists)
    tagged = TicketFactory(requester=people["stranger"])
    write_tags(tagged, ["balloon"])
    tagged.delete()
    # So that there is something to purge.
    EntryFactory(activity_date=datetime(2019, 12, 31, tzinfo=UTC))
    ticket.refresh_from_db()
    return World(
        people=people,
        ticket=ticket,
        comment=comment,
        note=note,
        file=file,
        note_file=note_file,
        entry=ActivityLog.objects.filter(ticket_id=ticket.pk).earliest("pk"),
        view=view,
        reply=reply,
        trashed=gone,
        other=other,
        link=link,
        merge=merge,
        rated=rated,
        webhook=webhook,
        delivery=delivery,
        category=category,
        bulk=bulk,
        session=session_name(other_session(owner)),
    )


def other_session(user: User) -> UserSession:
    """Begin a session of a person in a browser that no test uses."""
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    return UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", user_agent="Kite")


def stored(model: type[Model], without: str = "") -> Sequence[tuple[Any, ...]]:
    """Return all rows of a table as they lie there, but for one column: quicker than objects, and changed as surely."""
    quote, meta = connection.ops.quote_name, model._meta
    columns = ", ".join(quote(field.column) for field in meta.concrete_fields if field.name != without)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {quote(meta.db_table)} ORDER BY {quote(meta.pk.column)}")  # noqa: S608 - our own names
        return cursor.fetchall()


# What only deliberate changes may touch, but for when somebody has logged in last.
WATCHED: dict[str, type[Model]] = {
    "tickets": Ticket,
    "comments": Comment,
    "tags": TicketTag,
    "files": Attachment,
    "people": User,
}


def rows() -> dict[str, Sequence[tuple[Any, ...]]]:
    """Return all rows that only deliberate changes may touch."""
    return {name: stored(model, without="last_login") for name, model in WATCHED.items()}


@contextmanager
def undone() -> Iterator[None]:
    """Undo everything that is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


CHANGING = re.compile(
    rb'value="[A-Za-z0-9]{64}"|"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"|\b[0-9a-f]{32}\b'
    rb'|"X-CSRFToken": ?"[^"]+"|csrf-token[^>]+'
)


def stable(content: bytes, *numbers: int) -> bytes:
    """Return a page without what differs from answer to answer: tokens, request ids, and the numbers asked for."""
    content = CHANGING.sub(b"*", content)
    for number in numbers:
        content = content.replace(str(number).encode(), b"#")
    return content


POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "connect-src": "'self'",
}


# ReDoc's page alone lets style sheets in that bear the answer's own nonce (tms_site.openapi).
NONCE = re.compile(r" 'nonce-[\w+/=-]{22,}'")


def policy_of(response: Any) -> dict[str, str]:
    """Return the content security policy of a response by its directives, without the nonce of its style sheets."""
    policy = NONCE.sub("", response["Content-Security-Policy"])
    parts = [part.strip() for part in policy.split(";") if part.strip()]
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def assert_guarded(response: Any) -> None:
    """Fail unless the response has the headers that every response has (docs/security.md, row 20)."""
    policy = policy_of(response)
    assert {name: policy.get(name) for name in POLICY} == POLICY
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"} & set(" ".join(policy.values()).split())
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])


def assert_private(response: Any) -> None:
    """Fail unless the response stays out of every cache."""
    assert {"no-store", "private"} <= {word.strip() for word in response["Cache-Control"].split(",")}
