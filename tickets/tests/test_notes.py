"""Internal notes: the desk's alone, on every page, until one of them is made public."""

import pytest
from django.urls import reverse

from activity.models import ActivityLog
from activity.timeline import part_of
from tickets import policies, services
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, Ticket
from tms_site.environment import BASE_DIR
from tms_site.lib.edits import EditConflict
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db

SECRET = "Between us: replace the whole thing."
# Those of any ticket's page (test_query_counts.py).
TICKET_QUERIES = 13


def note_on(actor, ticket, text=SECRET, **more):
    return services.add_comment(actor=actor, ticket_id=ticket.pk, description=text, is_internal=True, **more).comment


def post(client, ticket, **data):
    return client.post(reverse("tickets:comment_add", args=[ticket.pk]), data)


def publish_path(note):
    return reverse("tickets:comment_publish", args=[note.ticket_id, note.pk])


def test_the_desk_writes_notes_and_requesters_do_not(agent, sysadmin, requester, ticket):
    for actor in (agent, sysadmin):
        assert note_on(actor, ticket).is_internal
    with pytest.raises(PermissionDeniedError):
        note_on(requester, ticket)
    assert Comment.objects.count() == 2


def test_a_note_is_visible_to_the_desk_alone(agent, other_agent, sysadmin, requester, other_requester, ticket):
    note = note_on(agent, ticket)
    for actor, sees in (
        (agent, True), (other_agent, True), (sysadmin, True), (requester, False), (other_requester, False),
    ):  # fmt: skip
        assert (note in Comment.objects.visible_to(actor)) is sees
        assert bool(policies.can_view_comment(actor, note)) is sees


def test_an_agent_meets_no_note_on_the_ticket_that_a_requester_sees(client_for, agent, requester, ticket):
    note_on(agent, ticket)
    services.delete_comment(actor=agent_made_sysadmin(agent), ticket_id=ticket.pk, comment_id=note_on(agent, ticket).pk)
    page = client_for(requester).get(ticket.get_absolute_url()).content.decode()
    assert SECRET not in page
    assert "note" not in page.split("<main", 1)[1].split("</main>")[0].lower()
    assert [event.kind for event in part_of(ticket, requester).events] == []
    assert [event.kind for event in part_of(ticket, agent).events] == ["comment", "removed"]


def agent_made_sysadmin(agent):
    agent.role = "sysadmin"
    return agent


def test_a_note_leaves_no_trace_on_the_ticket_itself(agent, ticket):
    before = (ticket.updated_at, ticket.version, ticket.status)
    note_on(agent, ticket)
    ticket.refresh_from_db()
    assert (ticket.updated_at, ticket.version, ticket.status) == before


def test_a_requester_cannot_reach_a_note_by_its_number(client_for, agent, requester, ticket):
    note = note_on(agent, ticket)
    for name in ("comment_edit", "comment_delete", "comment_publish"):
        path = reverse(f"tickets:{name}", args=[ticket.pk, note.pk])
        assert client_for(requester).get(path).status_code == 404
        assert client_for(requester).post(path, {"description": "Mine"}).status_code == 404
    note.refresh_from_db()
    assert (note.description, note.is_internal) == (SECRET, True)


@pytest.mark.parametrize("persona", ["requester", "other_requester", "agent", "other_agent", "sysadmin"])
@pytest.mark.parametrize("is_internal", [True, False])
def test_lists_and_policies_agree_about_each_comment(persona, is_internal, request, agent, ticket):
    actor = request.getfixturevalue(persona)
    comment = CommentFactory(ticket=ticket, commented_by=agent, is_internal=is_internal)
    assert (comment in Comment.objects.visible_to(actor)) == bool(policies.can_view_comment(actor, comment))


def test_the_form_of_the_desk_writes_what_its_radio_buttons_say(client_for, agent, ticket):
    client = client_for(agent)
    for kind, is_internal in (("note", True), ("reply", False), ("", False)):
        post(client, ticket, description=f"As {kind}", kind=kind)
        assert Comment.objects.latest("pk").is_internal is is_internal


def test_a_requester_who_asks_for_a_note_writes_an_ordinary_comment(client_for, requester, ticket):
    post(client_for(requester), ticket, description="Hello", kind="note", status="resolved")
    assert not Comment.objects.get().is_internal
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_a_kind_that_makes_no_sense_is_refused_and_nothing_typed_is_lost(client_for, agent, ticket):
    response = post(client_for(agent), ticket, description="Precious words", kind="secret")
    assert response.status_code == 422
    assert "Precious words" in response.content.decode()
    assert not Comment.objects.exists()


def test_a_refused_note_stays_a_note(client_for, agent, ticket):
    page = post(client_for(agent), ticket, description="", kind="note").content.decode()
    assert 'value="note" checked' in page
    assert 'value="reply" checked' not in page


def test_the_same_form_sent_again_as_a_reply_is_no_repetition(client_for, agent, ticket):
    client = client_for(agent)
    post(client, ticket, description="Hello", kind="note", client_token="once")
    assert post(client, ticket, description="Hello", kind="note", client_token="once").status_code == 302
    assert post(client, ticket, description="Hello", kind="reply", client_token="once").status_code == 422
    assert Comment.objects.count() == 1


def test_editing_and_deleting_a_note_say_that_only_the_helpdesk_sees_it(client_for, sysadmin, ticket):
    note, reply = note_on(sysadmin, ticket), CommentFactory(ticket=ticket, commented_by=sysadmin)
    client = client_for(sysadmin)

    def main_of(name, comment, **headers):
        page = client.get(reverse(f"tickets:{name}", args=[ticket.pk, comment.pk]), headers=headers).content.decode()
        return page.split("<main", 1)[-1].split("</main>")[0].lower()

    edit = main_of("comment_edit", note)
    assert "edit internal note" in edit
    assert "only the helpdesk will see this note." in edit
    assert "comment</label>" not in edit
    for question in (main_of("comment_delete", note), main_of("comment_delete", note, HX_Request="true")):
        assert "delete this internal note?" in question
        assert "which only the helpdesk sees" in question
        assert "delete comment" not in question
    for name in ("comment_edit", "comment_delete"):
        assert "note" not in main_of(name, reply).replace("keeps a note", "")


def test_what_one_does_to_a_note_is_named_after_notes(client_for, sysadmin, ticket):
    note = note_on(sysadmin, ticket)
    client = client_for(sysadmin)
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert f"Edit the internal note by {sysadmin}" in page
    assert f"Delete the internal note by {sysadmin}" in page
    assert f"the comment by {sysadmin}" not in page
    path = reverse("tickets:comment_edit", args=[ticket.pk, note.pk])
    saved = client.post(path, {"description": "Replaced.", "version": note.version}, follow=True).content.decode()
    assert "The note is saved." in saved
    path = reverse("tickets:comment_delete", args=[ticket.pk, note.pk])
    assert "The note is deleted." in client.post(path, follow=True).content.decode()


def test_a_note_becomes_a_reply_after_a_question(client_for, agent, requester, ticket):
    note = note_on(agent, ticket)
    client = client_for(agent)
    question = client.get(publish_path(note)).content.decode()
    assert "Jane Doe will read this note" in question
    assert Comment.objects.get().is_internal
    assert client.post(publish_path(note)).status_code == 302
    assert SECRET in client_for(requester).get(ticket.get_absolute_url()).content.decode()


def test_publishing_is_for_its_author_and_sysadmins_and_for_notes_only(agent, other_agent, sysadmin, requester, ticket):
    note, reply = note_on(agent, ticket), CommentFactory(ticket=ticket, commented_by=agent)
    for actor, may in ((agent, True), (sysadmin, True), (other_agent, False), (requester, False)):
        assert bool(policies.can_publish_note(actor, note)) is may
        assert not policies.can_publish_note(actor, reply)
    with pytest.raises(PermissionDeniedError):
        services.publish_note(actor=agent, ticket_id=ticket.pk, comment_id=reply.pk)


def test_publishing_is_a_version_of_its_own_and_moves_the_ticket_up(agent, ticket):
    note = note_on(agent, ticket)
    updated_at = Ticket.objects.get().updated_at
    published = services.publish_note(actor=agent, ticket_id=ticket.pk, comment_id=note.pk)
    assert (published.is_internal, published.version) == (False, 2)
    assert published.revisions.get().values == {"is_internal": True}
    assert Ticket.objects.get().updated_at > updated_at


def change(actor, note, **values):
    return services.change_comment(actor=actor, ticket_id=note.ticket_id, comment_id=note.pk, **values)


def test_a_note_is_edited_and_published_in_one_go(agent, ticket):
    note = note_on(agent, ticket)
    changed = change(agent, note, version=1, description="Hello", publish=True)
    assert (changed.description, changed.is_internal, changed.version) == ("Hello", False, 3)


@pytest.mark.parametrize("values", [{"publish": True}, {"description": "Hello", "publish": True}])
def test_only_the_note_that_was_seen_is_published(values, agent, ticket):
    note = note_on(agent, ticket)
    services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=note.pk, description="Not for them")
    with pytest.raises(EditConflict):
        change(agent, note, version=1, **values)
    note.refresh_from_db()
    assert (note.description, note.is_internal, note.version) == ("Not for them", True, 2)


def test_what_is_no_note_keeps_its_text_where_it_was_to_be_published(agent, ticket):
    reply = CommentFactory(ticket=ticket, commented_by=agent, description="Hi")
    with pytest.raises(PermissionDeniedError):
        change(agent, reply, version=1, description="Hello", publish=True)
    reply.refresh_from_db()
    assert (reply.description, reply.version) == ("Hi", 1)


def test_the_log_tells_of_notes_by_their_name(agent, sysadmin):
    ticket = TicketFactory()
    note = note_on(agent, ticket)
    services.publish_note(actor=agent, ticket_id=ticket.pk, comment_id=note.pk)
    doomed = note_on(agent, ticket)
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=doomed.pk)
    told = ActivityLog.objects.filter(target_type="comment").order_by("pk").values_list("details", flat=True)
    number = ticket.pk
    assert list(told) == [
        f"Wrote an internal note on ticket #{number}.",
        f"Made an internal note on ticket #{number} public.",
        f"Wrote an internal note on ticket #{number}.",
        f"Deleted an internal note on ticket #{number}.",
    ]


def test_a_note_made_public_behind_tms_is_found(agent, requester):
    ticket = services.create_ticket(actor=requester, title="Printer", description="Fire").ticket
    note = note_on(agent, ticket)
    assert findings() == []
    Comment.objects.filter(pk=note.pk).update(is_internal=False)
    assert any("is_internal" in line for line in findings())


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_ticket_with_notes_takes_as_many_queries_as_any(client_for, agent, rows, django_assert_num_queries):
    ticket = TicketFactory()
    CommentFactory.create_batch(rows, ticket=ticket, commented_by=agent, is_internal=True)
    client = client_for(agent)
    with django_assert_num_queries(TICKET_QUERIES):
        client.get(ticket.get_absolute_url())


@pytest.mark.django_db(transaction=True)
def test_no_search_of_a_requester_finds_a_ticket_by_a_note_until_it_is_public(client_for, agent, sysadmin, requester):
    ticket = services.create_ticket(actor=requester, title="Printer", description="Fire").ticket
    note = note_on(agent, ticket, "Zirconium")

    def found(actor):
        return client_for(actor).get(reverse("tickets:list"), {"q": "zirconium"}).context["listing"].page.items

    assert (found(requester), found(agent), found(sysadmin)) == ([], [ticket], [ticket])
    services.publish_note(actor=agent, ticket_id=ticket.pk, comment_id=note.pk)
    assert (found(requester), found(agent), found(sysadmin)) == ([ticket], [ticket], [ticket])


def test_only_paper_hides_notes():
    hiding = [
        path.name for path in (BASE_DIR / "static/css/tms").iterdir() if ":has(.comment-note)" in path.read_text()
    ]
    assert hiding == ["95-print.css"]
