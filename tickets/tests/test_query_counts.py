"""How many queries a page takes: a constant, whatever the number of rows."""

import pytest
from django.urls import reverse

from accounts.factories import UserFactory
from tickets.factories import CommentFactory, TicketFactory

LIST_OF_THE_DESK = 10
LIST_OF_A_REQUESTER = 10
LATER_PAGE = 8
TICKET = 13
COUNTS = 4


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_list_of_the_desk(client_for, agent, rows, django_assert_num_queries):
    for _row in range(rows):
        TicketFactory(assigned_agent=UserFactory(agent=True))
    client = client_for(agent)
    with django_assert_num_queries(LIST_OF_THE_DESK):
        client.get(reverse("tickets:list"))


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_list_of_a_requester(client_for, requester, rows, django_assert_num_queries):
    TicketFactory.create_batch(rows, requester=requester)
    client = client_for(requester)
    with django_assert_num_queries(LIST_OF_A_REQUESTER):
        client.get(reverse("tickets:list"))


@pytest.mark.parametrize("rows", [3, 9])
def test_a_page_in_the_midst_of_a_filtered_list(client_for, agent, rows, settings, django_assert_num_queries):
    settings.TICKETS_PAGE_SIZE = 2
    TicketFactory.create_batch(rows)
    client = client_for(agent)
    address = client.get(reverse("tickets:list"), {"status": "open"}).context["listing"].next_url
    with django_assert_num_queries(LATER_PAGE):  # without the entry in the log: the first page wrote it
        client.get(address)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_ticket(client_for, sysadmin, rows, django_assert_num_queries):
    ticket = TicketFactory()
    for _row in range(rows):
        CommentFactory(ticket=ticket, commented_by=UserFactory())
    client = client_for(sysadmin)
    with django_assert_num_queries(TICKET):
        client.get(ticket.get_absolute_url())


@pytest.mark.parametrize("rows", [1, 50])
def test_the_counts_of_the_rail(client_for, agent, rows, django_assert_num_queries):
    TicketFactory.create_batch(rows)
    client = client_for(agent)
    with django_assert_num_queries(COUNTS):
        client.get(reverse("tickets:counts"))
