"""Comments through the API: requesters never meet internal notes."""

import pytest
from django.db import connection

from accounts.factories import UserFactory
from activity.enums import ActivityType
from activity.models import ActivityLog
from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment
from tms_site.tests.api.client import api, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


def texts(response):
    assert response.status_code == 200, response.content
    return [item["description"] for item in response.json()["items"]]


def test_a_reply_is_written_and_logged_once(agent, ticket):
    response = api(agent).post(f"/tickets/{ticket.pk}/comments", {"description": "Hello"})
    assert response.status_code == 201
    comment = response.json()
    assert comment["author"] == {"id": agent.pk, "name": "John Smith"}
    assert comment["is_internal"] is False
    assert response["Location"].endswith(f"/comments/{comment['id']}")
    log = ActivityLog.objects.filter(ticket_id=ticket.pk)
    assert [entry.activity_type for entry in log] == [ActivityType.CREATE]


def test_the_same_key_writes_one_comment(agent, ticket):
    program, path = api(agent), f"/tickets/{ticket.pk}/comments"
    answers = [program.post(path, {"description": "Hello"}, Idempotency_Key="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    for other in ({"description": "Another"}, {"description": "Hello", "is_internal": True}):
        assert program.post(path, other, Idempotency_Key="k").status_code == 422
    assert Comment.objects.count() == 1


def test_a_key_belongs_to_its_ticket(agent, ticket):
    program = api(agent)
    program.post(f"/tickets/{ticket.pk}/comments", {"description": "Hello"}, Idempotency_Key="k")
    other = TicketFactory()
    response = program.post(f"/tickets/{other.pk}/comments", {"description": "Hello"}, Idempotency_Key="k")
    assert response.status_code == 422


def test_a_reply_moves_the_ticket_along(agent, requester, ticket):
    path = f"/tickets/{ticket.pk}"
    api(agent).post(f"{path}/comments", {"description": "Done", "status": "resolved"})
    assert api(agent).get(path).json()["status"] == "resolved"
    api(requester).post(f"{path}/comments", {"description": "Again"})
    assert api(agent).get(path).json()["status"] == "open"


def test_a_requester_meets_no_note(agent, requester, ticket):
    note = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Secret", is_internal=True).comment
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Public")
    path = f"/tickets/{ticket.pk}/comments"
    assert texts(api(requester).get(path)) == ["Public"]
    assert texts(api(agent).get(path)) == ["Secret", "Public"]
    assert api(requester).get(f"{path}/{note.pk}").status_code == 404
    for address in (f"/tickets/{ticket.pk}", f"/tickets/{ticket.pk}/timeline", path, "/tickets?q=Secret"):
        assert b"Secret" not in api(requester).get(address).content


def test_a_note_is_made_public_for_good(agent, requester, ticket):
    note = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Hm", is_internal=True).comment
    path = f"/tickets/{ticket.pk}/comments/{note.pk}"
    body = {"description": "Hello", "is_internal": False}
    answer = api(agent).patch(path, body, If_Match="*").json()
    assert (answer["description"], answer["is_internal"], answer["version"]) == ("Hello", False, 3)
    assert set(errors(api(agent).patch(path, {"is_internal": True}, If_Match="*"))) == {"is_internal"}


@pytest.mark.parametrize("body", [{"is_internal": False}, {"description": "Hello", "is_internal": False}])
def test_a_note_that_is_edited_at_this_moment_stays_one(body, agent, sysadmin, ticket):
    note = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Hm", is_internal=True).comment
    edits = [{"actor": sysadmin, "ticket_id": ticket.pk, "comment_id": note.pk, "description": "Not for them"}]

    def edit_once_it_was_read(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if edits and Comment._meta.db_table in sql:
            services.edit_comment(**edits.pop())
        return answer

    with connection.execute_wrapper(edit_once_it_was_read):
        response = api(agent).patch(f"/tickets/{ticket.pk}/comments/{note.pk}", body, If_Match="*")
    assert response.status_code == 412
    note.refresh_from_db()
    assert (note.description, note.is_internal, note.version) == ("Not for them", True, 2)


def test_an_edit_needs_the_tag_of_what_is_there(agent, sysadmin, ticket):
    comment = CommentFactory(ticket=ticket, commented_by=agent)
    path = f"/tickets/{ticket.pk}/comments/{comment.pk}"
    tag = api(agent).get(path)["ETag"]
    assert api(agent).patch(path, {"description": "New"}).status_code == 428
    assert api(sysadmin).patch(path, {"description": "Mended"}, If_Match=tag).status_code == 200
    assert api(agent).patch(path, {"description": "New"}, If_Match=tag).status_code == 412
    comment.refresh_from_db()
    assert comment.description == "Mended"


def test_a_comment_is_found_on_its_own_ticket_only(sysadmin, ticket):
    comment = CommentFactory(ticket=ticket)
    other = TicketFactory()
    assert api(sysadmin).get(f"/tickets/{other.pk}/comments/{comment.pk}").status_code == 404
    assert api(sysadmin).delete(f"/tickets/{other.pk}/comments/{comment.pk}").status_code == 404
    assert api(sysadmin).delete(f"/tickets/{ticket.pk}/comments/{comment.pk}").status_code == 204
    assert Comment.objects.count() == 0


def test_long_conversations_have_pages(agent, ticket):
    for number in range(5):
        CommentFactory(ticket=ticket, description=str(number))
    path = f"/tickets/{ticket.pk}/comments?limit=3"
    first = api(agent).get(path)
    assert texts(first) == ["0", "1", "2"]
    assert texts(api(agent).get(f"{path}&cursor={first.json()['next_cursor']}")) == ["3", "4"]


@pytest.mark.parametrize("rows", [1, 3, 50])
@pytest.mark.parametrize(("what", "queries"), [("comments", 5), ("timeline", 6)])
def test_a_conversation_takes_the_same_queries_for_any_length(
    agent, ticket, what, queries, rows, django_assert_num_queries
):
    for _row in range(rows):
        CommentFactory(ticket=ticket, commented_by=UserFactory())
    program = api(agent)
    program.get(f"/tickets/{ticket.pk}/{what}")
    with django_assert_num_queries(queries):
        program.get(f"/tickets/{ticket.pk}/{what}")
