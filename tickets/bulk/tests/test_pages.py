"""The pages of bulk actions: choose, see what will happen, see what happened, undo."""

import re

import pytest
from django.urls import reverse

from accounts.factories import PASSWORD
from tickets import services
from tickets.bulk.models import BulkRun, Outcome
from tickets.factories import TicketFactory
from tickets.merging.services import merge_tickets
from tickets.models import Team, Ticket

pytestmark = pytest.mark.django_db

BULK = reverse("tickets:bulk")
CHOOSING, PREVIEWING, ASKING = 6, 5, 9


def hidden(response):
    """Return the hidden fields of the last form of a page: a browser sends them back as they are."""
    form = response.content.decode().rpartition(f'action="{BULK}"')[2]
    fields = re.findall(r'<input type="hidden" name="([a-z_]+)"(?: value="([^"]*)")?', form)
    return {name: [value for other, value in fields if other == name] for name, _value in fields}


def choose(client, action, tickets, **data):
    return client.get(BULK, {"action": action, "ticket": [ticket.pk for ticket in tickets], **data})


def step(client, page, name, **data):
    send = client.post if name == "run" else client.get
    return send(BULK, hidden(page) | data | {"step": name})


def change(client, action, tickets, value):
    """Walk all the way, and return the page of the results."""
    preview = step(client, choose(client, action, tickets), "preview", value=value)
    return client.get(step(client, preview, "run")["Location"])


def test_the_desk_selects_rows_of_lists_and_requesters_do_not(client_for, agent, requester, tickets):
    page = client_for(agent).get("/tickets/").content.decode()
    assert page.count('form="bulk" name="ticket"') == 3
    assert "Set the priority" in page
    assert 'value="delete"' not in page
    assert b"bulk" not in client_for(requester).get("/tickets/").content


def test_sysadmins_are_offered_to_delete(client_for, sysadmin, tickets):
    assert b'value="delete"' in client_for(sysadmin).get("/tickets/").content


def test_the_address_of_the_way_itself_leads_to_the_list(client_for, agent):
    response = client_for(agent).get(BULK, follow=True)
    assert response.redirect_chain == [("/tickets/", 302)]
    assert b"Select the tickets first." in response.content


def test_the_whole_way_without_a_script(client_for, agent, tickets):
    client = client_for(agent)
    chosen = choose(client, "priority", tickets)
    assert (chosen.status_code, len(chosen.context["numbers"])) == (200, 3)
    preview = step(client, chosen, "preview", value="urgent")
    assert b"<b>3</b> tickets will be changed. Set the priority: Urgent." in preview.content
    assert not BulkRun.objects.exists()
    sent = step(client, preview, "run")
    assert Ticket.objects.filter(priority="urgent").count() == 3
    results = client.get(sent["Location"])
    assert results.content.count(b"<td>Done</td>") == 3
    client.post(reverse("tickets:bulk_undo", args=[results.context["run"].pk]))
    assert not Ticket.objects.filter(priority="urgent").exists()
    after = client.get(sent["Location"])
    assert after.content.count(b"<td>Undone</td>") == 3
    assert b"Undo</button>" not in after.content


def test_one_can_go_back_to_each_step_and_load_it_anew(client_for, agent, tickets):
    client = client_for(agent)
    chosen = choose(client, "priority", tickets)
    preview = step(client, chosen, "preview", value="urgent")
    step(client, preview, "run")
    # Only the address says what was chosen: a browser asks for it once more without a question.
    again = client.get(preview.request["PATH_INFO"], query_params=preview.wsgi_request.GET)
    assert b"<b>3</b> tickets: It is so already." in again.content
    assert len(client.get(BULK, query_params=chosen.wsgi_request.GET).context["numbers"]) == 3


def test_an_address_does_nothing_and_bears_no_secret(client_for, sysadmin, tickets):
    client = client_for(sysadmin)
    preview = step(client, choose(client, "priority", tickets), "preview", value="urgent")
    client.get(BULK, hidden(preview) | {"step": "run"})
    client.get(BULK, hidden(choose(client, "delete", tickets)) | {"step": "run", "confirmation": "3"})
    assert not BulkRun.objects.exists()
    for page in (client.get("/tickets/"), choose(client, "priority", tickets)):
        assert not {"csrfmiddlewaretoken", "client_token"} & set(hidden(page))


def test_whoever_was_logged_out_comes_back_to_what_they_had_chosen(client_for, agent, tickets):
    client = client_for(agent)
    chosen = {"action": "tag", "ticket": [ticket.pk for ticket in tickets], "step": "preview", "value": "wind, ink"}
    address = client.get(BULK, chosen).wsgi_request.get_full_path()
    del client.cookies["session"]
    page = client.get(client.post(BULK, {"step": "run"}, headers={"Referer": f"http://testserver{address}"}).url)
    assert "nothing was changed" in page.content.decode()
    data = {"login": agent.email, "password": PASSWORD, "next": page.context["redirect_field_value"]}
    assert b"<b>3</b> tickets will be changed." in client.post("/accounts/login/", data, follow=True).content


def test_people_teams_and_tags_are_chosen_on_the_way(client_for, agent, tickets):
    client, team = client_for(agent), Team.objects.create(name="Printers")
    change(client, "agent", tickets, str(agent.pk))
    change(client, "team", tickets, str(team.pk))
    change(client, "tag", tickets, "Ink, wind")
    change(client, "untag", tickets, "wind")
    for ticket in Ticket.objects.all():
        assert (ticket.assigned_agent, ticket.team, ticket.tags) == (agent, team, ["ink"])
    change(client, "agent", tickets, "")
    assert not Ticket.objects.filter(assigned_agent__isnull=False).exists()


def test_the_preview_says_what_stays_as_it_is_and_why(client_for, agent, tickets):
    merge_tickets(actor=agent, target_id=tickets[0].pk, source_ids=[tickets[1].pk])
    services.update_ticket(actor=agent, ticket_id=tickets[2].pk, changes={"priority": "urgent"})
    client = client_for(agent)
    preview = step(client, choose(client, "priority", tickets), "preview", value="urgent").content
    assert b"<b>1</b> ticket will be changed." in preview
    assert b"<b>1</b> ticket: This ticket was merged into another one" in preview
    assert b"<b>1</b> ticket: It is so already." in preview


def test_the_preview_names_steps_that_the_workflow_does_not_have(client_for, agent, tickets):
    services.update_ticket(actor=agent, ticket_id=tickets[0].pk, changes={"status": "resolved"})
    client = client_for(agent)
    preview = step(client, choose(client, "status", tickets), "preview", value="waiting").content.decode()
    assert "<b>1</b> ticket: A ticket can&#x27;t go from “Resolved” to “Waiting”." in preview


def test_a_ticket_that_changed_after_the_preview_is_skipped(client_for, agent, other_agent, tickets):
    client = client_for(agent)
    preview = step(client, choose(client, "status", tickets), "preview", value="waiting")
    services.update_ticket(actor=other_agent, ticket_id=tickets[0].pk, changes={"priority": "low"})
    results = client.get(step(client, preview, "run")["Location"]).content
    assert results.count(b"<td>Done</td>") == 2
    assert b"Skipped: somebody changed it meanwhile" in results


def test_all_that_match_the_filters_are_chosen(client_for, agent, tickets):
    services.update_ticket(actor=agent, ticket_id=tickets[0].pk, changes={"status": "waiting"})
    client = client_for(agent)
    page = choose(client, "priority", [], all="1", query="status=open")
    assert len(page.context["numbers"]) == 2
    assert "/tickets/?status=open" in page.content.decode()
    # The filters go on saying which: a thousand numbers would make too long an address.
    assert "ticket" not in hidden(page)
    preview = step(client, page, "preview", value="urgent")
    assert len(preview.context["preview"].changed) == 2
    # So they do where the last button finds that the value is good no more.
    asked_again = step(client, preview, "run", value="nonsense")
    assert (asked_again.status_code, len(asked_again.context["numbers"])) == (422, 2)
    assert hidden(asked_again)["all"] == ["1"]
    assert "ticket" not in hidden(asked_again)


def test_all_of_ones_own_list_are_ones_own(client_for, agent, tickets):
    services.assign_to_me(actor=agent, ticket_id=tickets[0].pk)
    client = client_for(agent)
    query = client.get("/tickets/assigned/").context["listing"].bulk_query
    assert choose(client, "priority", [], all="1", query=query).context["numbers"] == [tickets[0].pk]


def test_more_than_fit_are_said_to_be_more(client_for, agent, tickets, monkeypatch):
    monkeypatch.setattr("tickets.bulk.views.MOST", 2)
    page = choose(client_for(agent), "priority", [], all="1")
    assert (len(page.context["numbers"]), page.context["capped"]) == (2, True)


def test_deleting_asks_for_the_number(client_for, sysadmin, tickets):
    client = client_for(sysadmin)
    preview = choose(client, "delete", tickets)
    assert b"<b>3</b> tickets move to the trash" in preview.content
    for typed in ("", "2", "yes"):
        refused = step(client, preview, "run", confirmation=typed)
        assert (refused.status_code, Ticket.objects.count()) == (422, 3)
        assert b"There is a problem" in refused.content
    sent = step(client, refused, "run", confirmation=" 3 ")
    assert not Ticket.objects.exists()
    results = client.get(sent["Location"])
    assert b"Deleted tickets are restored in the trash." in results.content
    assert b"Undo</button>" not in results.content
    # Pressed twice: the same results, and no question about tickets that are gone.
    assert step(client, refused, "run", confirmation="3")["Location"] == sent["Location"]
    # Back leads to a question that has none any more.
    back = client.get(BULK, query_params=preview.wsgi_request.GET, follow=True)
    assert b"These tickets aren&#x27;t there any more." in back.content


def merged(agent, target, *sources):
    merge_tickets(actor=agent, target_id=target.pk, source_ids=[source.pk for source in sources])
    target.refresh_from_db()


def test_deleting_counts_and_names_what_was_merged_into_the_chosen_ones(client_for, sysadmin, agent, tickets):
    first, second, third = tickets
    merged(agent, second, third)
    merged(agent, first, second)
    client = client_for(sysadmin)
    preview = choose(client, "delete", [first])
    page = preview.content.decode()
    assert "<b>3</b> tickets move to the trash" in page
    assert "<b>2</b> of them were merged" in page
    assert "Delete 3 tickets" in page
    for ticket, target in ((second, first), (third, second)):
        assert f"#{ticket.pk} <bdi>{ticket.title}</bdi></a></th><td>Goes along with #{target.pk}" in page
    refused = step(client, preview, "run", confirmation="1")
    assert (refused.status_code, Ticket.objects.count()) == (422, 3)
    results = client.get(step(client, refused, "run", confirmation="3")["Location"]).content.decode()
    assert not Ticket.objects.exists()
    assert "<b>3</b> Done" in results
    assert f"Done: Went along with #{second.pk}" in results


def test_what_was_merged_and_chosen_besides_counts_once(client_for, sysadmin, agent, tickets):
    merged(agent, tickets[0], *tickets[1:])
    client = client_for(sysadmin)
    preview = choose(client, "delete", tickets)
    assert b"<b>3</b> tickets move to the trash" in preview.content
    assert b"were merged" not in preview.content
    # Where the one that goes on stays, it takes nothing along.
    services.update_ticket(actor=agent, ticket_id=tickets[0].pk, changes={"priority": "low"})
    refused = step(client, preview, "run", confirmation="3")
    assert b"<b>2</b> tickets move to the trash" in refused.content


def test_a_merge_after_the_preview_changes_the_number(client_for, sysadmin, agent, tickets):
    client = client_for(sysadmin)
    preview = choose(client, "delete", tickets[:1])
    merged(agent, tickets[0], tickets[1])
    refused = step(client, preview, "run", confirmation="1")
    assert (refused.status_code, Ticket.objects.count()) == (422, 3)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_asking_to_delete_takes_the_same_queries_for_any_number(
    client_for, sysadmin, agent, rows, django_assert_num_queries
):
    for _row in range(rows):
        target, source = TicketFactory(), TicketFactory()
        Ticket.objects.filter(pk=source.pk).update(merged_into=target)
    client, targets = client_for(sysadmin), Ticket.objects.filter(merged_into=None)
    with django_assert_num_queries(ASKING):
        page = choose(client, "delete", targets)
    assert page.context["preview"].count == 2 * rows


def test_a_ticket_that_changed_is_not_deleted(client_for, sysadmin, agent, tickets):
    client = client_for(sysadmin)
    preview = choose(client, "delete", tickets)
    services.update_ticket(actor=agent, ticket_id=tickets[0].pk, changes={"priority": "low"})
    refused = step(client, preview, "run", confirmation="3")
    assert refused.status_code == 422
    assert b"Somebody has changed it meanwhile." in refused.content
    step(client, refused, "run", confirmation="2")
    assert list(Ticket.objects.all()) == [tickets[0]]


def test_agents_cannot_ask_for_deleting(client_for, agent, tickets):
    client = client_for(agent)
    assert choose(client, "delete", tickets).status_code == 302
    chosen = " ".join(f"{ticket.pk}:1" for ticket in tickets)
    client.post(BULK, {"action": "delete", "chosen": chosen, "confirmation": "3", "step": "run"})
    assert Ticket.objects.count() == 3


def test_merging_leads_to_its_own_page_with_the_oldest_to_go_on(client_for, agent, tickets):
    client = client_for(agent)
    page = client.get(choose(client, "merge", tickets)["Location"])
    assert (page.status_code, page.context["ticket"]) == (200, tickets[0])
    assert page.context["preview"] is not None


@pytest.mark.parametrize(
    ("many", "text"), [(1, "Select at least 2 tickets to merge."), (4, "Select at most 3 tickets to merge.")]
)
def test_merging_too_few_or_too_many_says_which(client_for, agent, monkeypatch, many, text):
    monkeypatch.setattr("tickets.bulk.views.MERGE_MAX", 2)
    client = client_for(agent)
    refused = choose(client, "merge", TicketFactory.create_batch(many))
    assert text in client.get(refused["Location"]).content.decode()


@pytest.mark.parametrize("action", ["priority", "merge", "nonsense", ""])
def test_a_choice_of_nothing_leads_back_to_the_list_with_the_reason(client_for, agent, action):
    response = client_for(agent).get(BULK, {"action": action, "query": "status=open"}, follow=True)
    assert response.redirect_chain == [("/tickets/?status=open", 302)]
    assert re.search(rb"Select at least (one ticket|2 tickets)|Choose what to do", response.content)


@pytest.mark.parametrize(
    ("action", "value"),
    [("priority", "huge"), ("status", ""), ("agent", "0"), ("team", "x"), ("tag", ""), ("tag", "a" * 99)],
)
def test_a_value_that_makes_no_sense_is_asked_for_again(client_for, agent, tickets, action, value):
    client = client_for(agent)
    chosen = " ".join(f"{ticket.pk}:{ticket.version}" for ticket in tickets)
    for refused in (
        step(client, choose(client, action, tickets), "preview", value=value),
        client.post(BULK, {"action": action, "chosen": chosen, "value": value, "step": "run"}),
    ):
        assert (refused.status_code, len(refused.context["numbers"])) == (422, 3)
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize(
    "chosen", ["", "x", "1", "1:", "1:1:1", "\u0661:\u0661", "-1:1", " ".join(f"{n}:1" for n in range(1, 1002))]
)
def test_a_selection_that_makes_no_sense_is_refused(client_for, agent, chosen):
    data = {"action": "priority", "value": "low", "step": "run", "chosen": chosen}
    assert client_for(agent).post(BULK, data).status_code == 422
    assert not BulkRun.objects.exists()


def test_results_are_their_authors_alone(client_for, agent, other_agent, tickets):
    change(client_for(agent), "priority", tickets, "urgent")
    run = BulkRun.objects.get()
    client = client_for(other_agent)
    assert client.get(run.get_absolute_url()).status_code == 404
    assert client.post(reverse("tickets:bulk_undo", args=[run.pk])).status_code == 404
    assert set(run.rows.values_list("outcome", flat=True)) == {Outcome.DONE}


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_choosing_and_previewing_take_the_same_queries_for_any_number(
    client_for, agent, rows, django_assert_num_queries
):
    tickets = [TicketFactory(assigned_agent=agent) for _row in range(rows)]
    client = client_for(agent)
    with django_assert_num_queries(CHOOSING):
        page = choose(client, "agent", tickets)
    with django_assert_num_queries(PREVIEWING):
        step(client, page, "preview", value="")
