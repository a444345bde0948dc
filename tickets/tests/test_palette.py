"""What the palette finds: tickets as the search box would, people for the desk, and never what one may not see."""

import pytest
from django.db import InternalError, connection
from django.urls import reverse

from accounts.factories import UserFactory
from tickets import services
from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.models import SearchDocument
from tms_site.tests.slow import FULLTEXT_GIVEN_UP, failing

PALETTE = reverse("tickets:palette")
# Session, visitor, hits, tickets, people by name and by address; InnoDB is asked for its newest documents first.
QUERIES = 6 if connection.vendor == "sqlite" else 7


def found(client, typed):
    response = client.get(PALETTE, {"q": typed})
    assert response.status_code == 200
    return response.context


def titles(client, typed):
    return [ticket.title for ticket in found(client, typed)["tickets"]]


def people(client, typed):
    return [(person["name"], person["url"]) for person in found(client, typed)["people"]]


def create(actor, title, **fields):
    return services.create_ticket(actor=actor, title=title, description="It broke.", priority="low", **fields).ticket


def test_without_a_question_it_answers_with_the_dialog_itself(client_for, requester):
    page = client_for(requester).get(PALETTE).content.decode()
    assert '<dialog id="palette"' in page
    assert 'role="combobox"' in page
    assert "option" not in page


def test_tickets_are_found_by_words_and_the_beginnings_of_words(client_for, agent, requester):
    create(requester, "Projector is dead")
    create(requester, "Printer jams")
    client = client_for(agent)
    assert titles(client, "projector") == ["Projector is dead"]
    assert titles(client, "proj dea") == ["Projector is dead"]
    assert titles(client, "zeppelin") == []


def test_a_ticket_is_found_by_its_number_before_those_that_mention_it(client_for, agent, requester):
    ticket = create(requester, "Printer jams")
    create(requester, f"Like {ticket.pk} again")
    assert titles(client_for(agent), str(ticket.pk))[0] == "Printer jams"
    assert titles(client_for(agent), f"#{ticket.pk}") == ["Printer jams"]


def test_the_fields_of_the_search_box_work_too(client_for, agent, requester):
    create(requester, "Printer jams")
    TicketFactory(title="Old one", status=Status.RESOLVED)
    assert titles(client_for(agent), "status:resolved") == ["Old one"]
    assert titles(client_for(agent), "printer status:resolved") == []


def test_a_requester_finds_only_their_own_tickets_and_nobody(client_for, requester, other_requester):
    theirs = create(other_requester, "Printer of Michael")
    client = client_for(requester)
    assert titles(client, "printer") == []
    assert titles(client, str(theirs.pk)) == []
    assert people(client, "Jane") == []
    assert people(client, "Michael") == []


def test_what_stands_in_an_internal_note_is_found_by_the_desk_and_not_by_its_requester(client_for, agent, requester):
    ticket = create(requester, "Printer jams")
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Flobberworm", is_internal=True)
    assert titles(client_for(requester), "flobberworm") == []


def test_people_lead_to_the_tickets_that_they_asked_for_or_work_on(client_for, agent, requester, other_agent):
    client = client_for(agent)
    assert people(client, "jane") == [("Jane Doe", f"/tickets/?requester={requester.pk}")]
    assert people(client, "alex.j") == [("Alex Johnson", f"/tickets/?assigned_agent={other_agent.pk}")]
    for _name, url in people(client, "jane"):
        assert client.get(url).context["listing"].ignored == []


def test_those_who_have_left_are_not_found(client_for, agent):
    UserFactory(username="Gone", is_active=False)
    assert people(client_for(agent), "Gone") == []


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "a\x00b", "x" * 5000, "\u202e", "status:", '"', "#", "9" * 40])
def test_whatever_is_typed_is_answered(client_for, agent, typed):
    TicketFactory()
    assert titles(client_for(agent), typed) == []


def test_all_tickets_can_be_searched_for_the_same_and_what_was_typed_is_only_text(client_for, agent):
    page = client_for(agent).get(PALETTE, {"q": "<b>kite & co"}).content.decode()
    assert 'href="/tickets/?q=%3Cb%3Ekite+%26+co"' in page
    assert "<b>" not in page


def test_a_search_that_takes_too_long_leaves_tickets_out(client_for, agent, requester):
    create(requester, "Printer jams")
    table = connection.ops.quote_name(SearchDocument._meta.db_table)
    with failing(f"JOIN {table}", InternalError(*FULLTEXT_GIVEN_UP)):
        assert titles(client_for(agent), "printer") == []
        assert people(client_for(agent), "jane") != []
    assert titles(client_for(agent), "printer") != []


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_many_rows_cost_no_more_queries(client_for, agent, requester, rows, django_assert_num_queries):
    for number in range(rows):
        UserFactory(username=f"Printer {number}")
        create(requester, f"Printer {number}")
    client = client_for(agent)
    found(client, "printer")
    with django_assert_num_queries(QUERIES):
        context = found(client, "printer")
    assert (len(context["tickets"]), len(context["people"])) == (min(rows, 6), min(rows, 4))
