"""People, teams and categories that are deactivated between choosing and sending: nothing is changed unsaid."""

import re

import pytest
from django.urls import reverse

from accounts import services as accounts
from accounts.factories import PASSWORD, UserFactory
from accounts.models import User
from tickets import services
from tickets.bulk.models import BulkRun
from tickets.factories import TicketFactory
from tickets.models import Comment, Ticket, TicketRevision
from tickets.replies.services import create_reply
from tickets.sorting import services as lists

pytestmark = pytest.mark.django_db
NEW = reverse("tickets:create")
TYPED = {"title": "Toner is dry", "description": "It does not print.", "priority": "low"}
PRESENT = {"assigned_agent": "other_agent", "team": "network", "category": "vpn"}
GONE = {
    "assigned_agent": "Alex Johnson isn't available any more. Choose an active agent.",
    "team": "Network isn't available any more. Choose an active team.",
    "category": "VPN and Wi-Fi isn't available any more. Choose a category from the list.",
}
LABEL = {"assigned_agent": "Alex Johnson", "team": "Network", "category": "VPN and Wi-Fi"}
FIELDS = list(GONE)


@pytest.fixture
def rows(request, agent):
    """What the fields hold, by their names."""
    return {name: request.getfixturevalue(fixture) for name, fixture in PRESENT.items()}


@pytest.fixture
def ticket(requester):
    """Jane's ticket, which nobody has."""
    return TicketFactory(title="Toner", description="Empty", requester=requester)


@pytest.fixture
def leave(sysadmin, rows):
    """Deactivates what stands in a field."""

    def deactivate(name):
        row = rows[name]
        if isinstance(row, User):
            return accounts.deactivate_user(actor=sysadmin, user=row)
        row.refresh_from_db()
        change = lists.change_team if name == "team" else lists.change_category
        return change(actor=sysadmin, **{name: row}, changes={"is_active": False})

    return deactivate


def chosen(page, name):
    """Return the label of what a browser shows as chosen in a field, and what it sends of it."""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', page.content.decode(), re.DOTALL)[0]
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)<', select)
    value, _selected, label = next((each for each in options if each[1]), options[0])
    return label, value


def says(page, words):
    """Tell whether a page says so, at the field as well as anywhere else."""
    return words.replace("'", "&#x27;") in page.content.decode()


def assert_kept(page, name, rows):
    assert chosen(page, name) == (f"{LABEL[name]} (not available any more)", str(rows[name].pk))


@pytest.mark.parametrize("name", FIELDS)
def test_a_new_ticket_is_refused_by_the_name_and_keeps_all_that_was_typed(client_for, agent, rows, leave, name):
    leave(name)
    page = client_for(agent).post(NEW, TYPED | {name: rows[name].pk, "tags": "toner"})
    assert page.status_code == 422
    assert page.context["form"].errors == {name: [GONE[name]]}
    assert says(page, GONE[name])
    assert_kept(page, name, rows)
    assert page.context["form"]["tags"].value() == "toner"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("number", ["gone", "nothing"])
def test_a_requester_is_told_that_a_category_is_gone_and_nothing_of_what_it_is_called(
    client_for, requester, rows, leave, number
):
    leave("category")
    sent = {"gone": rows["category"].pk, "nothing": 999_999}[number]
    page = client_for(requester).post(NEW, TYPED | {"category": sent})
    assert page.status_code == 422
    words = "What you chose isn't available any more. Choose a category from the list."
    assert page.context["form"].errors == {"category": [words]}
    assert chosen(page, "category") == ("What you chose (not available any more)", str(sent))
    assert LABEL["category"] not in page.content.decode()


def test_a_new_ticket_for_somebody_who_is_gone_is_refused_by_their_name(client_for, agent, sysadmin, requester):
    accounts.deactivate_user(actor=sysadmin, user=requester)
    page = client_for(agent).post(NEW, TYPED | {"requester": requester.pk})
    assert page.status_code == 422
    assert says(page, "Jane Doe isn't available any more. Choose an active person")
    assert chosen(page, "requester") == ("Jane Doe (not available any more)", str(requester.pk))


@pytest.mark.parametrize("name", FIELDS)
def test_the_quick_form_refuses_by_the_name_and_changes_nothing(client_for, agent, ticket, rows, leave, name):
    leave(name)
    sent = {"version": 1, "priority": "urgent", "tags": "toner", name: rows[name].pk}
    page = client_for(agent).post(ticket.get_absolute_url(), sent)
    assert page.status_code == 422
    assert says(page, GONE[name])
    assert_kept(page, name, rows)
    assert chosen(page, "priority")[0] == "Urgent"
    assert page.context["quick_form"]["tags"].value() == "toner"
    assert Ticket.objects.get().version == 1


@pytest.mark.parametrize("name", ["assigned_agent", "team"])
def test_handing_over_is_refused_by_the_name_and_keeps_the_note(client_for, agent, ticket, rows, leave, name):
    leave(name)
    sent = {"version": 1, "note": "Call Jane first.", name: rows[name].pk}
    page = client_for(agent).post(reverse("tickets:hand_over", args=[ticket.pk]), sent)
    assert page.status_code == 422
    assert says(page, GONE[name])
    assert_kept(page, name, rows)
    assert says(page, "Call Jane first.</textarea>")
    assert (Ticket.objects.get().version, Comment.objects.count()) == (1, 0)


def test_an_edited_ticket_is_refused_by_the_categorys_name(client_for, agent, ticket, rows, leave):
    leave("category")
    sent = TYPED | {"version": 1, "category": rows["category"].pk}
    page = client_for(agent).post(reverse("tickets:edit", args=[ticket.pk]), sent)
    assert page.status_code == 422
    assert says(page, GONE["category"])
    assert_kept(page, "category", rows)
    assert Ticket.objects.get().version == 1


@pytest.mark.parametrize(("action", "name"), [("agent", "assigned_agent"), ("team", "team")])
def test_a_bulk_action_is_refused_by_the_name(client_for, agent, ticket, rows, leave, action, name):
    leave(name)
    client, value = client_for(agent), rows[name].pk
    steps = [
        client.get(reverse("tickets:bulk"), {"action": action, "ticket": ticket.pk, "value": value, "step": "preview"}),
        client.post(
            reverse("tickets:bulk"), {"action": action, "chosen": f"{ticket.pk}:1", "value": value, "step": "run"}
        ),
    ]
    for page in steps:
        assert page.status_code == 422
        assert says(page, GONE[name])
        assert chosen(page, "value") == (f"{LABEL[name]} (not available any more)", str(value))
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize("name", FIELDS)
def test_after_an_expired_session_the_form_says_what_is_gone_before_it_is_sent(client_for, agent, rows, leave, name):
    client = client_for(agent)
    form = re.search(r'<form class="ticket-form".*?</form>', client.get(NEW).content.decode(), re.DOTALL)[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    del client.cookies["session"]
    login = client.get(client.post(NEW, fields | TYPED | {name: rows[name].pk}, headers={"Referer": NEW}).url)
    leave(name)
    data = {"login": agent.email, "password": PASSWORD, "next": login.context["redirect_field_value"]}
    page = client.post(login.request["PATH_INFO"], data, follow=True)
    assert page.status_code == 200
    assert says(page, f'_helptext" class="form-text">{GONE[name]}')
    assert_kept(page, name, rows)
    assert says(page, "It does not print.</textarea>")


def test_the_form_of_a_ticket_whose_agent_has_left_since_still_leads_to_that_ticket(client_for, agent, rows, leave):
    client, sent = client_for(agent), TYPED | {"assigned_agent": rows["assigned_agent"].pk, "client_token": "abc"}
    client.post(NEW, sent)
    leave("assigned_agent")
    page = client.get(NEW, {"form": "abc"})
    assert chosen(page, "assigned_agent")[0] == "Alex Johnson"
    assert client.post(NEW, sent)["Location"] == Ticket.objects.get().get_absolute_url()
    again = client.post(NEW, sent | {"title": "Toner is empty"})
    assert says(again, "Send it once more if you want a second ticket.")
    assert_kept(again, "assigned_agent", rows)
    assert says(again, GONE["assigned_agent"])
    assert Ticket.objects.count() == 1


def test_a_refused_form_that_is_a_ticket_already_says_which_one(client_for, agent, rows, leave):
    client, sent = client_for(agent), TYPED | {"client_token": "abc"}
    client.post(NEW, sent)
    leave("assigned_agent")
    page = client.post(NEW, sent | {"assigned_agent": rows["assigned_agent"].pk})
    assert page.status_code == 422
    assert says(page, f'You have opened <a href="{Ticket.objects.get().get_absolute_url()}">')


@pytest.mark.parametrize("name", FIELDS)
def test_what_a_ticket_has_stays_shown_and_stays_when_something_else_is_changed(
    client_for, agent, ticket, rows, leave, name
):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={name: rows[name], "status": "resolved"})
    leave(name)
    client = client_for(agent)
    label, value = chosen(client.get(ticket.get_absolute_url()), name)
    assert (label, value) == (LABEL[name], str(rows[name].pk))
    sent = {"version": Ticket.objects.get().version, "priority": "urgent", name: value}
    assert client.post(ticket.get_absolute_url(), sent).status_code == 302
    after = Ticket.objects.get()
    assert (after.priority, getattr(after, name)) == ("urgent", rows[name])


@pytest.mark.parametrize("name", FIELDS)
def test_a_form_from_before_somebody_left_changes_what_was_meant_and_nothing_else(
    client_for, agent, ticket, rows, leave, name
):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={name: rows[name]})
    version = Ticket.objects.get().version
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={name: None})
    leave(name)
    sent = {"version": version, "priority": "urgent", name: rows[name].pk}
    assert client_for(agent).post(ticket.get_absolute_url(), sent).status_code == 302
    after = Ticket.objects.get()
    assert (after.priority, getattr(after, name)) == ("urgent", None)
    assert TicketRevision.objects.get(version=after.version - 1).values == {"priority": "medium"}


def test_a_page_of_a_conflict_shows_ones_other_choices_by_their_names(client_for, agent, ticket, rows):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"title": "Theirs"})
    sent = {"version": 1, "title": "Mine", "description": "Empty", "priority": "medium"}
    page = client_for(agent).post(reverse("tickets:edit", args=[ticket.pk]), sent | {"category": rows["category"].pk})
    assert page.status_code == 409
    assert chosen(page, "category") == ("VPN and Wi-Fi", str(rows["category"].pk))


@pytest.mark.parametrize("name", FIELDS)
def test_a_choice_that_is_gone_when_a_conflict_is_settled_is_refused(client_for, agent, ticket, rows, leave, name):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"priority": "low"})
    client, sent = client_for(agent), {"version": 1, "priority": "urgent", name: rows[name].pk}
    assert client.post(ticket.get_absolute_url(), sent).status_code == 409
    leave(name)
    page = client.post(ticket.get_absolute_url(), sent | {"version": 2, "choice_priority": "yours"})
    assert page.status_code == 422
    assert_kept(page, name, rows)
    assert Ticket.objects.get().version == 2


def test_a_canned_reply_whose_agent_has_left_can_be_changed_otherwise(client_for, agent, rows, leave):
    values = {"name": "Thanks", "body": "Thank you.", "assignment": "agent", "assigned_agent": rows["assigned_agent"]}
    reply = create_reply(actor=agent, values=values)
    leave("assigned_agent")
    client, address = client_for(agent), reverse("tickets:reply_edit", args=[reply.pk])
    assert chosen(client.get(address), "assigned_agent")[0] == "Alex Johnson"
    sent = values | {"assigned_agent": reply.assigned_agent_id, "name": "Many thanks", "version": 1}
    assert client.post(address, sent).status_code == 302


def test_a_name_is_shown_as_text(client_for, agent):
    gone = UserFactory(agent=True, is_active=False, username="<b>Ana</b>")
    query = {"action": "agent", "ticket": TicketFactory().pk, "value": gone.pk}
    page = client_for(agent).get(reverse("tickets:bulk"), query)
    assert says(page, "&lt;b&gt;Ana&lt;/b&gt; isn't available any more.")
    assert "<b>Ana</b>" not in page.content.decode()


def test_nobody_is_said_to_be_gone_who_is_named_by_an_address(client_for, agent, rows):
    page = client_for(agent).post(NEW, TYPED | {"title": "", "assigned_agent": rows["assigned_agent"].email})
    assert page.status_code == 422
    form = re.search(r'<form class="ticket-form".*?</form>', page.content.decode(), re.DOTALL)[0]
    assert "available any more" not in form
