"""What happens inside the measured database, before and after: `python -m benchmarks.prepare make|tidy …`.

Prints what it found as one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import User
from accounts.services import set_password
from accounts.tokens import services as tokens
from accounts.tokens.models import ApiLogin, PersonalToken, Scope
from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from benchmarks.client import FORM
from benchmarks.pages import OF_THE_LONGEST, PAGES, WRITER, WRITTEN_HERE, Desk, Page, Targets
from scripts.serve import collect_static
from tickets import services
from tickets.filters import DEFAULT_SORT, order_of
from tickets.models import Comment, Ticket
from tms_site.generating.words import ZIRKON
from tms_site.lib.keyset import paginate

FEW, MANY, DEEP = 5, 40, 1_000
COMMENTS, CHANGES = 5_000, 2_000
TICKETS_OF_A_DESK = 4
PROGRAM = "bench-token"
LONG_AGO = timedelta(days=700)
GOOD = frozenset({200, 302})


def make(size: int | None, desks: int, pages: Collection[Page]) -> dict[str, Any]:
    """Make the database if it isn't there, fill it, and say what to ask it for and with how many queries.

    Args:
        size: how many tickets it gets if it has none; without one it's measured as it is.
        desks: how many clients will write to it.
        pages: what will be asked for.
    """
    _create_database()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    collect_static()
    # What a run has left that was killed.
    tidy()
    if size is not None and not Ticket.objects.exists():
        call_command("generate_tickets", tickets=size)
    tickets = Ticket.objects.count()
    targets = _targets(_busiest_agent(), desks + 1, with_longest=any(each.key in OF_THE_LONGEST for each in pages))
    agent = User.objects.get(email=targets.email)
    return {
        "tickets": tickets,
        "queries": _queries(agent, Desk(targets, targets.desks.pop()), pages),
        "targets": asdict(targets),
        "engine": _engine(),
    }


def tidy() -> dict[str, Any]:
    """Delete what the measuring has written; its entries in the log stay."""
    ours = Ticket.objects.filter(created_by__in=User.objects.assignable(), client_token__startswith=WRITTEN_HERE)
    numbers = list(ours.values_list("pk", flat=True))
    # Row by row they would be written down for the trash, with nobody to want them back.
    Comment.objects.filter(ticket__in=numbers).delete()
    ActivityLog.objects.filter(ticket_id__in=numbers, request_id=WRITTEN_HERE).delete()
    for number in numbers:
        services.delete_ticket(actor=SYSTEM, ticket_id=number)
    ours = PersonalToken.objects.filter(name=PROGRAM)
    # The password that was set has ended whatever log-ins there were before.
    ApiLogin.objects.filter(user__in=list(ours.values_list("user", flat=True))).delete()
    ours.delete()
    return {"deleted": len(numbers)}


def _create_database() -> None:
    if connection.vendor != "mysql":
        return
    import MySQLdb  # noqa: PLC0415 - there is none where SQLite is measured

    parameters = connection.get_connection_params()
    name = parameters.pop("database")
    given = {key: parameters[key] for key in ("host", "user", "password", "port") if key in parameters}
    server = MySQLdb.connect(**given)
    server.cursor().execute(f"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4")
    server.close()


def _busiest_agent() -> User:
    agents = User.objects.assignable().annotate(load=Count("assigned_tickets")).order_by("-load", "pk")
    agent = agents.first()
    if agent is None:
        raise SystemExit("The database has no agent to log in as.")
    return agent


def _targets(agent: User, desks: int, *, with_longest: bool) -> Targets:
    password = f"Bench-{uuid4()}"
    set_password(actor=agent, user=agent, password=password)
    made = tokens.create_personal_token(actor=agent, name=PROGRAM, scope=Scope.READ, days=tokens.LIFETIMES[0])
    page = min(DEEP, max(Ticket.objects.count() // settings.TICKETS_PAGE_SIZE, 2))
    rows = Ticket.objects.only("pk", "updated_at")
    before = paginate(rows, order_of(DEFAULT_SORT), "", (page - 1) * settings.TICKETS_PAGE_SIZE)
    return Targets(
        cursor=before.next_cursor,
        cursor_page=page,
        marker=ZIRKON,
        few=_with_comments(FEW),
        many=_with_comments(MANY),
        longest=_longest(agent) if with_longest else 0,
        desks=[list(_open_tickets(agent)) for _ in range(desks)],
        email=agent.email,
        password=password,
        token=made.secret,
    )


def _with_comments(number: int) -> int:
    counted = Comment.objects.order_by("ticket_id").values("ticket_id").annotate(number=Count("pk"))
    found = counted.filter(number=number).first()
    if found is None:
        raise SystemExit(f"The database has no ticket with {number} comments.")
    ticket_id: int = found["ticket_id"]
    return ticket_id


def _longest(agent: User) -> int:
    """Write a ticket with 5,000 comments and 2,000 changes, as no service could in a reasonable time."""
    ticket = next(_open_tickets(agent))
    begin = timezone.now() - LONG_AGO
    Comment.objects.bulk_create(
        Comment(
            ticket_id=ticket,
            commented_by=agent,
            description=WRITER.text(20),
            creation_date=begin + timedelta(minutes=number),
        )
        for number in range(COMMENTS)
    )
    ActivityLog.objects.bulk_create(
        ActivityLog(
            user=agent,
            user_label=agent.label,
            activity_type=ActivityType.UPDATE,
            activity_date=begin + timedelta(minutes=2.5 * number),
            target_type=TargetType.TICKET,
            target_id=ticket,
            ticket_id=ticket,
            changes={"priority": ["low", "high"]},
            in_timeline=True,
            request_id=WRITTEN_HERE,
        )
        for number in range(CHANGES)
    )
    return ticket


def _open_tickets(agent: User) -> Iterator[int]:
    for _ in range(TICKETS_OF_A_DESK):
        result = services.create_ticket(
            actor=agent,
            title=WRITER.title(),
            description=WRITER.text(40),
            client_token=f"{WRITTEN_HERE}{uuid4()}",
            # Not on the first page of the list before somebody has written to it.
            at=timezone.now() - LONG_AGO,
        )
        yield result.ticket.pk


def _queries(agent: User, desk: Desk, pages: Collection[Page]) -> dict[str, int]:
    colleague, stranger = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    colleague.force_login(agent, "accounts.backends.EmailBackend")
    counted = {}
    for page in pages:
        client = stranger if page.request(desk).stranger else colleague
        if _ask(client, page, desk) not in GOOD:
            continue
        # The first time is noted in the log, and fills what is kept in memory.
        with CaptureQueriesContext(connection) as queries:
            _ask(client, page, desk)
        counted[page.key] = len(queries)
    return counted


def _ask(client: Client, page: Page, desk: Desk) -> int:
    request = page.request(desk)
    if request.data is None:
        headers = {"Authorization": f"Bearer {desk.targets.token}"} if request.program else {}
        return client.get(request.path, headers=headers).status_code
    headers = {} if request.plain else {"HX-Request": "true"}
    return client.post(request.path, urlencode(request.data), content_type=FORM, headers=headers).status_code


def _engine() -> str:
    if connection.vendor != "mysql":
        return f"SQLite {connection.Database.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT VERSION(), @@innodb_buffer_pool_size, @@innodb_adaptive_hash_index")
        version, pool, hashes = cursor.fetchone()
    return f"{version}, buffer pool {pool >> 20} MiB, adaptive hash index {'on' if hashes else 'off'}"


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("make", "tidy"))
    parser.add_argument("--size", type=int)
    parser.add_argument("--desks", type=int, default=9)
    parser.add_argument("--pages", nargs="+", default=[page.key for page in PAGES], help="the rows to prepare for")
    options = parser.parse_args()
    with redirect_stdout(sys.stderr):
        pages = [page for page in PAGES if page.key in options.pages]
        found = make(options.size, options.desks, pages) if options.what == "make" else tidy()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
