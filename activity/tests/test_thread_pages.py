"""The parts of a ticket's page that hold its timeline, and the thread on paper."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from activity.models import ActivityLog
from tickets import services
from tickets.factories import CommentFactory, TicketFactory, upload
from tickets.models import Comment

pytestmark = pytest.mark.django_db
BEGIN = timezone.now() - timedelta(days=300)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester, description="It **burns**.")


@pytest.fixture
def long_ticket(ticket):
    Comment.objects.bulk_create(
        Comment(
            ticket=ticket,
            commented_by=ticket.requester,
            description=f"Word {number}.",
            creation_date=BEGIN + timedelta(minutes=number),
        )
        for number in range(120)
    )
    return ticket


def page(client, address, **kwargs):
    response = client.get(address, **kwargs)
    assert response.status_code == 200
    return response.content.decode()


def said(html):
    return [number for number in range(120) if f"Word {number}." in html]


def link(html, name):
    """Return where a link of the timeline leads, by its id."""
    tag = html.partition(f'id="{name}"')[2].partition(">")[0]
    return [
        tag.partition(f'{attribute}="')[2].partition('"')[0].replace("&amp;", "&") for attribute in ("href", "hx-get")
    ]


def test_a_long_ticket_opens_with_its_description_its_newest_entries_and_the_way_back(
    client_for, requester, long_ticket
):
    html = page(client_for(requester), long_ticket.get_absolute_url())
    assert "<strong>burns</strong>" in html
    assert said(html) == list(range(70, 120))
    assert "Show 50 earlier entries" in html


def test_the_way_back_leads_through_pages_without_a_script(client_for, requester, long_ticket):
    client = client_for(requester)
    html = page(client, long_ticket.get_absolute_url())
    html = page(client, link(html, "thread-earlier")[0])
    assert said(html) == list(range(20, 70))
    assert "Show 20 earlier entries" in html
    first = page(client, link(html, "thread-earlier")[0])
    assert said(first) == list(range(20))
    assert said(page(client, link(first, "thread-later")[0])) == list(range(20, 70))


def test_htmx_gets_the_earlier_entries_alone_and_the_next_way_back(client_for, requester, long_ticket):
    client = client_for(requester)
    address = link(page(client, long_ticket.get_absolute_url()), "thread-earlier")[1]
    part = page(client, address, headers=HTMX)
    assert said(part) == list(range(20, 70))
    assert "<html" not in part
    assert "burns" not in part
    last = page(client, link(part, "thread-earlier")[1], headers=HTMX)
    assert said(last) == list(range(20))
    assert "how it began" in last


def test_without_htmx_the_address_of_a_part_leads_to_the_page_that_shows_it(client_for, requester, long_ticket):
    address = reverse("timeline:thread", args=[long_ticket.pk])
    response = client_for(requester).get(address, {"before": "1.0.1"})
    assert (response.status_code, response["Location"]) == (302, f"{long_ticket.get_absolute_url()}?before=1.0.1")


def test_the_address_of_an_old_comment_opens_it_marked_with_the_ways_on(client_for, requester, long_ticket):
    comment = Comment.objects.get(description="Word 30.")
    html = page(client_for(requester), comment.get_absolute_url().partition("#")[0])
    item = html.partition(f'<li id="comment-{comment.pk}"')[2].partition(">")[0]
    assert 'class="is-marked"' in item
    assert said(html) == list(range(1, 51))
    assert said(page(client_for(requester), link(html, "thread-later")[0])) == list(range(51, 101))
    assert "Go to the newest" in html


def test_after_a_comment_without_script_one_is_led_to_it(client_for, requester, long_ticket):
    client = client_for(requester)
    sent = {"description": "And now?", "client_token": "a" * 20}
    response = client.post(reverse("tickets:comment_add", args=[long_ticket.pk]), sent, follow=True)
    html = response.content.decode()
    assert "And now?" in html
    assert said(html) == list(range(71, 120))


def test_the_desk_chooses_between_four_kinds_and_a_requester_between_three(client_for, requester, agent, ticket):
    CommentFactory(ticket=ticket, commented_by=agent, description="Between us.", is_internal=True)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "in_progress"})
    address = ticket.get_absolute_url()
    assert "show=notes" in page(client_for(agent), address)
    assert "show=notes" not in page(client_for(requester), address)
    notes = page(client_for(agent), f"{address}?show=notes")
    assert "Between us." in notes
    assert "from Open to In progress" not in notes
    assert "Between us." not in page(client_for(agent), f"{address}?show=conversation")
    changes = page(client_for(requester), f"{address}?show=changes")
    assert "from Open to In progress" in changes
    assert "Nobody has answered yet." in page(client_for(requester), f"{address}?show=conversation")


def test_a_choice_stays_on_the_way_back(client_for, agent, long_ticket):
    client = client_for(agent)
    html = page(client, f"{long_ticket.get_absolute_url()}?show=conversation")
    assert all("show=conversation" in address for address in link(html, "thread-earlier"))


@pytest.mark.parametrize("many", [1, 3, 50, 120])
def test_a_page_asks_the_same_however_long_the_conversation_is(
    client_for, agent, ticket, many, django_assert_num_queries
):
    Comment.objects.bulk_create(
        Comment(ticket=ticket, commented_by=ticket.requester, description=f"Word {number}.") for number in range(many)
    )
    client = client_for(agent)
    # Nine, and four that write in the log that somebody looked.
    with django_assert_num_queries(13):
        page(client, ticket.get_absolute_url())


# --- On paper ---------------------------------------------------------------------------------------------------------


def printed(client, ticket):
    response = client.get(reverse("timeline:print", args=[ticket.pk]))
    assert response.status_code == 200
    assert response.streaming
    return b"".join(response.streaming_content).decode()


def test_the_whole_thread_is_printed_without_navigation_and_with_full_dates(
    client_for, requester, long_ticket, fresh_limits
):
    html = printed(client_for(requester), long_ticket)
    assert said(html) == list(range(120))
    assert "<strong>burns</strong>" in html
    assert long_ticket.title in html
    assert " ago" not in html
    for part in ("topbar", 'id="rail"', "composer", "<form"):
        assert part not in html


def test_times_are_printed_in_the_readers_zone(client_for, requester, agent, fresh_limits):
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    ticket = TicketFactory(requester=requester, creation_date=noon)
    CommentFactory(ticket=ticket, creation_date=noon)
    changes = {"status": "resolved", "resolution_date": noon}
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes=changes)
    User.objects.filter(pk=requester.pk).update(time_zone="Asia/Tokyo")
    html = printed(client_for(requester), ticket)
    assert html.count('<time datetime="2026-03-01T21:00:00+09:00">Sun 1 Mar 2026, 21:00 JST</time>') == 4
    assert "Sun 1 Mar 2026, 21:00 JST" in html  # the change's own words
    assert "UTC" not in html
    assert timezone.get_current_timezone_name() == "UTC"  # left again


@pytest.mark.parametrize("reader", ["agent", "sysadmin", "requester"])
def test_notes_are_never_printed(client_for, request, reader, agent, ticket, sysadmin, fresh_limits):
    note = CommentFactory(ticket=ticket, commented_by=agent, description="Between us.", is_internal=True)
    gone = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Gone", is_internal=True).comment
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=gone.pk)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "in_progress"})
    html = printed(client_for(request.getfixturevalue(reader)), ticket)
    assert note.description not in html
    assert "deleted a comment" not in html
    assert "changed the status from Open to In progress" in html


def test_the_files_are_named_on_paper_but_not_those_of_notes(client_for, agent, requester, fresh_limits):
    ticket = services.create_ticket(
        actor=requester, title="Printer", description="It jams.", attachments=[upload("of-the-ticket.txt")]
    ).ticket
    for name, is_internal in (("of-a-reply.txt", False), ("of-a-note.txt", True)):
        services.add_comment(
            actor=agent, ticket_id=ticket.pk, description="Look", attachments=[upload(name)], is_internal=is_internal
        )
    html = printed(client_for(agent), ticket)
    assert html.count("Attachments:") == 2
    assert html.index("of-the-ticket.txt") < html.index("of-a-reply.txt (12")
    assert "of-a-note.txt" not in html


def test_printing_is_noted_as_a_look_at_the_ticket(client_for, agent, ticket, fresh_limits):
    printed(client_for(agent), ticket)
    assert ActivityLog.objects.filter(activity_type="read", target_id=ticket.pk, user=agent).count() == 1


def test_printing_very_often_is_refused(client_for, agent, ticket, fresh_limits):
    client = client_for(agent)
    address = reverse("timeline:print", args=[ticket.pk])
    statuses = [client.get(address).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_what_people_wrote_is_inert_on_paper_too(client_for, agent, requester, fresh_limits):
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    ticket = TicketFactory(title=nasty, description=nasty, requester=requester)
    CommentFactory(ticket=ticket, description=nasty)
    html = printed(client_for(agent), ticket)
    assert "<script>alert" not in html
    assert "<img" not in html


@pytest.mark.parametrize("name", ["thread", "print"])
def test_a_foreign_ticket_has_neither(client_for, other_requester, ticket, name, fresh_limits):
    client = client_for(other_requester)
    hidden = client.get(reverse(f"timeline:{name}", args=[ticket.pk]), headers=HTMX)
    missing = client.get(reverse(f"timeline:{name}", args=[987_654_321]), headers=HTMX)
    assert hidden.status_code == missing.status_code == 404
