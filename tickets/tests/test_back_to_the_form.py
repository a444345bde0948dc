"""Back on the form for a new ticket: nothing is opened twice unasked, and nothing that was typed is lost."""

import re

import pytest
from django.urls import reverse

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


@pytest.mark.parametrize("script", [True, False])
def test_the_same_form_sent_once_more_leads_to_the_ticket_that_it_has_become(client_for, requester, script):
    client = client_for(requester)
    ticket, back = opened_by(client)
    assert fill(client, back if script else NEW)["Location"] == ticket.get_absolute_url()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("change", [{"title": "Toner is empty"}, {"description": "Not at all."}, {"priority": "low"}])
def test_a_form_that_was_changed_is_shown_again_and_becomes_a_second_ticket_only_when_sent_once_more(
    client_for, requester, script, change
):
    client = client_for(requester)
    ticket, back = opened_by(client)
    address = back if script else NEW
    refused = fill(client, address, **change)
    assert refused.status_code == 422
    assert Ticket.objects.count() == 1
    words = refused.content.decode()
    assert "Send it once more if you want a second ticket." in words
    assert ticket.get_absolute_url() in words
    form = refused.context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED | change
    assert client.post(address, hidden(refused) | TYPED | change).status_code == 302
    assert Ticket.objects.count() == 2


def test_who_wants_a_third_ticket_of_the_kind_is_asked_once_too(client_for, requester):
    client = client_for(requester)
    opened_by(client)
    for number in (2, 3):
        typed = TYPED | {"description": f"Number {number}"}
        refused = fill(client, **typed)
        assert client.post(NEW, hidden(refused) | typed).status_code == 302
    assert Ticket.objects.count() == 3


def test_what_the_desk_chose_is_part_of_what_was_sent(client_for, agent, requester):
    client, typed = client_for(agent), {"requester": requester.email, "assigned_agent": agent.pk, "tags": "Toner"}
    ticket, back = opened_by(client, **typed)
    form = client.get(back).context["form"]
    shown = {name: form[name].value() for name in typed}
    assert shown == {"requester": requester.pk, "assigned_agent": agent.pk, "tags": "toner"}
    assert fill(client, **typed)["Location"] == ticket.get_absolute_url()
    assert fill(client, **typed | {"tags": "paper"}).status_code == 422
    assert fill(client, back, **typed | {"assigned_agent": ""}).status_code == 422
    assert Ticket.objects.count() == 1


def test_the_same_words_for_somebody_else_or_another_day_are_another_ticket(client_for, agent, requester):
    client = client_for(agent)
    opened_by(client, requester=requester.email)
    opened_by(client)
    session = client.session
    session[SESSION_KEY] = [(number, at - SECONDS - 1) for number, at in session[SESSION_KEY]]
    session.save()
    assert "You have just opened" not in client.get(NEW).content.decode()
    opened_by(client)


def test_what_others_have_opened_is_no_concern_of_a_form(client_for, requester, other_requester):
    ticket, back = opened_by(client_for(requester))
    page = client_for(other_requester).get(back)
    assert f"#{ticket.pk}" not in page.content.decode()
    assert page.context["form"]["client_token"].value() != ticket.client_token
    opened_by(client_for(other_requester))


def test_without_a_script_the_form_says_what_was_opened_last(client_for, requester):
    client = client_for(requester)
    assert "You have just opened" not in client.get(NEW).content.decode()
    ticket, _back = opened_by(client)
    assert f'You have just opened <a href="{ticket.get_absolute_url()}">' in client.get(NEW).content.decode()


def test_a_form_that_has_become_a_ticket_takes_no_other_forms_draft_along(client_for, requester):
    client = client_for(requester)
    ticket, back = opened_by(client)
    save_draft(actor=requester, ticket_id=None, text="The other printer", client_token="other")
    assert "data-draft-url" not in client.get(back).content.decode()
    assert save_draft(actor=requester, ticket_id=None, text="Dry!", client_token=ticket.client_token) is None
    assert Draft.objects.get().text == "The other printer"
