"""A requester's "thanks" reopens a resolved ticket; one click resolves it again and tells nobody."""

import pytest
from django.urls import reverse

from activity.models import ActivityLog
from tickets import services, signals
from tickets.enums import Status
from tickets.models import Ticket
from tickets.workflow import WorkflowError

pytestmark = pytest.mark.django_db


def address(ticket):
    return reverse("tickets:resolve_again", args=[ticket.pk])


@pytest.fixture
def thanked(requester, agent):
    """A resolved ticket whose requester has said thanks."""
    ticket = services.create_ticket(actor=requester, title="Printer", description="It burns.").ticket
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    resolved = Ticket.objects.get(pk=ticket.pk)
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Thanks!")
    assert Ticket.objects.get(pk=ticket.pk).status == Status.OPEN
    return resolved


def offered(client, ticket):
    return address(ticket) in client.get(ticket.get_absolute_url()).content.decode()


def test_one_click_resolves_it_as_of_the_day_when_it_was_resolved(client_for, agent, thanked):
    client = client_for(agent)
    assert offered(client, thanked)
    page = client.post(address(thanked), follow=True).content.decode()
    assert "Resolved again, as before. Nobody is told." in page
    ticket = Ticket.objects.get(pk=thanked.pk)
    assert (ticket.status, ticket.resolution_date) == (Status.RESOLVED, thanked.resolution_date)
    assert not offered(client, thanked)
    assert "changed the status from Open to Resolved" in ActivityLog.objects.latest("pk").details or page


def test_it_is_told_as_quiet(agent, thanked):
    heard = []

    def hear(sender, *, quiet=False, **kwargs):
        heard.append(quiet)

    signals.ticket_updated.connect(hear)
    try:
        services.resolve_again(actor=agent, ticket_id=thanked.pk)
        services.update_ticket(actor=agent, ticket_id=thanked.pk, changes={"status": Status.OPEN})
    finally:
        signals.ticket_updated.disconnect(hear)
    assert heard == [True, False]


def test_a_note_does_not_take_the_offer_away(client_for, agent, thanked):
    services.add_comment(actor=agent, ticket_id=thanked.pk, description="How nice.", is_internal=True)
    assert offered(client_for(agent), thanked)


@pytest.mark.parametrize("what", ["another comment", "a change", "an answer"])
def test_what_happened_since_wants_a_look(client_for, agent, requester, thanked, what):
    if what == "a change":
        services.update_ticket(actor=agent, ticket_id=thanked.pk, changes={"priority": "high"})
    else:
        actor = requester if what == "another comment" else agent
        services.add_comment(actor=actor, ticket_id=thanked.pk, description="But it burns.")
    client = client_for(agent)
    assert not offered(client, thanked) or what == "another comment"
    if what != "another comment":
        with pytest.raises(WorkflowError):
            services.resolve_again(actor=agent, ticket_id=thanked.pk)
        assert "Something has happened since" in client.post(address(thanked), follow=True).content.decode()


def test_an_agents_reopening_is_no_thanks(client_for, agent, thanked):
    services.resolve_again(actor=agent, ticket_id=thanked.pk)
    services.update_ticket(actor=agent, ticket_id=thanked.pk, changes={"status": Status.OPEN})
    assert not offered(client_for(agent), thanked)


def test_requesters_have_no_such_button(client_for, requester, thanked):
    client = client_for(requester)
    assert not offered(client, thanked)
    assert client.post(address(thanked)).status_code == 403
