"""Agents watch tickets because they want to, or because somebody names them; requesters learn nothing of it."""

import re

import pytest
from django.urls import reverse

from accounts.factories import UserFactory
from activity.models import ActivityLog
from activity.timeline import part_of
from tickets import policies, services
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.navigation import OF_THE_DESK, view_counts
from tickets.watching import services as watching
from tickets.watching.mentions import mentioned
from tickets.watching.models import TicketWatcher
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.rivals import rival

pytestmark = pytest.mark.django_db
# As many as for texts without an @: whom they may mention the page has read already.
PAGE = 13
PEOPLE = [(1, "Ann"), (2, "Ann Lee"), (3, "Bob"), (4, "bob"), (5, ""), (6, "Zoë Åse")]


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


def watchers(ticket):
    return {row.user.username for row in TicketWatcher.objects.filter(ticket=ticket)}


def say(actor, ticket, text, **values):
    return services.add_comment(actor=actor, ticket_id=ticket.pk, description=text, **values).comment


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Ann look", {1}),
        ("ask @ann lee, please", {2}),
        ("@Annabel", set()),
        ("@Bob!", {3, 4}),
        ("(@Bob) and @Ann.", {1, 3, 4}),
        ("bob@ann.example", set()),
        ("@ Ann", set()),
        ("@@Ann", set()),
        ("@zoë åse", {6}),
        ("İ @Ann", {1}),
        ("@" * 5000, set()),
        ("no one", set()),
    ],
)
def test_names_after_an_at_sign_are_found(text, meant):
    assert mentioned(text, PEOPLE) == meant


def test_who_watches_twice_at_once_watches_once(agent, ticket):
    def watch():
        return watching.watch(actor=agent, ticket_id=ticket.pk)

    # The second savepoint stands before the row: right then, the other one commits.
    with rival(watch, before="SAVEPOINT", passing=1):
        assert not watch()
    assert watchers(ticket) == {"John Smith"}
    assert ActivityLog.objects.count() == 1


def test_an_agent_watches_and_stops_each_with_one_entry(agent, ticket):
    assert watching.watch(actor=agent, ticket_id=ticket.pk)
    assert not watching.watch(actor=agent, ticket_id=ticket.pk)
    assert watching.unwatch(actor=agent, ticket_id=ticket.pk)
    assert not watching.unwatch(actor=agent, ticket_id=ticket.pk)
    entries = ActivityLog.objects.filter(target_type="watcher", ticket_id=ticket.pk)
    assert sorted(entry.activity_type for entry in entries) == ["create", "delete"]
    assert watchers(ticket) == set()


@pytest.mark.parametrize("is_internal", [True, False])
def test_whoever_is_named_by_the_desk_watches_from_then_on(agent, other_agent, ticket, is_internal):
    say(agent, ticket, "What do you think, @Alex Johnson? And @John Smith?", is_internal=is_internal)
    assert watchers(ticket) == {"Alex Johnson"}
    entry = ActivityLog.objects.get(target_type="watcher")
    assert (entry.user, entry.details) == (agent, f"Alex Johnson watches ticket #{ticket.pk}.")


def test_a_name_that_is_added_to_a_text_later_counts_too(agent, other_agent, ticket):
    comment = say(agent, ticket, "Hm.")
    text = "Hm, @Alex Johnson?"
    services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=comment.pk, description=text)
    assert watchers(ticket) == {"Alex Johnson"}


def edit(actor, comment, text):
    services.edit_comment(actor=actor, ticket_id=comment.ticket_id, comment_id=comment.pk, description=text)


def test_who_has_stopped_watching_is_not_named_anew_by_a_mended_typo(agent, other_agent, sysadmin, ticket):
    comment = say(agent, ticket, "@Alex Johnson have a lok", is_internal=True)
    watching.unwatch(actor=other_agent, ticket_id=ticket.pk)
    edit(agent, comment, "Please @alex johnson, have a look with @Admin")
    services.publish_note(actor=agent, ticket_id=ticket.pk, comment_id=comment.pk)
    assert watchers(ticket) == {"Admin"}


def test_nobody_is_named_twice_nor_who_left_nor_requesters(agent, other_agent, other_requester, ticket):
    UserFactory(agent=True, is_active=False, username="Gabi Gone")
    for _time in range(2):
        say(agent, ticket, "@Alex Johnson @Gabi Gone @Michael Brown")
    assert watchers(ticket) == {"Alex Johnson"}
    assert ActivityLog.objects.filter(target_type="watcher").count() == 1


def test_what_a_requester_writes_names_nobody(requester, other_agent, ticket):
    say(requester, ticket, "@Alex Johnson help!")
    assert watchers(ticket) == set()


def test_a_requesters_text_names_nobody_whoever_edits_it(requester, other_agent, sysadmin, ticket):
    comment = say(requester, ticket, "@Alex Johnson hlp!")
    edit(sysadmin, comment, "@Alex Johnson help! @Admin too!")
    assert watchers(ticket) == set()


def test_a_requester_cannot_watch_and_sees_no_watchers(client_for, requester, agent, other_agent, ticket):
    with pytest.raises(PermissionDeniedError):
        watching.watch(actor=requester, ticket_id=ticket.pk)
    watching.watch(actor=other_agent, ticket_id=ticket.pk)
    page = client_for(requester).get(ticket.get_absolute_url()).content.decode()
    assert "Alex Johnson" not in page
    assert "Watch" not in page
    assert part_of(ticket, requester).events == []
    [event] = part_of(ticket, agent).events
    assert event.sentences == ["lets Alex Johnson watch this ticket"]
    client = client_for(agent)
    assert "1 watches it" in client.get(ticket.get_absolute_url()).content.decode()
    assert "Alex Johnson" in client.get(reverse("tickets:watch", args=[ticket.pk])).content.decode()
    assert client_for(requester).get(reverse("tickets:watch", args=[ticket.pk])).status_code == 403


def test_the_button_watches_and_stops(client_for, agent, ticket):
    client, address = client_for(agent), reverse("tickets:watch", args=[ticket.pk])
    assert "Watch this ticket" in client.get(ticket.get_absolute_url()).content.decode()
    client.post(address, {"watch": "on"})
    assert watchers(ticket) == {"John Smith"}
    assert "Stop watching" in client.get(ticket.get_absolute_url()).content.decode()
    client.post(address, {"watch": "off"})
    assert watchers(ticket) == set()


@pytest.mark.parametrize("query", [{"watching": "me"}, {"q": "is:watching"}])
def test_the_desk_lists_what_it_watches(client_for, agent, other_agent, query):
    mine, theirs = TicketFactory(title="Mine"), TicketFactory(title="Theirs")
    watching.watch(actor=agent, ticket_id=mine.pk)
    watching.watch(actor=other_agent, ticket_id=theirs.pk)
    listing = client_for(agent).get(reverse("tickets:list"), query).context["listing"]
    assert [ticket.pk for ticket in listing.page.items] == [mine.pk]


@pytest.mark.parametrize("value", ["you", "1", ""])
def test_what_the_filter_doesnt_know_is_named_and_left_out(client_for, agent, ticket, value):
    listing = client_for(agent).get(reverse("tickets:list"), {"watching": value}).context["listing"]
    assert bool(listing.ignored) == bool(value)
    assert len(listing.page.items) == 1


def test_a_requester_has_no_such_filter(client_for, requester, ticket):
    listing = client_for(requester).get(reverse("tickets:list"), {"watching": "me"}).context["listing"]
    assert listing.ignored
    assert len(listing.page.items) == 1


def test_the_desk_is_offered_colleagues_and_a_requester_gets_403(client_for, requester, agent, other_agent):
    address = reverse("tickets:mentions")
    assert client_for(agent).get(address, {"q": "al"}).json() == {"names": ["Alex Johnson"]}
    assert client_for(agent).get(address, {"q": "jane"}).json() == {"names": []}
    assert client_for(agent).get(address, {"q": "x" * 500}).json() == {"names": []}
    assert client_for(requester).get(address, {"q": "al"}).status_code == 403


def marks(client, ticket):
    return re.findall(r"<b>(@[^<]*)</b>", client.get(ticket.get_absolute_url()).content.decode())


def test_the_desk_sees_whom_a_text_of_the_desk_names(client_for, agent, other_agent, ticket):
    say(agent, ticket, "@alex johnson, @Nobody and `@Alex Johnson`")
    assert marks(client_for(other_agent), ticket) == ["@alex johnson"]


def test_a_mark_tells_a_requester_nothing_nor_does_their_text_tell_the_desk(client_for, requester, agent, ticket):
    say(requester, ticket, "Is there an @John Smith?")
    say(agent, ticket, "Yes, @John Smith")
    assert marks(client_for(requester), ticket) == []
    assert marks(client_for(agent), ticket) == ["@John Smith"]


def test_only_the_desk_sees_that_the_desk_has_named_somebody(requester, agent, sysadmin, ticket):
    by_desk, by_requester = say(agent, ticket, "@Admin"), say(requester, ticket, "@Admin")
    for actor, may in ((agent, True), (sysadmin, True), (requester, False)):
        assert bool(policies.can_see_mentions(actor, by_desk)) is may
        assert not policies.can_see_mentions(actor, by_requester)
    agent.is_active = False
    assert not policies.can_see_mentions(agent, by_desk)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_marks_cost_a_page_no_query(client_for, agent, other_agent, ticket, rows, django_assert_num_queries):
    CommentFactory.create_batch(rows, ticket=ticket, commented_by=agent, description="@Alex Johnson")
    client = client_for(agent)
    with django_assert_num_queries(PAGE):
        client.get(ticket.get_absolute_url())


def test_the_rail_leads_to_what_one_watches_and_counts_it(client_for, agent, other_agent, ticket):
    resolved = TicketFactory(status=Status.RESOLVED)
    for number in (ticket.pk, resolved.pk):
        watching.watch(actor=agent, ticket_id=number)
    watching.watch(actor=other_agent, ticket_id=TicketFactory().pk)
    counts = {slug: count.value for slug, count in view_counts(agent)}
    assert counts["watching"] == 1
    page = client_for(agent).get(next(view.url for view in OF_THE_DESK if view.slug == "watching"))
    assert [row.pk for row in page.context["listing"].page.items] == [ticket.pk]
    assert "Watching" in page.content.decode()


def test_the_empty_view_says_what_one_watches_for_but_one_with_filters_of_ones_own_says_that_they_are(
    client_for, agent
):
    client = client_for(agent)
    path = next(view.url for view in OF_THE_DESK if view.slug == "watching")
    empty = client.get(path).content.decode()
    assert "Unresolved tickets that you watch stand here." in empty
    assert "Nothing fits all of these filters" not in empty
    assert "Nothing fits all of these filters" in client.get(f"{path}&priority=low").content.decode()


def test_requesters_are_offered_no_view_of_what_is_watched(client_for, requester):
    assert "Watching" not in client_for(requester).get("/tickets/").content.decode()
