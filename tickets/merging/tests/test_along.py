"""What goes along with a merge besides comments, and comes back on undo: files, watchers, tags; with bulk and split."""

from itertools import permutations

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from accounts.factories import UserFactory
from activity.models import ActivityLog
from tickets import services
from tickets.attachments.models import Attachment
from tickets.factories import upload
from tickets.merging.services import merge_tickets, split_ticket, undo_merge
from tickets.models import Comment, Ticket, TicketTag
from tickets.sorting.names import TAGS_MAX
from tickets.watching.models import TicketWatcher
from tickets.watching.services import unwatch, watch
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db


def tag(actor, ticket, *names):
    services.update_ticket(actor=actor, ticket_id=ticket.pk, changes={"tags": list(names)})


def tags_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).tags


def watchers_of(ticket):
    return [row.user for row in TicketWatcher.objects.filter(ticket=ticket).order_by("user")]


def merge(actor, target, *sources):
    numbers = [source.pk for source in sources]
    return merge_tickets(actor=actor, target_id=target.pk, source_ids=numbers, of_others=True).merges


def undo(actor, made):
    return undo_merge(actor=actor, ticket_id=made.target_id, merge_id=made.pk)


@pytest.fixture
def all_rows():
    """Return a function that gives the files, tags and watchers of all tickets."""

    def now():
        return {
            model: list(QuerySet(model).order_by("pk").values()) for model in (Attachment, TicketTag, TicketWatcher)
        }

    return now


@pytest.fixture
def laden(agent, other_agent, sysadmin, requester, source, target):
    """The source has a file of its own, one on a reply and one on a note; tags and watchers, some of both tickets."""
    services.add_attachment(actor=requester, ticket_id=source.pk, attachments=[upload("own.txt")])
    say = {"actor": agent, "ticket_id": source.pk}
    services.add_comment(**say, description="See here.", attachments=[upload("reply.txt")])
    services.add_comment(**say, description="And here.", is_internal=True, attachments=[upload("note.txt")])
    tag(agent, source, "fire", "printer")
    tag(agent, target, "printer", "floor-2")
    for actor, ticket in ((agent, source), (other_agent, source), (other_agent, target), (sysadmin, target)):
        watch(actor=actor, ticket_id=ticket.pk)
    return source


def test_files_of_comments_move_with_them_and_come_back(agent, target, laden, all_rows):
    before = all_rows()
    (made,) = merge(agent, target, laden)
    files = {each.name: each.ticket_id for each in Attachment.objects.all()}
    assert files == {"own.txt": laden.pk, "reply.txt": target.pk, "note.txt": target.pk}
    assert findings() == []
    undo(agent, made)
    assert all_rows() == before
    assert findings() == []


def test_the_files_that_a_merged_ticket_began_with_stand_on_the_page_where_it_goes_on(
    client_for, agent, requester, target, laden
):
    (made,) = merge(agent, target, laden)
    own = Attachment.objects.get(name="own.txt")
    for somebody in (agent, requester):
        client = client_for(somebody)
        assert own.get_absolute_url() in client.get(target.get_absolute_url()).content.decode()
        assert client.get(own.get_absolute_url()).status_code == 200
    undo(agent, made)
    assert own.get_absolute_url() not in client_for(agent).get(target.get_absolute_url()).content.decode()


def test_whose_ticket_another_one_was_merged_into_reads_how_that_began_and_no_notes(
    client_for, agent, requester, other_requester, target, foreign, laden
):
    services.add_attachment(actor=other_requester, ticket_id=foreign.pk, attachments=[upload("theirs.txt")])
    theirs, client = Attachment.objects.get(name="theirs.txt"), client_for(requester)
    assert client.get(theirs.get_absolute_url()).status_code == 404
    merged = merge(agent, target, foreign, laden)
    assert client.get(theirs.get_absolute_url()).status_code == 200
    assert "note.txt" not in client.get(target.get_absolute_url()).content.decode()
    assert set(Attachment.objects.visible_to(requester)) == set(Attachment.objects.exclude(name="note.txt"))
    undo(agent, merged[0])
    assert client.get(theirs.get_absolute_url()).status_code == 404


def test_watchers_watch_the_ticket_that_goes_on_and_undo_leaves_its_own(agent, other_agent, sysadmin, target, laden):
    (made,) = merge(agent, target, laden)
    everybody = sorted([agent, other_agent, sysadmin], key=lambda user: user.pk)
    assert watchers_of(target) == everybody
    assert watchers_of(laden) == [user for user in everybody if user != sysadmin]
    undo(agent, made)
    assert watchers_of(target) == [user for user in everybody if user != agent]


def test_tags_are_added_and_undo_takes_away_what_was_new(agent, target, laden):
    (made,) = merge(agent, target, laden)
    assert (tags_of(target), tags_of(laden)) == (["fire", "floor-2", "printer"], ["fire", "printer"])
    assert findings() == []
    undo(agent, made)
    assert tags_of(target) == ["floor-2", "printer"]
    assert findings() == []


def test_what_people_did_since_the_merge_stays(agent, other_agent, target, laden):
    (made,) = merge(agent, target, laden)
    tag(other_agent, target, "later", "printer")
    unwatch(actor=agent, ticket_id=target.pk)
    undo(agent, made)
    assert tags_of(target) == ["later", "printer"]
    assert agent not in watchers_of(target)


def test_a_ticket_gets_no_more_tags_than_it_can_have(agent, target, laden):
    tag(agent, target, *(f"t{number}" for number in range(TAGS_MAX)))
    (made,) = merge(agent, target, laden)
    assert len(tags_of(target)) == TAGS_MAX
    undo(agent, made)
    assert tags_of(target) == sorted(f"t{number}" for number in range(TAGS_MAX))


def test_the_log_tells_of_it(agent, target, laden):
    (made,) = merge(agent, target, laden)
    undo(agent, made)
    entries = ActivityLog.objects.filter(ticket_id=target.pk, user=agent).order_by("pk")
    tags = [entry.changes["tags"] for entry in entries if "tags" in (entry.changes or {})][-2:]
    own, both = ["floor-2", "printer"], ["fire", "floor-2", "printer"]
    assert tags == [[own, both], [both, own]]
    watching = entries.filter(target_type="watcher").values_list("activity_type", flat=True)
    assert list(watching) == ["create", "delete"]


def test_several_at_once_are_undone_one_by_one(agent, requester, target, laden, all_rows):
    third = services.create_ticket(actor=requester, title="Ash", description="Grey.").ticket
    tag(agent, third, "ash", "fire")
    watch(actor=UserFactory(agent=True), ticket_id=third.pk)
    before = all_rows()
    first, second = merge(agent, target, laden, third)
    assert tags_of(target) == ["ash", "fire", "floor-2", "printer"]
    assert len(watchers_of(target)) == 4
    assert findings() == []
    for made in (second, first):
        undo(agent, made)
    assert [list(rows) for rows in all_rows().values()] == [list(rows) for rows in before.values()]
    assert findings() == []


@pytest.fixture
def alike(agent, other_agent, requester):
    """Three tickets with the same tag and the same watcher."""
    tickets = [services.create_ticket(actor=requester, title="Ash", description="Grey.").ticket for _time in range(3)]
    for ticket in tickets:
        tag(agent, ticket, "vip")
        watch(actor=other_agent, ticket_id=ticket.pk)
    return tickets


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_what_several_merges_have_brought_goes_with_the_last_of_them(agent, other_agent, target, alike, order):
    made = merge(agent, target, *alike)
    *first, last = order
    for index in first:
        undo(agent, made[index])
        assert (tags_of(target), watchers_of(target)) == (["vip"], [other_agent])
    undo(agent, made[last])
    assert (tags_of(target), watchers_of(target)) == ([], [])
    assert [(tags_of(ticket), watchers_of(ticket)) for ticket in alike] == [(["vip"], [other_agent])] * 3
    assert findings() == []


def test_what_people_took_away_by_hand_no_other_merge_answers_for(agent, other_agent, target, alike):
    first, second, _third = merge(agent, target, *alike)
    tag(agent, target)
    unwatch(actor=other_agent, ticket_id=target.pk)
    undo(agent, first)
    tag(agent, target, "vip")
    watch(actor=other_agent, ticket_id=target.pk)
    undo(agent, second)
    assert (tags_of(target), watchers_of(target)) == (["vip"], [other_agent])


def test_a_merge_from_the_bulk_bar_takes_everything_along(client_for, agent, target, laden):
    client = client_for(agent)
    step = client.get(reverse("tickets:bulk"), {"action": "merge", "ticket": [target.pk, laden.pk]})
    page = client.get(step["Location"])
    assert "gets its tags too" in page.content.decode()
    data = {"direction": "here", "numbers": laden.pk, "client_token": "abc"}
    client.post(reverse("tickets:merge", args=[target.pk]), data)
    assert tags_of(target) == ["fire", "floor-2", "printer"]
    assert Attachment.objects.filter(ticket=target).count() == 2
    assert agent in watchers_of(target)


def test_a_split_takes_the_files_of_its_comments_along_and_leaves_tags_and_watchers(agent, laden):
    comment = Comment.objects.get(description="See here.")
    new = split_ticket(
        actor=agent, ticket_id=laden.pk, comment_id=comment.pk, title="Paper", description="Burnt."
    ).ticket
    assert sorted(each.name for each in Attachment.objects.filter(ticket=new)) == ["note.txt", "reply.txt"]
    assert (tags_of(laden), tags_of(new)) == (["fire", "printer"], [])
    assert (len(watchers_of(laden)), len(watchers_of(new))) == (2, 0)
    assert findings() == []


def test_what_was_split_off_and_merged_back_is_whole_again(agent, laden):
    comment = Comment.objects.get(description="See here.")
    split = {"actor": agent, "ticket_id": laden.pk, "comment_id": comment.pk}
    new = split_ticket(**split, title="Paper", description="Burnt.").ticket
    tag(agent, new, "paper")
    (made,) = merge(agent, laden, new)
    assert Attachment.objects.filter(ticket=laden).count() == 3
    assert tags_of(laden) == ["fire", "paper", "printer"]
    undo(agent, made)
    assert Attachment.objects.filter(ticket=new).count() == 2
    assert tags_of(laden) == ["fire", "printer"]
    assert findings() == []


@pytest.mark.parametrize("files", [1, 3, 20])
def test_the_files_of_merged_tickets_cost_the_page_no_query(
    client_for, agent, target, laden, files, django_assert_num_queries
):
    for number in range(files - 1):
        services.add_attachment(actor=agent, ticket_id=laden.pk, attachments=[upload(f"{number}.txt")])
    merge(agent, target, laden)
    client = client_for(agent)
    client.get(target.get_absolute_url())
    with django_assert_num_queries(15):  # without the entry in the log: the first look wrote it
        client.get(target.get_absolute_url())
