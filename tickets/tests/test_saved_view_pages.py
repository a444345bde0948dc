"""Views at work: their addresses, the rail, the pages that keep them."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.services import change_user
from tickets import services
from tickets.factories import TicketFactory
from tickets.models import SavedView
from tickets.navigation import OF_THE_DESK

pytestmark = pytest.mark.django_db

LIST, VIEWS, NEW = reverse("tickets:list"), reverse("tickets:views"), reverse("tickets:view_create")


@pytest.fixture
def view(agent):
    """John's view of open tickets, by title."""
    return services.create_view(actor=agent, name="Printers", parameters="status=open&priority=high&sort=title")


@pytest.fixture
def high(requester):
    """Tickets that the view shows."""
    return [TicketFactory(title=title, priority="high", requester=requester) for title in "ba"]


def titles(response):
    return [ticket.title for ticket in response.context["listing"].page.items]


def test_a_view_is_an_address_with_its_filters_order_and_name(client_for, agent, view, high, ticket):
    response = client_for(agent).get(LIST, {"view": view.slug})
    assert titles(response) == ["a", "b"]
    assert response.context["heading"] == "Printers"
    assert [str(chip.value) for chip in response.context["listing"].chips] == ["Open", "High"]
    assert response.context["listing"].ignored == []


def test_what_the_search_box_says_replaces_the_views_own_value(client_for, agent):
    TicketFactory(title="ink", status="resolved")
    TicketFactory(title="mail", status="open")
    client = client_for(agent)
    for query in ({"view": "resolved", "q": "status:open"}, {"status": "resolved", "q": "is:open"}):
        listing = client.get(LIST, query).context["listing"]
        assert [ticket.title for ticket in listing.page.items] == ["mail"]
        assert [str(chip.value) for chip in listing.chips] == ["Open"]


def test_tags_of_the_search_box_are_wanted_beside_those_of_the_address(client_for, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": ["vpn", "home"]})
    other = TicketFactory(title="only one")
    services.update_ticket(actor=agent, ticket_id=other.pk, changes={"tags": ["home"]})
    listing = client_for(agent).get(LIST, {"tag": "vpn", "q": "tag:home"}).context["listing"]
    assert [found.pk for found in listing.page.items] == [ticket.pk]


def test_further_parameters_refine_a_view_and_replace_its_own(client_for, agent, view, high, ticket):
    client = client_for(agent)
    assert titles(client.get(LIST, {"view": view.slug, "sort": "-title"})) == ["b", "a"]
    assert titles(client.get(LIST, {"view": view.slug, "priority": "medium"})) == [ticket.title]
    assert len(titles(client.get(LIST, {"view": view.slug, "priority": ""}))) == 3


def test_the_links_of_a_view_keep_it_while_it_holds(client_for, agent, view, high, settings):
    settings.TICKETS_PAGE_SIZE = 1
    listing = client_for(agent).get(LIST, {"view": view.slug}).context["listing"]
    assert listing.first_url == f"{LIST}?view={view.slug}"
    assert listing.next_url.startswith(f"{LIST}?view={view.slug}&page=")
    assert listing.chips[0].remove_url == f"{LIST}?priority=high&sort=title"
    assert titles(client_for(agent).get(listing.next_url)) == ["b"]


def test_built_in_views_have_addresses_too(client_for, agent, requester):
    TicketFactory(title="Mine", assigned_agent=agent)
    TicketFactory(title="Nobody's")
    client = client_for(agent)
    assert titles(client.get(LIST, {"view": "unassigned"})) == ["Nobody's"]
    assert titles(client.get(LIST, {"view": "assigned"})) == ["Mine"]
    assert client_for(requester).get(LIST, {"view": "unassigned"}).context["listing"].ignored


@pytest.mark.parametrize("slug", ["nothing", "a\x00b", "x" * 500])
def test_an_unknown_view_is_named_and_the_ordinary_list_shown(client_for, agent, ticket, slug):
    response = client_for(agent).get(LIST, {"view": slug})
    assert response.status_code == 200
    assert titles(response) == [ticket.title]
    assert any("View" in words for words in response.context["listing"].ignored)


def test_somebody_elses_view_answers_as_if_it_were_not_there(client_for, other_agent, requester, view, high):
    for person in (other_agent, requester):
        response = client_for(person).get(LIST, {"view": view.slug})
        assert "Printers" not in response.content.decode()
        assert response.context["listing"].ignored


def test_a_shared_view_shows_no_more_than_one_may_see(client_for, agent, other_agent, view):
    services.change_view(actor=agent, view_id=view.pk, changes={"is_shared": True, "parameters": "assigned_agent=me"})
    TicketFactory(title="John's", assigned_agent=agent)
    TicketFactory(title="Alex's", assigned_agent=other_agent)
    assert titles(client_for(other_agent).get(LIST, {"view": view.slug})) == ["Alex's"]


class Rail(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.links = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if attrs.get("class") == "rail-link":
            self.links[attrs["href"]] = attrs.get("aria-current")


def test_the_rail_leads_to_ones_views_and_marks_the_present_one(client_for, agent, other_agent, view):
    client = client_for(agent)
    links = Rail(client.get(view.get_absolute_url()).content.decode()).links
    assert links[view.get_absolute_url()] == "page"
    assert Rail(client.get(f"{view.get_absolute_url()}&q=ink").content.decode()).links[view.get_absolute_url()] is None
    assert view.get_absolute_url() not in Rail(client_for(other_agent).get(LIST).content.decode()).links


def test_the_rail_counts_ones_views(client_for, agent, view, high, ticket):
    page = client_for(agent).get(reverse("tickets:counts")).content.decode()
    assert f'id="rail-count-{view.slug}" hx-swap-oob="true" class="rail-count">2<' in page


def test_the_default_view_is_where_tms_begins(client_for, agent, view):
    client = client_for(agent)
    client.post(reverse("tickets:view_default", args=[view.pk]), {"default": "on"})
    assert client.get("/")["Location"] == view.get_absolute_url()
    client.post(reverse("tickets:view_default", args=[view.pk]), {"default": "off"})
    assert client.get("/")["Location"] == OF_THE_DESK[0].url


def test_a_filtered_list_is_saved_as_a_view(client_for, agent):
    client = client_for(agent)
    address = client.get(LIST, {"status": "waiting", "sort": "title"}).context["listing"].save_url
    form = client.get(address).context["form"]
    response = client.post(NEW, {"name": "Waiting long", "parameters": form["parameters"].value(), "is_shared": "on"})
    saved = SavedView.objects.get()
    assert response["Location"] == saved.get_absolute_url()
    assert (saved.name, saved.parameters, saved.is_shared) == ("Waiting long", "sort=title&status=waiting", True)


def test_a_list_that_shows_everything_or_is_a_view_already_is_not_saved(client_for, agent, view):
    client = client_for(agent)
    assert client.get(LIST).context["listing"].save_url == ""
    assert client.get(view.get_absolute_url()).context["listing"].save_url == ""
    refined = client.get(f"{view.get_absolute_url()}&q=ink").context["listing"]
    assert refined.save_url
    assert client.get(refined.update_url).context["form"]["parameters"].value() == (
        "priority=high&q=ink&sort=title&status=open"
    )


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\u202eb"])
def test_a_bad_name_is_explained_and_nothing_saved(client_for, agent, name):
    response = client_for(agent).post(NEW, {"name": name, "parameters": "status=open"})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert not SavedView.objects.exists()


def test_a_requester_who_makes_up_the_field_shares_nothing(client_for, requester):
    client_for(requester).post(NEW, {"name": "Mine", "parameters": "", "is_shared": "on"})
    assert not SavedView.objects.get().is_shared


def test_views_are_renamed_and_deleted_on_their_page(client_for, agent, view):
    client = client_for(agent)
    edit, delete = (reverse(f"tickets:view_{name}", args=[view.pk]) for name in ("edit", "delete"))
    assert client.post(edit, {"name": "", "parameters": view.parameters}).status_code == 422
    client.post(edit, {"name": "Ink", "parameters": view.parameters})
    view.refresh_from_db()
    assert (view.name, view.parameters) == ("Ink", "priority=high&sort=title&status=open")
    assert "Ink" in client.get(delete).content.decode()
    client.post(delete)
    assert "No views yet" in client.get(VIEWS).content.decode()


def test_the_page_of_views_moves_them(client_for, agent, view):
    other = services.create_view(actor=agent, name="Other", parameters="")
    client = client_for(agent)
    client.post(reverse("tickets:view_move", args=[other.pk]), {"direction": "up"})
    assert [item["view"] for item in client.get(VIEWS).context["views"]] == [other, view]


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_page_of_views_costs_the_same_for_many(client_for, agent, rows, django_assert_num_queries):
    for number in range(rows):
        services.create_view(actor=agent, name=str(number), parameters="")
    client = client_for(agent)
    with django_assert_num_queries(4):
        client.get(VIEWS)


def test_an_export_knows_the_view_too(client_for, agent, view, high, ticket):
    content = b"".join(client_for(agent).get(reverse("tickets:export"), {"view": view.slug}).streaming_content)
    assert ticket.title not in content.decode()


def test_a_form_of_a_view_that_a_sysadmin_has_changed_meanwhile_is_shown_again(client_for, agent, sysadmin, view):
    address = reverse("tickets:view_edit", args=[view.pk])
    client = client_for(agent)
    version = client.get(address).context["form"]["version"].value()
    sent = {"name": "Paper", "parameters": "status=open", "version": version}
    services.change_view(actor=agent, view_id=view.pk, changes={"is_shared": True})
    services.change_view(actor=sysadmin, view_id=view.pk, changes={"name": "Toner"})
    response = client.post(address, sent)
    assert (response.status_code, response.context["form"]["name"].value()) == (409, "Paper")
    assert "Somebody else has changed this meanwhile." in response.content.decode()
    assert SavedView.objects.get().name == "Toner"
    assert client.post(address, sent | {"version": "3"}).status_code == 302
    assert (SavedView.objects.get().name, SavedView.objects.get().version) == ("Paper", 4)


def test_moving_a_view_is_no_change_of_it(client_for, agent, view):
    services.create_view(actor=agent, name="Other", parameters="")
    services.move_view(actor=agent, view_id=view.pk, up=False)
    assert SavedView.objects.get(pk=view.pk).version == 1


def test_deleting_a_personal_view_is_about_ones_own_menu_alone(client_for, agent, view):
    shared = services.create_view(actor=agent, name="Ours", parameters="status=open", is_shared=True)
    client = client_for(agent)
    assert "leaves your menu" in client.get(reverse("tickets:view_delete", args=[view.pk])).content.decode()
    page = client.get(reverse("tickets:view_delete", args=[shared.pk])).content.decode()
    assert "leaves the menu of everybody who sees it" in page


def test_the_page_of_views_says_how_to_make_one_and_moves_them_where_there_are_several(client_for, agent, view):
    page = client_for(agent).get(VIEWS).content.decode()
    assert "Save as view" in page
    assert "Move Printers up" not in page
    services.create_view(actor=agent, name="Ours", parameters="status=open")
    assert "Move Printers up" in client_for(agent).get(VIEWS).content.decode()


def test_a_view_of_a_search_is_counted_too(client_for, agent, high):
    view = services.create_view(actor=agent, name="Zeppelins", parameters="q=zeppelin")
    TicketFactory(title="A zeppelin")
    page = client_for(agent).get(reverse("tickets:counts")).content.decode()
    assert f'<span id="rail-count-{view.slug}" hx-swap-oob="true" class="rail-count">1<' in page


def test_who_left_the_desk_sees_what_they_shared_but_changes_nothing_of_it(client_for, agent, sysadmin, view):
    services.change_view(actor=agent, view_id=view.pk, changes={"is_shared": True})
    services.set_default_view(actor=agent, view_id=view.pk)
    change_user(actor=sysadmin, user=agent, changes={"role": Role.REQUESTER})
    agent.refresh_from_db()
    client, edit = client_for(agent), reverse("tickets:view_edit", args=[view.pk])
    page = client.get(VIEWS).content.decode()
    assert "Printers" in page
    assert edit not in page
    assert "Begin with the usual list" in page
    assert client.get(edit).status_code == 403
    assert client.post(edit, {"name": "Mine", "parameters": "", "is_shared": "on"}).status_code == 403
    assert client.post(reverse("tickets:view_delete", args=[view.pk])).status_code == 403
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Printers", True)
    client.post(reverse("tickets:view_default", args=[view.pk]), {"default": "off"})
    assert not SavedView.objects.filter(is_default=True).exists()
