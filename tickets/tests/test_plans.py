"""A list costs its rows, not the table's: what MariaDB really reads for each list that TMS offers.

`Handler_read…` counts the rows that a statement touched, sorting included; a full scan or a sort of the whole table
can't hide. The bound is the same for 20,000 tickets, made here, and for a million: name a database that holds
them with TMS_BIG_DATABASE_URL (`manage.py generate_tickets`; the test only reads).
"""

import os
import random
from datetime import timedelta

import environ
import pytest
from django.db import connections
from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone

from accounts.factories import UserFactory
from accounts.models import User
from tickets import date_filters, navigation, plans
from tickets.enums import Priority, Status
from tickets.filters import SORTS, TicketFilter, order_of
from tickets.models import Ticket
from tickets.sorting import lists
from tickets.tests import sorting
from tms_site.lib.counts import CAP, capped_count
from tms_site.lib.keyset import paginate

pytestmark = pytest.mark.mysql

ROWS = 20_000
# A week's resolved tickets are sorted: as many as that; of the few rows here a quarter.
MOST_READS = {"default": ROWS // 4, "big": 10_000}
PAGE_SIZE = 50
BIG = os.environ.get("TMS_BIG_DATABASE_URL", "")


class EverythingFrom:
    """A router that reads everything from one database."""

    def __init__(self, alias):
        self.alias = alias

    def db_for_read(self, model, **hints):
        return self.alias


@pytest.fixture(scope="module")
def twenty_thousand(lasting):
    with lasting():
        make_tickets()


def make_tickets():
    dice = random.Random(1)  # noqa: S311 - the same tickets each time
    agents = [UserFactory(agent=True) for _number in range(4)]
    teams, categories = sorting.make()
    requesters = UserFactory.create_batch(10)
    begin = timezone.now() - timedelta(days=1000)
    tickets = []
    for number in range(ROWS):
        created = begin + timedelta(minutes=72 * number)
        # As in life: the old ones are resolved, and what's left open is young.
        resolved = dice.random() < (0.98 if number < ROWS * 0.9 else 0.4)
        updated = created + timedelta(hours=dice.random() * 100)
        tickets.append(
            Ticket(
                title=f"{dice.randrange(10**9)} ticket",
                description="x",
                status=Status.RESOLVED if resolved else dice.choice(["open", "open", "in_progress", "waiting"]),
                priority=dice.choices(Priority.values, [30, 46, 18, 6])[0],
                creation_date=created,
                updated_at=updated,
                resolution_date=updated if resolved else None,
                requester=dice.choice(requesters),
                assigned_agent=dice.choice([*agents, None]),
                team=dice.choice([*teams, None]),
                # The last category is rare, and nobody has chosen it for years.
                category=categories[-1] if number < 60 else dice.choice([*categories[:-1], None]),
            )
        )
    Ticket.objects.bulk_create(tickets, batch_size=2000)
    sorting.tag(Ticket.objects.order_by("pk").values_list("pk", flat=True))
    with connections["default"].cursor() as cursor:
        for table in ("tickets_ticket", "tickets_tickettag"):
            cursor.execute(f"ANALYZE TABLE {table}")
            cursor.fetchall()


def reads_of(alias, read):
    """Return how many rows the database touched, and what `read` returned."""
    with connections[alias].cursor() as cursor:
        cursor.execute("FLUSH STATUS")
        result = read()
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
        return sum(int(value) for _name, value in cursor.fetchall()), result


def busiest(column):
    counted = Ticket.objects.order_by().exclude(**{column: None}).values(column).annotate(many=Count("pk"))
    return User.objects.get(pk=counted.order_by("-many")[0][column])


def queries_of_desk(agent, requester):
    yield from (f"status={value}" for value in Status.values)
    yield from (f"priority={value}" for value in Priority.values)
    yield from ("assigned_agent=me", "assigned_agent=none", f"assigned_agent={agent.pk}", f"requester={requester.pk}")


def queries_by_shelf():
    """Return the lists by team and category: the busiest, the rarest, none; and what a team still has to do."""
    for column in ("team", "category"):
        counted = Ticket.objects.order_by().exclude(**{column: None}).values(column).annotate(many=Count("pk"))
        numbers = [row[column] for row in counted.order_by("-many")]
        for value in {numbers[0], numbers[-1], "none"} if numbers else ():
            yield f"{column}={value}"
        if numbers:
            yield f"{column}={numbers[0]}&status=open&status=in_progress&status=waiting"


def queries_of_requesters():
    yield from (f"status={value}" for value in Status.values)
    yield from (f"priority={value}" for value in Priority.values)


def lists_of(person, queries):
    """Return each list as its name and its filters: those of the rail, then single ones."""
    visible = Ticket.objects.visible_to(person)
    found = [(f"{person.role} ?{query}", TicketFilter(QueryDict(query), visible, actor=person)) for query in queries]
    return [*navigation.filters_of_views(person), *found]


def too_expensive(alias, name, chosen):
    """Yield what reads more than it may: the count, and each order's first pages and last one."""
    reads, _count = reads_of(alias, lambda: capped_count(chosen.to_count))
    if reads > MOST_READS[alias]:
        yield f"{name} count: {reads}"
    for sort in SORTS:
        order, cursor = order_of(sort), ""
        tickets = plans.in_order(chosen.qs, chosen.conditions, order.column).for_list()
        for page_number in range(1, 4):
            reads, page = reads_of(alias, lambda: paginate(tickets, order, cursor, PAGE_SIZE))  # noqa: B023 - runs at once
            if reads > MOST_READS[alias]:
                yield f"{name} by {sort}, page {page_number}: {reads}"
            cursor = page.next_cursor
            if not cursor:
                break


def assert_lists_are_cheap(alias):
    agent, requester = busiest("assigned_agent"), busiest("requester")
    assert_counts_read_no_rows(alias, agent)
    assert_counts_read_no_rows(alias, requester)
    lists = [
        *lists_of(agent, [*queries_of_desk(agent, requester), *queries_by_shelf()]),
        *lists_of(requester, queries_of_requesters()),
    ]
    assert [offence for name, chosen in lists for offence in too_expensive(alias, name, chosen)] == []


def assert_counts_read_no_rows(alias, person):
    """Assert that each count of the rail is answered by an index alone."""
    for slug, chosen in navigation.filters_of_views(person):
        assert "Using index" in chosen.to_count.values("pk")[: CAP + 1].using(alias).explain(), slug


@pytest.mark.django_db
def test_each_list_and_count_reads_no_more_than_its_share_of_twenty_thousand_tickets(twenty_thousand):
    assert_lists_are_cheap("default")


# Rows of a tag are looked up and sorted as long as it's rare, which a tag of many tickets isn't.
MOST_READS_BY_TAG = {"rare": 3 * 200 + 100, "frequent": 1_000}


@pytest.mark.django_db
@pytest.mark.parametrize("tag", ["rare", "frequent"])
def test_a_list_by_a_tag_reads_its_tickets_or_few_others(twenty_thousand, tag, monkeypatch):
    monkeypatch.setattr(lists, "RARE", 500)
    agent = User.objects.filter(role="agent").first()
    chosen = TicketFilter(QueryDict(f"tag={tag}"), Ticket.objects.visible_to(agent), actor=agent)
    assert len(chosen.qs) > 100
    for sort in SORTS:
        tickets = plans.in_order(chosen.qs, chosen.conditions, order_of(sort).column).for_list()
        reads, page = reads_of("default", lambda: paginate(tickets, order_of(sort), "", PAGE_SIZE))  # noqa: B023 - at once
        assert len(page.items) == PAGE_SIZE
        assert reads <= MOST_READS_BY_TAG[tag], sort


# Far from where an order begins: asking how many they are, looking them up, sorting them; or a page by title.
MOST_READS_BY_DATE = {"default": 3_000, "big": 160_000}
DAYS = timedelta(days=30)


def assert_lists_by_date_are_cheap(alias):
    agent = User.objects.filter(role="agent").first()
    oldest, newest = (
        Ticket.objects.order_by(by).values_list("creation_date", flat=True)[0]
        for by in ("creation_date", "-creation_date")
    )
    offences = []
    for name in date_filters.DATES:
        day = newest - DAYS if name.endswith(date_filters.AFTER) else oldest + DAYS
        for sort in SORTS:
            query = QueryDict(f"{name}={day:%Y-%m-%d}&sort={sort}")
            chosen, order = TicketFilter(query, Ticket.objects.visible_to(agent), actor=agent), order_of(sort)
            reads, page = reads_of(alias, lambda: paginate(chosen.in_order.for_list(), order, "", PAGE_SIZE))  # noqa: B023 - runs at once
            assert len(page.items) == PAGE_SIZE
            if reads > MOST_READS_BY_DATE[alias]:
                offences.append(f"{name} by {sort}: {reads}")
    assert offences == []


@pytest.mark.django_db
def test_a_list_by_a_date_reads_the_tickets_of_that_date_or_few_others(twenty_thousand, monkeypatch):
    monkeypatch.setattr(date_filters, "RARE", 100)
    monkeypatch.setattr(date_filters, "RARE_AT_THE_FAR_END", 1_000)
    assert_lists_by_date_are_cheap("default")


@pytest.mark.skipif(not BIG, reason="needs TMS_BIG_DATABASE_URL: a database with a million tickets")
def test_each_list_and_count_reads_no_more_of_a_million_tickets(settings, django_db_blocker):
    connections.databases["big"] = {**connections.databases["default"], **environ.Env.db_url_config(BIG)}
    settings.DATABASE_ROUTERS = [EverythingFrom("big")]
    # Without the mark `django_db`: it knows the test database only, and this one is no place for tests that write.
    with django_db_blocker.unblock():
        try:
            assert_lists_are_cheap("big")
            assert_lists_by_date_are_cheap("big")
        finally:
            connections["big"].close()
            del connections.databases["big"], connections["big"]
