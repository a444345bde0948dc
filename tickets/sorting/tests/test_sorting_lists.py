"""Lists by category, team and tags."""

import csv
from io import StringIO

import pytest
from django.http import QueryDict

from accounts.factories import UserFactory
from tickets import services
from tickets.factories import TicketFactory
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.sorting import lists
from tickets.sorting import services as shelves
from tickets.sorting.tagging import write_tags

LIST_OF_THE_DESK, LIST_OF_A_REQUESTER = 10, 10


@pytest.fixture
def six(vpn, printers, network, devices, requester, other_requester, agent):
    """Tickets by name: of each team, of no team, with tags and without."""
    made = {
        "vpn": TicketFactory(category=vpn, team=network, requester=requester),
        "ink": TicketFactory(category=printers, team=devices, requester=requester),
        "paper": TicketFactory(category=printers, team=devices, requester=other_requester, assigned_agent=agent),
        "lost": TicketFactory(requester=requester),
    }
    write_tags(made["vpn"], ["home", "urgent-guest"])
    write_tags(made["ink"], ["floor-2", "home"])
    write_tags(made["paper"], ["floor-2"])
    return made


def found(six, person, query):
    chosen = TicketFilter(QueryDict(query), Ticket.objects.visible_to(person), actor=person)
    names = {ticket.pk: name for name, ticket in six.items()}
    return sorted(names[pk] for pk in chosen.in_order.values_list("pk", flat=True)), chosen


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("category=none", ["lost"]),
        ("category=printers", ["ink", "paper"]),
        ("category=PRINTERS&category=VPN+and+Wi-Fi", ["ink", "paper", "vpn"]),
        ("category=none&category=printers", ["ink", "lost", "paper"]),
        ("team=Network", ["vpn"]),
        ("team=none", ["lost"]),
        ("team=mine", ["vpn"]),
        ("team=mine&team=none", ["lost", "vpn"]),
        ("team=devices&assigned_agent=none", ["ink"]),
        ("tag=home", ["ink", "vpn"]),
        ("tag=HOME&tag=%23floor-2", ["ink"]),
        ("q=team:devices+tag:home", ["ink"]),
        ("q=tag:home,floor-2", ["ink"]),
        ('q=category:"VPN and Wi-Fi"', ["vpn"]),
        ("category=printers&tag=floor-2&status=open", ["ink", "paper"]),
    ],
)
def test_the_desk_filters_by_them_by_name_or_number(six, agent, query, names):
    assert found(six, agent, query)[0] == names
    assert found(six, agent, query)[1].ignored == []


def test_numbers_mean_the_same_as_names(six, agent, vpn, network):
    assert found(six, agent, f"category={vpn.pk}&team={network.pk}")[0] == ["vpn"]
    by_name = found(six, agent, "team=network")[1].data
    assert by_name.getlist("team") == [str(network.pk)]


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("category=Nothing", ["Category “Nothing”"]),
        ("team=999", ["Team “999”"]),
        ("tag=nowhere", ["Tag “nowhere”"]),
        ("tag=home&tag=a%00b", ["Tag “a\ufffdb”"]),
        ("tag=" + "x" * 500, None),
    ],
)
def test_what_there_is_not_is_left_out_and_named(six, agent, query, ignored):
    chosen = found(six, agent, query)[1]
    assert chosen.ignored == ignored or (ignored is None and len(chosen.ignored) == 1)


def test_requesters_filter_by_category_only(six, requester, network):
    assert found(six, requester, "category=printers")[0] == ["ink"]
    names, chosen = found(six, requester, f"team={network.pk}&tag=home")
    assert names == ["ink", "lost", "vpn"]
    assert chosen.ignored == ["team", "tag"]


def test_frequent_tags_are_found_as_rare_ones_are(six, agent, monkeypatch):
    monkeypatch.setattr(lists, "RARE", 1)
    for query, names in (("tag=home", ["ink", "vpn"]), ("tag=home&tag=floor-2", ["ink"])):
        assert found(six, agent, query)[0] == names


def test_a_page_shows_category_team_and_tags_to_the_desk(six, client_for, agent):
    page = client_for(agent).get("/tickets/").content.decode()
    for text in ("VPN and Wi-Fi", "Network", "urgent-guest", 'name="team"', 'name="tag"'):
        assert text in page


def test_a_page_shows_a_requester_the_category_but_no_tags_and_no_teams_to_choose(six, client_for, requester):
    page = client_for(requester).get("/tickets/").content.decode()
    assert "VPN and Wi-Fi" in page
    for text in ("urgent-guest", "floor-2", 'name="team"', 'name="tag"', "team:mine"):
        assert text not in page


def test_each_has_a_chip_and_the_form_keeps_the_tags(six, client_for, agent, network):
    page = client_for(agent).get("/tickets/", {"team": "network", "tag": ["home", "floor-2"], "category": "none"})
    chips = {(str(chip.label), str(chip.value)) for chip in page.context["listing"].chips}
    assert chips == {("Team", "Network"), ("Tag", "home"), ("Tag", "floor-2"), ("Category", "none")}
    assert '<input type="hidden" form="filters" name="tag" value="home">' in page.content.decode()


def test_a_saved_view_keeps_them(six, client_for, agent):
    services.create_view(actor=agent, name="Mine", parameters="team=network&tag=home")
    page = client_for(agent).get("/tickets/?view=" + agent.saved_views.get().slug)
    assert [ticket.pk for ticket in page.context["listing"].page.items] == [six["vpn"].pk]
    counts = client_for(agent).get("/tickets/counts/")
    assert counts.status_code == 200


def export(client):
    text = b"".join(client.get("/tickets/export.csv").streaming_content).decode("utf-8-sig")
    header, *rows = csv.reader(StringIO(text))
    return header, [dict(zip(header, row, strict=True)) for row in rows]


def test_an_export_has_tags_for_the_desk_only(six, client_for, agent, requester):
    header, rows = export(client_for(agent))
    assert header[-3:] == ["Category", "Team", "Tags"]
    row = next(row for row in rows if row["Number"] == str(six["vpn"].pk))
    assert (row["Category"], row["Team"], row["Tags"]) == ("VPN and Wi-Fi", "Network", "home, urgent-guest")
    header, rows = export(client_for(requester))
    assert header[-2:] == ["Category", "Team"]


def test_no_name_is_a_formula_in_an_export(client_for, sysadmin):
    evil = shelves.create_category(actor=sysadmin, name="=1+1")
    write_tags(TicketFactory(category=evil), ["=2+2"])
    _header, (row,) = export(client_for(sysadmin))
    assert (row["Category"], row["Tags"]) == ("'=1+1", "'=2+2")


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_list_costs_the_same_whatever_its_rows_have(
    rows, client_for, agent, requester, vpn, devices, django_assert_num_queries
):
    for number in range(rows):
        ticket = TicketFactory(
            requester=requester,
            category=vpn,
            team=devices,
            assigned_agent=UserFactory(agent=True) if number % 2 else None,
        )
        write_tags(ticket, [f"tag{number}", "all"])
    for person, most in ((agent, LIST_OF_THE_DESK), (requester, LIST_OF_A_REQUESTER)):
        client = client_for(person)
        with django_assert_num_queries(most):
            client.get("/tickets/")
