"""Category, team and tags of a ticket: who sets them, what comes by default, what two people do at once."""

import pytest
from django.core.exceptions import ValidationError

from accounts.factories import UserFactory
from activity.models import ActivityLog
from activity.timeline import part_of
from tickets import services
from tickets.models import Tag, Ticket, TicketTag
from tickets.sorting import services as lists
from tickets.sorting.names import TAGS_MAX
from tickets.sorting.tagging import write_tags
from tickets.trash.services import restore_ticket
from tms_site.lib.edits import EditConflict
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings


def open_ticket(actor, **fields):
    return services.create_ticket(actor=actor, **{"title": "Printer", "description": "Fire", **fields}).ticket


def change(ticket, actor, version=None, **changes):
    return services.update_ticket(actor=actor, ticket_id=ticket.pk, changes=changes, version=version).ticket


# --- a new ticket ----------------------------------------------------------------------------------------------------


def test_a_category_brings_its_team_and_priority_along(requester, vpn, network):
    ticket = open_ticket(requester, category=vpn)
    assert (ticket.category, ticket.team, ticket.priority, ticket.assigned_agent) == (vpn, network, "high", None)


def test_what_somebody_chose_counts_more_than_the_category(agent, vpn, devices):
    ticket = open_ticket(agent, category=vpn, priority="medium", team=devices)
    assert (ticket.team, ticket.priority) == (devices, "medium")


def test_a_category_without_defaults_changes_nothing(requester, other):
    ticket = open_ticket(requester, category=other)
    assert (ticket.team, ticket.priority) == (None, "medium")


def test_a_team_that_is_no_more_active_gets_nothing_by_default(requester, sysadmin, vpn, network):
    lists.change_team(actor=sysadmin, team=network, changes={"is_active": False})
    vpn.refresh_from_db()
    assert open_ticket(requester, category=vpn).team is None


def test_requesters_set_no_team_and_no_tags(requester, network):
    for fields in ({"team": network}, {"tags": ["vpn"]}):
        with pytest.raises(PermissionDeniedError):
            open_ticket(requester, **fields)
    assert not Ticket.objects.exists()


def test_inactive_ones_cannot_be_chosen(agent, sysadmin, vpn, network):
    lists.change_category(actor=sysadmin, category=vpn, changes={"is_active": False})
    lists.change_team(actor=sysadmin, team=network, changes={"is_active": False})
    for fields in ({"category": vpn}, {"team": network}):
        with pytest.raises(ValidationError):
            open_ticket(agent, **fields)


def test_the_log_tells_what_a_ticket_began_with(agent, vpn, network):
    ticket = open_ticket(agent, category=vpn, tags=["VPN", "home"])
    changes = ActivityLog.objects.get(target_type="ticket", target_id=ticket.pk).changes
    assert changes["category"] == [None, {"id": vpn.pk, "label": "VPN and Wi-Fi"}]
    assert changes["team"] == [None, {"id": network.pk, "label": "Network"}]
    assert changes["tags"] == [None, ["home", "vpn"]]


# --- changes ---------------------------------------------------------------------------------------------------------


def test_each_change_is_logged_in_words(agent, vpn, network, devices):
    ticket = open_ticket(agent)
    change(ticket, agent, category=vpn, team=devices, tags=["vpn", "home"])
    change(ticket, agent, team=None, tags=["vpn", "floor-2"])
    told = [entry.details for entry in ActivityLog.objects.filter(activity_type="update", target_type="ticket")]
    first, second = sorted(told, reverse=True)
    assert first.endswith(": set the category to VPN and Wi-Fi, set the team to Devices, added the tags home, vpn.")
    assert second.endswith(": removed the team, which was Devices, changed the tags: added floor-2, removed home.")
    assert findings() == []


def test_integrity_finds_what_was_changed_behind_the_log(agent, vpn, network, other):
    ticket = open_ticket(agent, category=vpn, tags=["vpn"])
    Ticket.objects.update(category=other, team=None)
    TicketTag.objects.all().delete()
    found = "\n".join(findings())
    for name in ("category", "team", "tags"):
        assert f"Ticket #{ticket.pk}: the {name} that activity" in found


def test_a_ticket_that_nobody_works_on_follows_its_category(requester, agent, vpn, printers, network, devices):
    ticket = open_ticket(requester, category=vpn)
    assert change(ticket, requester, category=printers).team == devices
    assert change(ticket, agent, category=vpn).priority == "high"


@pytest.mark.parametrize("why", ["somebody works on it", "another team has it", "the change says so"])
def test_a_ticket_stays_with_its_team_when(why, agent, vpn, printers, network, devices, sysadmin):
    third = lists.create_team(actor=sysadmin, name="Third")
    ticket = open_ticket(agent, category=vpn, team=third if why == "another team has it" else network)
    if why == "somebody works on it":
        change(ticket, agent, assigned_agent=agent)
    extra = {"team": network} if why == "the change says so" else {}
    assert change(ticket, agent, category=printers, **extra).team == ticket.team


def test_a_team_that_a_form_sends_as_it_was_is_no_choice(agent, vpn, printers, network, devices):
    ticket = open_ticket(agent, category=vpn)
    assert change(ticket, agent, version=1, category=printers, team=network).team == devices


def test_a_team_that_is_chosen_in_the_same_form_stands_whatever_the_category_brings(
    agent, other_agent, vpn, printers, network, devices
):
    ticket = open_ticket(agent)
    assert change(ticket, agent, version=1, category=printers, team=network).team == network
    # A colleague has chosen the same meanwhile: it's no less chosen.
    ticket = change(open_ticket(agent, category=vpn), agent, version=1, team=None)
    change(ticket, other_agent, version=2, team=network)
    assert change(ticket, agent, version=2, category=printers, team=network).team == network


def test_two_people_who_tag_at_once_both_have_their_way(agent, other_agent):
    ticket = open_ticket(agent, tags=["a", "b"])
    change(ticket, agent, version=1, tags=["b", "c"])
    after = change(ticket, other_agent, version=1, tags=["a", "b", "d"])
    assert after.tags == ["b", "c", "d"]
    assert Ticket.objects.get().tags == ["b", "c", "d"]
    assert findings() == []


def test_two_people_who_tag_at_once_do_not_add_more_tags_than_a_ticket_may_have(agent, other_agent):
    common = [f"t{number:02}" for number in range(TAGS_MAX - 5)]
    ticket = open_ticket(agent, tags=common)
    hers, his = [f"a{number}" for number in range(5)], [f"b{number}" for number in range(5)]
    change(ticket, agent, version=1, tags=common + hers)
    with pytest.raises(ValidationError) as refusal:
        change(ticket, other_agent, version=1, tags=common + his)
    assert refusal.value.message_dict == {
        "tags": [
            "A ticket has at most 20 tags. Somebody else changed them meanwhile: with yours it would have 25.",
        ]
    }
    assert Ticket.objects.get().tags == sorted(common + hers)
    # Room that is made meanwhile, or by oneself, may be used.
    assert change(ticket, other_agent, version=1, tags=common[5:] + his).tags == sorted(common[5:] + hers + his)


def test_who_adds_no_tag_to_a_ticket_that_has_too_many_is_not_refused(agent, other_agent):
    ticket = open_ticket(agent, tags=["a", "b"])
    change(ticket, agent, tags=["a", "b", "c"])
    many = ["a", "b", *(f"t{number:02}" for number in range(TAGS_MAX))]
    write_tags(ticket, many)
    assert change(ticket, other_agent, version=1, title="Another", tags=["a", "b"]).tags == many
    assert change(ticket, other_agent, version=1, tags=["b"]).tags == many[1:]


def test_two_people_who_choose_different_teams_are_asked(agent, other_agent, network, devices):
    ticket = open_ticket(agent)
    change(ticket, agent, version=1, team=network)
    with pytest.raises(EditConflict):
        change(ticket, other_agent, version=1, team=devices)


def test_a_tag_is_one_row_however_often_it_is_used(agent):
    first, second = open_ticket(agent, tags=["VPN"]), open_ticket(agent, tags=["vpn", "Vpn"])
    assert Tag.objects.count() == 1
    change(first, agent, tags=[])
    assert (Ticket.objects.get(pk=first.pk).tags, Ticket.objects.get(pk=second.pk).tags) == ([], ["vpn"])


def test_deleting_a_ticket_takes_its_tags_along_but_not_those_of_others(agent, sysadmin):
    first, second = open_ticket(agent, tags=["vpn"]), open_ticket(agent, tags=["vpn"])
    services.delete_ticket(actor=sysadmin, ticket_id=first.pk)
    assert Ticket.objects.get().tags == second.tags == ["vpn"]


def test_a_ticket_comes_back_from_the_trash_as_it_was(agent, sysadmin, vpn):
    ticket = open_ticket(agent, category=vpn, tags=["vpn", "home"])
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    restored = restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert (restored.category, restored.team, restored.tags) == (vpn, vpn.default_team, ["home", "vpn"])
    assert findings() == []


def test_requesters_change_the_category_of_their_own_tickets_only(requester, other_requester, vpn, network):
    ticket = open_ticket(requester)
    assert change(ticket, requester, category=vpn).category == vpn
    with pytest.raises(Ticket.DoesNotExist):
        change(ticket, other_requester, category=None)
    for changes in ({"team": network}, {"tags": ["x"]}):
        with pytest.raises(PermissionDeniedError):
            change(open_ticket(requester), requester, **changes)


def test_a_category_that_is_no_more_offered_can_stay(requester, sysadmin, vpn):
    ticket = open_ticket(requester, category=vpn)
    lists.change_category(actor=sysadmin, category=vpn, changes={"is_active": False})
    assert change(ticket, requester, category=vpn, title="New").title == "New"


# --- what a requester learns -----------------------------------------------------------------------------------------


def test_a_requester_learns_of_team_and_category_but_never_of_tags(requester, agent, vpn, network):
    ticket = open_ticket(requester, category=vpn)
    change(ticket, agent, tags=["secret"])
    moment = Ticket.objects.get().updated_at
    assert moment == ticket.updated_at
    change(ticket, agent, tags=["secret", "other"], team=None)
    told = [" ".join(event.sentences) for event in part_of(Ticket.objects.get(), requester).events]
    assert told == ["removed the team, which was Network"]
    for_desk = [" ".join(event.sentences) for event in part_of(Ticket.objects.get(), agent).events]
    assert "added the tag secret" in for_desk


def test_the_ticket_page_shows_each_what_they_may_know(client_for, requester, agent, vpn):
    ticket = open_ticket(requester, category=vpn)
    change(ticket, agent, tags=["geheim"])
    of_requester = client_for(requester).get(ticket.get_absolute_url()).content.decode()
    of_desk = client_for(agent).get(ticket.get_absolute_url()).content.decode()
    assert "geheim" not in of_requester
    assert 'id="quick_tags"' not in of_requester
    assert "Looked after by" in of_requester
    assert "Network" in of_requester
    assert 'value="geheim"' in of_desk


# --- forms -----------------------------------------------------------------------------------------------------------


def test_without_categories_the_form_for_a_ticket_is_as_short_as_ever(client_for, requester):
    form = client_for(requester).get("/tickets/new/").context["form"]
    assert set(form.fields) == {"client_token", "title", "description", "priority", "attachments"}
    assert form.fields["priority"].required


def test_a_requester_chooses_an_active_category_and_leaves_the_priority_to_it(
    client_for, requester, vpn, printers, sysadmin
):
    lists.change_category(actor=sysadmin, category=printers, changes={"is_active": False})
    client = client_for(requester)
    page = client.get("/tickets/new/").content.decode()
    assert "VPN and Wi-Fi" in page
    assert "Printers" not in page
    client.post("/tickets/new/", {"title": "a", "description": "b", "category": vpn.pk, "priority": ""})
    assert Ticket.objects.get().priority == "high"
    refused = client.post("/tickets/new/", {"title": "a", "description": "b", "category": printers.pk})
    assert refused.status_code == 422
    assert "Choose a category from the list." in refused.content.decode()


def test_the_quick_form_changes_each_alone(client_for, agent, requester, vpn, devices):
    ticket = open_ticket(requester, category=vpn)
    client, page = client_for(agent), ticket.get_absolute_url()
    client.post(page, {"version": 1, "team": devices.pk})
    client.post(page, {"version": 2, "tags": "Home, VPN"})
    client.post(page, {"version": 3, "category": ""})
    now = Ticket.objects.get()
    assert (now.team, now.tags, now.category, now.version) == (devices, ["home", "vpn"], None, 4)
    refused = client.post(page, {"version": 4, "tags": "<b>"})
    assert refused.status_code == 422
    assert "angle brackets" in refused.content.decode()


def sent_by(page, form="quick_form", **chosen):
    """Return what the page's form sends: all of its fields, with what was chosen."""
    values = {field.html_name: field.value() for field in page.context[form]}
    tags = {"tags": ", ".join(values["tags"] or ())} if "tags" in values else {}
    return {name: "" if value is None else value for name, value in (values | tags | chosen).items()}


def test_the_page_of_a_ticket_brings_a_categorys_team_along_unless_one_is_chosen(
    client_for, agent, requester, vpn, printers, network, devices
):
    client, page = client_for(agent), open_ticket(requester).get_absolute_url()
    for chosen, team in (
        ({"category": vpn.pk}, network),
        ({"category": printers.pk}, devices),
        ({"category": vpn.pk, "team": ""}, None),
        ({"category": printers.pk, "team": network.pk}, network),
        ({"category": vpn.pk, "assigned_agent": agent.pk, "team": ""}, None),
        ({"category": printers.pk}, None),
    ):
        assert client.post(page, sent_by(client.get(page), **chosen)).status_code == 302
        assert Ticket.objects.get().team == team


def test_two_agents_who_choose_different_teams_see_both(client_for, agent, requester, network, devices):
    ticket = open_ticket(requester)
    client = client_for(agent)
    client.post(ticket.get_absolute_url(), {"version": 1, "team": network.pk})
    answer = client.post(ticket.get_absolute_url(), {"version": 1, "team": devices.pk})
    assert answer.status_code == 409
    assert "Network" in answer.content.decode()
    assert Ticket.objects.get().team == network


def test_the_edit_form_keeps_the_category_unless_told(client_for, requester, vpn, other):
    ticket = open_ticket(requester, category=vpn)
    client, page = client_for(requester), f"{ticket.get_absolute_url()}edit/"
    assert f'value="{vpn.pk}" selected>VPN' in client.get(page).content.decode()
    texts = {"title": "New", "description": "New", "priority": "low", "version": 1}
    client.post(page, texts)
    assert Ticket.objects.get().category == vpn
    client.post(page, texts | {"category": other.pk, "version": 2})
    assert Ticket.objects.get().category == other


def test_the_admin_changes_them_too(client_for, sysadmin, requester, vpn, devices):
    ticket = open_ticket(requester)
    page = f"/admin/tickets/ticket/{ticket.pk}/change/"
    fields = {
        "title": "Printer", "description": "Fire", "version": 1, "status": "open", "priority": "medium",
        "category": vpn.pk, "team": devices.pk, "tags": "b, a",
        "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0,
    }  # fmt: skip
    client_for(sysadmin).post(page, fields)
    now = Ticket.objects.get()
    assert (now.category, now.team, now.tags) == (vpn, devices, ["a", "b"])
    assert 'value="a, b"' in client_for(sysadmin).get(page).content.decode()


# --- while one types -------------------------------------------------------------------------------------------------


def test_tags_are_offered_by_their_beginning_behind_what_was_typed(client_for, agent):
    open_ticket(agent, tags=["printer", "print-server", "vpn"])
    client = client_for(agent)
    assert client.get("/tickets/tags/", {"tags": "vpn, #Pri"}).content.decode() == (
        '<option value="vpn, print-server">print-server</option><option value="vpn, printer">printer</option>'
    )
    for typed in ("", "zz", "a\x00", "%", "x" * 2000):
        assert client.get("/tickets/tags/", {"tags": typed}).content == b""


def test_requesters_are_offered_no_tags(client_for, requester):
    assert client_for(requester).get("/tickets/tags/", {"tags": "p"}).status_code == 403


def test_somebody_who_left_the_desk_may_stay_where_they_are(agent):
    ticket = open_ticket(agent, assigned_agent=UserFactory(agent=True))
    assert change(ticket, agent, tags=["x"]).tags == ["x"]
