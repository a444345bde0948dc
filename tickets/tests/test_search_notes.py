"""What the list says of a search that it understood otherwise than it was meant."""

import pytest
from django.urls import reverse

from tickets.factories import TicketFactory
from tms_site.tests.api.client import api, errors

LIST = reverse("tickets:list")
pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client_for, agent):
    """Return the titles that a search lists, and the page."""
    TicketFactory(title="Printer")
    TicketFactory(title="Printer and keyboard", assigned_agent=agent)

    def ask(text):
        response = client_for(agent).get(LIST, {"q": text})
        titles = {ticket.title for ticket in response.context["listing"].page.items}
        return titles, response.content.decode()

    return ask


BOTH = {"Printer", "Printer and keyboard"}


@pytest.mark.parametrize(
    ("text", "titles", "note"),
    [
        ("printer is:bogus", BOTH, "“is:bogus” was left out: after “is:” may stand assigned, unassigned, mine"),
        ("is:bogus", BOTH, "“is:bogus” was left out"),
        ("printer created:>", BOTH, "it needs a date such as 2026-01-31"),
        ("printer OR keyboard", {"Printer and keyboard"}, "“OR” isn&#x27;t understood"),
        ("printer -status:open", BOTH, "“-status:open” was left out"),
        ("-printer", set(), "A search needs a word that tickets have"),
        ("printer -keyboard", {"Printer"}, ""),
        ("printer is:assigned", {"Printer and keyboard"}, ""),
        ("printer is:unassigned", {"Printer"}, ""),
    ],
)
def test_the_list_says_what_it_made_of_a_search(page, text, titles, note):
    found, content = page(text)
    assert found == titles
    assert note in content
    assert "There is no search field" not in content


def test_a_program_is_refused_instead(agent):
    for text in ("is:bogus", "printer%20-status:open"):
        assert "q" in errors(api(agent).get(f"/tickets?q={text}"))
