"""The people whom a list's requester field offers."""

import pytest
from django.urls import reverse

from accounts.factories import UserFactory

PEOPLE = reverse("tickets:people")


def offered(client, typed):
    return client.get(PEOPLE, {"q": typed}).content.decode()


@pytest.mark.parametrize("typed", ["Jane", "jane d", "JANE.DOE@", "jane.doe"])
def test_people_are_found_by_the_beginning_of_name_or_address(client_for, agent, requester, other_requester, typed):
    assert offered(client_for(agent), typed) == '<option value="jane.doe@example.com">Jane Doe</option>'


@pytest.mark.parametrize("typed", ["", " ", "Doe", "%", "_ane", "a\x00b", "x" * 5000])
def test_what_nobody_begins_with_finds_nobody(client_for, agent, requester, typed):
    assert offered(client_for(agent), typed) == ""


def test_a_requester_finds_nobody_but_themselves(client_for, requester, other_requester):
    client = client_for(requester)
    assert offered(client, "Michael") == ""
    assert "Jane Doe" in offered(client, "Jane")


def test_those_who_have_left_are_not_offered(client_for, agent):
    UserFactory(username="Gone", is_active=False)
    assert offered(client_for(agent), "Gone") == ""


def test_ten_at_most_are_offered_and_their_names_are_only_text(client_for, agent):
    for _number in range(12):
        UserFactory(username="<b>Zed</b>")
    page = offered(client_for(agent), "<b>Zed")
    assert page.count("<option") == 10
    assert "<b>" not in page


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_many_people_cost_no_more_queries(client_for, agent, rows, django_assert_num_queries):
    for _number in range(rows):
        UserFactory(username="Zed")
    client = client_for(agent)
    with django_assert_num_queries(4):
        offered(client, "Zed")
