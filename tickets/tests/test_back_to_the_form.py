"""Back on the form for a new ticket: nothing is opened twice unasked, and nothing that was typed is lost."""

import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from tickets import services
from tickets.drafts.models import Draft
from tickets.drafts.services import save_draft
from tickets.models import Ticket
from tickets.views.opened import SECONDS, SESSION_KEY

pytestmark = pytest.mark.django_db
NEW = reverse("tickets:create")
TYPED = {"title": "Toner is dry", "description": "It does not print.", "priority": "high"}


def hidden(page):
    """Return the hidden fields of the page's form, as a browser sends them."""
    form = re.search(r'<form class="ticket-form".*?</form>', page.content.decode(), re.DOTALL)[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def fill(client, address=NEW, **values):
    """Ask for the form and send it, as whoever opens a ticket or goes back to it does."""
    return client.post(address, hidden(client.get(address)) | TYPED | values)


def opened_by(client, **values):
    """Open a ticket; returns it and the address that a browser with the script goes back to."""
    before = set(Ticket.objects.values_list("pk", flat=True))
    assert fill(client, **values).status_code == 302
    ticket = Ticket.objects.exclude(pk__in=before).get()
    return ticket, f"{NEW}?form={ticket.client_token}"


def test_the_form_that_one_goes_back_to_says_which_ticket_it_has_become_and_what_was_sent(client_for, requester):
    client = client_for(requester)
    ticket, back = opened_by(client)
    services.update_ticket(actor=requester, ticket_id=ticket.pk, changes={"title": "Toner was dry"})
    page = client.get(back)
    assert f'You have opened <a href="{ticket.get_absolute_url()}">#{ticket.pk}' in page.content.decode()
    form = page.context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED
    assert form["client_token"].value() == ticket.client_token


def test_the_same_form_sent_once_more_leads_to_the_ticket_that_it_has_become(client_for, requester):
    client = client_for(requester)
    ticket, back = opened_by(client)
    assert fill(client, back)["Location"] == ticket.get_absolute_url()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Toner is empty"},
        {"description": "Not at all."},
        {"priority": "low"},
        {"title": "Paper is out", "description": "Tray 2.", "priority": "urgent"},
    ],
)
def test_a_form_that_was_changed_is_shown_again_and_becomes_a_second_ticket_only_when_sent_once_more(
    client_for, requester, change
):
    client = client_for(requester)
    ticket, back = opened_by(client)
    refused = fill(client, back, **change)
    assert refused.status_code == 422
    assert Ticket.objects.count() == 1
    words = refused.content.decode()
    assert "Send it once more if you want a second ticket." in words
    assert ticket.get_absolute_url() in words
    form = refused.context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED | change
    assert client.post(back, hidden(refused) | TYPED | change).status_code == 302
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("persona", ["requester", "agent", "sysadmin"])
@pytest.mark.parametrize("same", [TYPED, {"title": "Toner is dry"}, {"description": "It does not print."}])
def test_a_fresh_form_is_another_ticket_each_time_whatever_it_says(client_for, request, persona, same):
    client = client_for(request.getfixturevalue(persona))
    for number in range(1, 5):
        others = {"title": f"Title {number}", "description": f"Description {number}"} | same
        sent = fill(client, **others)
        assert sent["Location"] == Ticket.objects.latest("pk").get_absolute_url()
        assert Ticket.objects.count() == number


def test_a_fresh_form_after_a_second_ticket_was_asked_about_is_another_one(client_for, requester):
    client = client_for(requester)
    _ticket, back = opened_by(client)
    refused = fill(client, back, title="Toner is empty")
    assert fill(client, title="Toner is empty").status_code == 302
    assert client.post(back, hidden(refused) | TYPED | {"title": "Toner is empty"}).status_code == 302
    assert Ticket.objects.count() == 3


def test_what_the_desk_chose_is_part_of_what_was_sent(client_for, agent, requester):
    client, typed = client_for(agent), {"requester": requester.email, "assigned_agent": agent.pk, "tags": "Toner"}
    ticket, back = opened_by(client, **typed)
    form = client.get(back).context["form"]
    shown = {name: form[name].value() for name in typed}
    assert shown == {"requester": requester.pk, "assigned_agent": agent.pk, "tags": "toner"}
    assert fill(client, back, **typed)["Location"] == ticket.get_absolute_url()
    for change in ({"tags": "paper"}, {"assigned_agent": ""}, {"requester": ""}):
        assert fill(client, back, **typed | change).status_code == 422
    assert Ticket.objects.count() == 1


def test_where_people_are_too_many_for_a_list_its_owner_is_shown_by_address(client_for, agent, requester, monkeypatch):
    monkeypatch.setattr("tickets.fields.PEOPLE_LISTED", 0)
    client, typed = client_for(agent), {"requester": requester.email}
    ticket, back = opened_by(client, **typed)
    assert client.get(back).context["form"]["requester"].value() == requester.email
    assert fill(client, back, **typed)["Location"] == ticket.get_absolute_url()


def test_what_others_have_opened_is_no_concern_of_a_form(client_for, requester, other_requester):
    ticket, back = opened_by(client_for(requester))
    page = client_for(other_requester).get(back)
    assert f"#{ticket.pk}" not in page.content.decode()
    assert page.context["form"]["client_token"].value() != ticket.client_token
    opened_by(client_for(other_requester))


def test_a_ticket_that_its_author_sees_no_longer_is_named_by_its_number_alone(client_for, agent, requester):
    client, typed = client_for(agent), {"requester": requester.email}
    ticket, back = opened_by(client, **typed)
    token = ticket.client_token
    User.objects.filter(pk=agent.pk).update(role=Role.REQUESTER)
    assert "You have opened" not in client.get(back).content.decode()
    refused = fill(client, client_token=token, title="Toner is empty")
    assert refused.status_code == 422
    assert ticket.get_absolute_url() not in refused.content.decode()


def test_a_fresh_form_says_for_a_while_what_was_opened_last(client_for, requester):
    client = client_for(requester)
    assert "You have just opened" not in client.get(NEW).content.decode()
    opened_by(client)
    ticket, _back = opened_by(client)
    assert f'You have just opened <a href="{ticket.get_absolute_url()}">' in client.get(NEW).content.decode()
    session = client.session
    number, at = session[SESSION_KEY]
    session[SESSION_KEY] = [number, at - SECONDS - 1]
    session.save()
    assert "You have just opened" not in client.get(NEW).content.decode()


def test_a_form_that_has_become_a_ticket_takes_no_other_forms_draft_along(client_for, requester):
    client = client_for(requester)
    ticket, back = opened_by(client)
    save_draft(actor=requester, ticket_id=None, text="The other printer", client_token="other")
    assert "data-draft-url" not in client.get(back).content.decode()
    assert save_draft(actor=requester, ticket_id=None, text="Dry!", client_token=ticket.client_token) is None
    assert Draft.objects.get().text == "The other printer"
