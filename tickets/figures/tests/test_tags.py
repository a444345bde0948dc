"""The dashboard says which tags the unresolved tickets have."""

import pytest

from tickets import services
from tickets.factories import TicketFactory
from tickets.figures import tags
from tickets.models import Category, Ticket, TicketTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def tag(agent):
    """Return a function that opens tickets with some tags."""

    def make(*names, amount=1, **values):
        for ticket in TicketFactory.create_batch(amount, **values):
            services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": list(names)})

    return make


@pytest.fixture
def rows(client_for, agent):
    """Return a function that gives name, number and address of each tag on the dashboard."""

    def look(address="/dashboard/"):
        found = client_for(agent).get(address).context["tags"]
        return [(row.name, row.value, row.url) for row in found]

    return look


def test_the_tags_of_most_unresolved_tickets_come_first_and_lead_to_them(tag, rows, client_for, agent):
    tag("printer", amount=2)
    tag("printer", "vpn")
    tag("old", status="resolved")
    (printer, three, url), (vpn, one, _url) = rows()
    assert (printer, three, vpn, one) == ("printer", 3, "vpn", 1)
    html = client_for(agent).get(url).content.decode()
    assert "3 tickets" in html
    assert "#printer" in client_for(agent).get("/dashboard/").content.decode()


def test_on_a_categorys_page_only_its_tickets_count(tag, rows):
    network = Category.objects.create(name="Network")
    tag("vpn", category=network)
    tag("printer")
    ((name, amount, url),) = rows(f"/dashboard/?category={network.pk}")
    assert (name, amount) == ("vpn", 1)
    assert f"category={network.pk}" in url


def test_no_more_than_the_newest_are_counted(tag, rows, monkeypatch):
    monkeypatch.setattr(tags, "NEWEST", 2)
    tag("old", amount=2)
    tag("new", amount=2)
    assert [name for name, _amount, _url in rows()] == ["new"]


def test_without_tags_there_is_no_panel(client_for, agent):
    TicketFactory()
    assert "Tags of unresolved tickets" not in client_for(agent).get("/dashboard/").content.decode()
    assert (Ticket.objects.count(), TicketTag.objects.count()) == (1, 0)
