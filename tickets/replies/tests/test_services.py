"""Canned replies: who keeps and uses them, what's filled in, and what a macro changes."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F

from activity.models import ActivityLog
from tickets import policies
from tickets.enums import Priority, Status
from tickets.factories import TicketFactory, upload
from tickets.models import Comment, Ticket
from tickets.replies import services
from tickets.replies.models import CannedReply
from tickets.replies.placeholders import PLACEHOLDERS, fill
from tickets.replies.services import MOST_REPLIES
from tickets.services import update_ticket
from tickets.sorting.names import TAGS_MAX
from tickets.workflow import WorkflowError
from tms_site.lib.errors import SentBefore, ServiceError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.lib.transactions import TryAgain
from tms_site.tests.rivals import rival

pytestmark = pytest.mark.django_db


def test_placeholders_are_filled_once_and_as_text(ticket, agent):
    text = "{{ requester }}, {{number}} “{{ title }}” {{ status }}/{{ priority }}, {{ agent }} {% now %} {{ }} {{ no }}"
    said = "Jane Doe, #1 “Projector {{ agent }} is dead” Open/Medium, John Smith {% now %} {{ }} {{ no }}"
    assert fill(text, ticket, agent) == said.replace("#1", f"#{ticket.pk}")
    assert fill("{{ link }}", ticket, agent).endswith(f"/tickets/{ticket.pk}/")
    assert "{{" not in fill("".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS if name != "title"), ticket, agent)


@pytest.mark.parametrize("body", ["{{ nobody }}", "{{ requester.password }}", "{{ title|safe }}", "{{\nid }}", "{{}}"])
def test_a_placeholder_that_does_not_exist_is_refused_with_those_that_do(keep, agent, body):
    with pytest.raises(ValidationError, match=r"There are: \{\{ requester \}\}, \{\{ number \}\}"):
        keep(agent, body=body)
    assert not CannedReply.objects.exists()


def test_only_the_desk_keeps_replies(keep, requester):
    with pytest.raises(PermissionDeniedError):
        keep(requester)


def test_a_reply_is_ones_own_unless_it_is_shared(keep, agent, other_agent, sysadmin, requester):
    mine, ours = keep(agent), keep(agent, "Ours", is_shared=True)
    assert set(CannedReply.objects.visible_to(agent)) == {mine, ours}
    for other in (other_agent, sysadmin):
        assert CannedReply.objects.visible_to(other).get() == ours
        with pytest.raises(CannedReply.DoesNotExist):
            services.change_reply(actor=other, reply_id=mine.pk, values={"name": "Theirs"})
    assert not CannedReply.objects.visible_to(requester).exists()
    with pytest.raises(PermissionDeniedError):
        services.delete_reply(actor=other_agent, reply_id=ours.pk)
    services.delete_reply(actor=sysadmin, reply_id=ours.pk)


def test_the_same_form_twice_is_one_reply(agent):
    values = {"name": "Thanks", "body": "Thank you."}
    made = {services.create_reply(actor=agent, values=values, client_token="t").pk for _time in range(2)}
    assert len(made) == 1


@pytest.mark.parametrize(
    "other",
    [{"name": "Many thanks"}, {"body": "Thanks."}, {"is_shared": True}, {"status": "resolved"}, {"tags": ["kind"]}],
)
def test_another_reply_under_the_same_name_of_a_form_is_refused(agent, other):
    values = {"name": "Thanks", "body": "Thank you.", "shortcut": "thanks"}
    services.create_reply(actor=agent, values=values, client_token="t")
    with pytest.raises(SentBefore, match="“Thanks” before"):
        services.create_reply(actor=agent, values=values | other, client_token="t")
    assert services.create_reply(actor=agent, values=values | {"name": " Thanks "}, client_token="t").name == "Thanks"


def test_of_two_replies_by_one_form_at_once_the_second_is_refused(agent):
    def send(body):
        return services.create_reply(actor=agent, values={"name": "Thanks", "body": body}, client_token="t")

    first = rival(lambda: send("First."), before="SAVEPOINT", passing=1)
    with first, pytest.raises(SentBefore):
        send("Second.")


@pytest.mark.parametrize(
    ("name", "shortcut"), [("Thank you!", "thank-you"), ("日本", "reply"), ("A_b", "a-b"), ("x" * 60, "x" * 30)]
)
def test_without_a_shortcut_one_is_made_of_the_name(keep, agent, name, shortcut):
    assert keep(agent, name).shortcut == shortcut


def test_a_form_that_came_twice_at_once_makes_one_reply(agent):
    def send():
        return services.create_reply(actor=agent, values={"name": "Thanks", "body": "Thank you."}, client_token="t")

    # The second savepoint stands before the row: right then, the other one commits.
    with rival(send, before="SAVEPOINT", passing=1):
        reply = send()
    assert reply == CannedReply.objects.get()


def test_there_is_an_end_to_replies(keep, agent, other_agent):
    CannedReply.objects.bulk_create(
        CannedReply(owner=agent, name="Thanks", shortcut="thanks", body="Thanks.") for _each in range(MOST_REPLIES)
    )
    with pytest.raises(ServiceError, match="200 canned replies already"):
        keep(agent)
    assert keep(other_agent).owner == other_agent


def test_a_reply_that_stays_as_it_is_keeps_its_version_and_is_not_told(keep, agent):
    reply = keep(agent)
    services.change_reply(actor=agent, reply_id=reply.pk, values={"name": " Thanks ", "body": reply.body}, version=1)
    assert CannedReply.objects.get().version == 1
    assert ActivityLog.objects.filter(target_type="reply").count() == 1
    services.change_reply(actor=agent, reply_id=reply.pk, values={"body": "Many thanks."}, version=1)
    changed = CannedReply.objects.get()
    assert (changed.name, changed.body, changed.version) == ("Thanks", "Many thanks.", 2)


def test_a_change_upon_a_version_that_is_no_more_is_tried_again(keep, agent):
    reply = keep(agent)
    rows = CannedReply.objects.filter(pk=reply.pk)
    overtaken = rival(lambda: rows.update(version=F("version") + 1), before='UPDATE "tickets_cannedreply"')
    with overtaken, pytest.raises(TryAgain):
        services.change_reply(actor=agent, reply_id=reply.pk, values={"name": "Many thanks"})
    assert rows.get().name == "Thanks"


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("persona", ["requester", "agent", "other_agent", "sysadmin"])
def test_who_uses_and_changes_a_reply_is_who_the_policies_let(keep, agent, request, persona, active):
    actor = request.getfixturevalue(persona)
    mine, ours = keep(agent), keep(agent, "Ours", is_shared=True)
    actor.is_active = active
    seen = set(CannedReply.objects.visible_to(actor))
    assert {reply for reply in (mine, ours) if policies.can_see_reply(actor, reply)} == seen
    changed = {"agent": {mine, ours}, "sysadmin": {ours}}.get(persona, set()) if active else set()
    assert {reply for reply in (mine, ours) if policies.can_change_reply(actor, reply)} == changed


def test_a_change_is_told_and_one_upon_an_older_version_is_refused(keep, agent):
    reply = keep(agent)
    services.change_reply(actor=agent, reply_id=reply.pk, values={"name": "Many thanks"}, version=1)
    with pytest.raises(ServiceError, match="meanwhile"):
        services.change_reply(actor=agent, reply_id=reply.pk, values={"name": "No thanks"}, version=1)
    services.delete_reply(actor=agent, reply_id=reply.pk)
    told = ActivityLog.objects.filter(target_type="reply").order_by("pk").values_list("details", flat=True)
    assert list(told) == [
        "Saved the canned reply “Thanks”.",
        "Canned reply “Many thanks”: changed the name from “Thanks” to “Many thanks”.",
        "Deleted the canned reply “Many thanks”.",
    ]


# --- Macros -------------------------------------------------------------------------------------------------------


def use(reply, actor, ticket, **said):
    changes = services.changes_of(CannedReply.objects.get(pk=reply.pk), actor)
    return services.add_comment_with_changes(
        actor=actor, ticket_id=ticket.pk, description="Done", changes=changes, **said
    )


def test_a_macro_changes_status_priority_and_agent_with_the_comment(keep, agent, other_agent, ticket):
    reply = keep(agent, status="resolved", priority="high", assignment="agent", assigned_agent=other_agent)
    result = use(reply, agent, ticket, attachments=[upload()])
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.assigned_agent) == (Status.RESOLVED, Priority.HIGH, other_agent)
    assert (result.status, result.comment.attachments.count(), ticket.version) == ("resolved", 1, 2)


def test_a_macro_gives_the_ticket_to_whoever_uses_it(keep, agent, other_agent, ticket):
    use(keep(agent, is_shared=True, assignment="me"), other_agent, ticket)
    ticket.refresh_from_db()
    assert ticket.assigned_agent == other_agent


def test_a_status_that_was_chosen_goes_before_the_macros(keep, agent, ticket):
    use(keep(agent, status="resolved", priority="low"), agent, ticket, status=Status.WAITING)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority) == (Status.WAITING, Priority.LOW)


def test_a_step_that_the_workflow_does_not_have_takes_the_comment_back(keep, agent, requester):
    ticket = TicketFactory(requester=requester, status=Status.RESOLVED)
    with pytest.raises(WorkflowError):
        use(keep(agent, status="waiting"), agent, ticket)
    assert not Comment.objects.exists()


def test_the_same_form_twice_changes_the_ticket_once(keep, agent, ticket):
    reply = keep(agent, priority="high")
    for _time in range(2):
        use(reply, agent, ticket, client_token="t")
    ticket.refresh_from_db()
    assert (ticket.version, ticket.comments.count()) == (2, 1)


def test_a_macro_adds_tags_to_those_that_the_ticket_has(keep, agent, ticket):
    update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": ["floor-2"]})
    reply = keep(agent, tags=["#Toner", "floor 2", "toner"])
    assert (reply.tags, reply.is_macro) == (["floor-2", "toner"], True)
    assert reply.effects() == ["adds the tags floor-2, toner"]
    for _time in range(2):
        use(reply, agent, ticket)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.tags, ticket.version) == (["floor-2", "toner"], 3)


def test_a_macro_whose_tags_are_too_many_for_a_ticket_takes_the_comment_back(keep, agent, ticket):
    update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": [f"t{n}" for n in range(TAGS_MAX)]})
    with pytest.raises(ValidationError, match="at most 20 tags"):
        use(keep(agent, tags=["toner"]), agent, ticket)
    assert not Comment.objects.exists()


def test_what_can_be_no_tag_is_refused(keep, agent):
    with pytest.raises(ValidationError):
        keep(agent, tags=["x" * 41])
    assert not CannedReply.objects.exists()
