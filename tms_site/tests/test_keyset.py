"""Pages by key: every row once, whichever way one walks and whatever arrives meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.factories import UserFactory
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.lib.keyset import SALT, BadCursor, Order, paginate

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = ("title", "creation_date", "priority_rank", "status_rank", "updated_at")
ORDERS = [
    Order(f"{'-' if descending else ''}{column}", column, descending)
    for column in COLUMNS
    for descending in (False, True)
]
# Few values, so that ties are the rule: the order of engines for letters isn't Python's.
rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "B", "b", "é", "e", "🎫", "a b", "0", "Z"]),
        st.integers(0, 3),
        st.sampled_from(["low", "urgent"]),
        st.sampled_from(["open", "resolved"]),
    ),
    max_size=13,
)


def ticket(requester, title="a", minute=0, priority="low", status="open"):
    moment = START + timedelta(minutes=minute, microseconds=minute)
    return Ticket(
        title=title, requester=requester, priority=priority, status=status, creation_date=moment, updated_at=moment
    )


def walk(order, size, *, backwards=False, cursor="", each=lambda: None):
    """Follow the cursors and return the pages as lists of ids, and the last page."""
    pages = []
    while True:
        page = paginate(Ticket.objects.all(), order, cursor, size)
        pages.append([row.pk for row in page.items])
        cursor = page.previous_cursor if backwards else page.next_cursor
        if not cursor:
            return pages, page
        each()


@settings(deadline=None, max_examples=60)
@given(data=rows, order=st.sampled_from(ORDERS), size=st.integers(1, 5))
def test_walking_next_shows_each_row_once_and_walking_back_shows_the_same_pages(data, order, size):
    with transaction.atomic():
        requester = UserFactory()
        Ticket.objects.bulk_create([ticket(requester, *row) for row in data])
        expected = list(Ticket.objects.order_by(*order.by).values_list("pk", flat=True))
        forwards, last = walk(order, size)
        assert [pk for page in forwards for pk in page] == expected
        assert all(len(page) == size for page in forwards[:-1])
        if last.previous_cursor:
            backwards, first = walk(order, size, backwards=True, cursor=last.previous_cursor)
            assert backwards == forwards[-2::-1]
            assert first.next_cursor
        transaction.set_rollback(True)


@settings(deadline=None, max_examples=30)
@given(data=rows, arrivals=rows, order=st.sampled_from(ORDERS), size=st.integers(1, 4))
def test_rows_that_arrive_while_one_pages_neither_repeat_nor_hide_others(data, arrivals, order, size):
    with transaction.atomic():
        requester = UserFactory()
        Ticket.objects.bulk_create([ticket(requester, *row) for row in data])
        before = list(Ticket.objects.order_by(*order.by).values_list("pk", flat=True))
        waiting = [ticket(requester, *row) for row in arrivals]
        pages, _last = walk(order, size, each=lambda: waiting and waiting.pop().save())
        seen = [pk for page in pages for pk in page]
        assert len(seen) == len(set(seen))
        assert [pk for pk in seen if pk in before] == before
        transaction.set_rollback(True)


def test_rows_that_vanish_while_one_pages_do_not_shift_the_others():
    tickets = [TicketFactory(title=str(number)) for number in range(6)]
    order = Order("title", "title", descending=False)
    page = paginate(Ticket.objects.all(), order, "", 2)
    tickets[0].delete()
    tickets[1].delete()
    page = paginate(Ticket.objects.all(), order, page.next_cursor, 2)
    assert [row.title for row in page.items] == ["2", "3"]


def test_a_single_page_has_no_neighbours():
    TicketFactory.create_batch(3)
    page = paginate(Ticket.objects.all(), ORDERS[0], "", 3)
    assert (len(page.items), page.next_cursor, page.previous_cursor) == (3, "", "")


def test_an_empty_list_is_one_empty_page():
    page = paginate(Ticket.objects.all(), ORDERS[0], "", 3)
    assert (page.items, page.next_cursor, page.previous_cursor) == ([], "", "")


def test_the_first_page_reached_backwards_has_no_previous_one():
    TicketFactory.create_batch(4)
    order = ORDERS[0]
    second = paginate(Ticket.objects.all(), order, paginate(Ticket.objects.all(), order, "", 2).next_cursor, 2)
    first = paginate(Ticket.objects.all(), order, second.previous_cursor, 2)
    assert first.previous_cursor == ""
    assert first.next_cursor


def test_a_page_costs_one_query_wherever_it_lies(django_assert_num_queries):
    TicketFactory.create_batch(5)
    cursor = ""
    for _page in range(3):
        with django_assert_num_queries(1):
            cursor = paginate(Ticket.objects.all(), ORDERS[3], cursor, 2).next_cursor


def a_cursor(order):
    TicketFactory.create_batch(3)
    return paginate(Ticket.objects.all(), order, "", 1).next_cursor


def test_a_cursor_of_another_order_is_refused():
    cursor = a_cursor(Order("title", "title", descending=False))
    for other in (Order("-title", "title", descending=True), Order("priority", "priority_rank", descending=False)):
        with pytest.raises(BadCursor):
            paginate(Ticket.objects.all(), other, cursor, 1)


@pytest.mark.parametrize(
    "forge",
    [
        lambda cursor: cursor[:-1] + ("A" if cursor[-1] != "A" else "B"),
        lambda cursor: cursor[1:],
        lambda cursor: "x" + cursor,
        lambda cursor: cursor.upper(),
        lambda cursor: cursor.rpartition(":")[0],
        lambda cursor: f"{cursor}:{cursor}",
        lambda cursor: signing.dumps(["title", "n", "a", 1], salt="another"),
        lambda cursor: signing.dumps(["title", "n", "a", 1], key="stolen", salt=SALT),
    ],
)
def test_a_forged_cursor_is_refused(forge):
    order = Order("title", "title", descending=False)
    cursor = forge(a_cursor(order))
    with pytest.raises(BadCursor):
        paginate(Ticket.objects.all(), order, cursor, 1)


@settings(deadline=None, max_examples=100)
@given(cursor=st.text(min_size=1))
def test_garbage_is_refused(cursor):
    with pytest.raises(BadCursor):
        paginate(Ticket.objects.all(), ORDERS[0], cursor, 1)


@pytest.mark.parametrize(
    "content",
    [
        None,
        {},
        "text",
        [],
        ["title"],
        ["title", "n", "a", 1, 2],
        ["title", "n", {"at": "yesterday"}, 1],
        ["title", "n", {"no": "date"}, 1],
        ["title", "n", {"at": None}, 1],
        ["title", "sideways", "a", 1],
        ["title", "n", ["a"], 1],
        ["title", "n", "a", "1"],
        ["title", "n", "a", None],
    ],
    ids=str,
)
def test_a_signed_cursor_of_another_shape_is_refused(content):
    """What an older TMS signed must not break a newer one."""
    cursor = signing.dumps(content, salt=SALT)
    with pytest.raises(BadCursor):
        paginate(Ticket.objects.all(), Order("title", "title", descending=False), cursor, 1)


@pytest.mark.parametrize("column", ["creation_date", "updated_at", "priority_rank"])
def test_a_signed_cursor_with_a_value_of_another_type_is_refused(column):
    cursor = signing.dumps(["key", "n", "text", 1], salt=SALT)
    with pytest.raises(BadCursor):
        paginate(Ticket.objects.all(), Order("key", column, descending=False), cursor, 1)
