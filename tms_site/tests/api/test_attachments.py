"""Files through the API: the limits, the headers and the readers of the pages."""

import pytest
from django.test import override_settings

from activity.models import ActivityLog
from tickets import services
from tickets.attachments import files
from tickets.attachments.models import Attachment
from tickets.factories import CommentFactory, TicketFactory, picture, upload
from tms_site.tests.api.client import FORM, JSON, ROOT, Api, api, errors
from tms_site.tests.house import policy_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


@pytest.fixture
def path(ticket):
    return f"/tickets/{ticket.pk}/attachments"


def say(actor, ticket, *uploads, **kwargs):
    said = {"actor": actor, "ticket_id": ticket.pk, "description": "Look", "attachments": uploads}
    return services.add_comment(**said, **kwargs).comment


def body(response):
    return b"".join(response.streaming_content)


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_a_file_is_attached_to_a_ticket_and_told_once(requester, ticket, path):
    response = api(requester).upload(path, b"All is well.", "../report.txt")
    assert response.status_code == 201
    file = response.json()
    assert (file["name"], file["size"], file["content_type"]) == ("report.txt", 12, "text/plain")
    assert (file["comment"], file["is_internal"]) == (None, False)
    assert file["uploaded_by"] == {"id": requester.pk, "name": "Jane Doe"}
    assert response["Location"].endswith(f"{path}/{file['id']}")
    [entry] = ActivityLog.objects.filter(target_type="attachment")
    assert entry.details == f"Attached “report.txt” to ticket #{ticket.pk}."
    before = ticket.updated_at
    ticket.refresh_from_db()
    assert ticket.updated_at > before


def test_a_file_is_attached_to_ones_own_comment(agent, requester, ticket, path):
    written = api(agent).post(f"/tickets/{ticket.pk}/comments", {"description": "Look"}).json()
    assert written["attachments"] == []
    file = api(agent).upload(path, comment=written["id"]).json()
    assert file["comment"] == written["id"]
    [comment] = api(requester).get(f"/tickets/{ticket.pk}/comments").json()["items"]
    expected = {"id": file["id"], "name": "report.txt", "size": 12, "content_type": "text/plain"}
    assert comment["attachments"] == [expected]
    assert api(requester).upload(path, comment=written["id"]).status_code == 403


def test_a_comment_of_another_ticket_takes_no_file_here(agent, path):
    other = CommentFactory(commented_by=agent)
    assert api(agent).upload(path, comment=other.pk).status_code == 404
    assert not Attachment.objects.exists()


def test_the_same_key_is_one_file(requester, ticket, path, stored):
    program = api(requester)
    answers = [program.upload(path, Idempotency_Key="k") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    comment = say(requester, ticket)
    for other in ({"content": b"Else."}, {"name": "other.txt"}, {"comment": comment.pk}):
        response = program.upload(path, **other, Idempotency_Key="k")
        assert response.json()["type"] == "urn:tms:problem:key-reused"
    assert (Attachment.objects.count(), stored()) == (1, 1)


def test_a_key_belongs_to_its_ticket(requester, path):
    program, other = api(requester), TicketFactory(requester=requester)
    program.upload(path, Idempotency_Key="k")
    assert program.upload(f"/tickets/{other.pk}/attachments", Idempotency_Key="k").status_code == 422


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "page.html"}, "files that end in .html aren't taken"),
        ({"name": "run.exe"}, "files that end in .exe aren't taken"),
        ({"name": "report"}, "has no ending"),
        ({"content": b""}, "is empty"),
        ({"content": b"x" * 1001}, "is larger than"),
    ],
)
def test_what_is_not_taken_is_said_of_the_file(requester, path, settings, stored, sent, words):
    settings.ATTACHMENT_MAX_FILE = 1000
    response = api(requester).upload(path, **sent)
    assert response.status_code == 422
    assert words in errors(response)["file"]
    assert (Attachment.objects.count(), stored()) == (0, 0)


def test_what_is_there_already_counts(requester, ticket, path, settings):
    settings.ATTACHMENT_MAX_COMMENT = 25
    program = api(requester)
    assert [program.upload(path).status_code for _time in range(3)] == [201, 201, 422]
    comment = say(requester, ticket, *(upload(content=b"x") for _time in range(20)))
    assert errors(program.upload(path, b"x", comment=comment.pk)) == {"file": "There are 20 files already."}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"comment": "x"}, {"comment"}),
        ({"comment": ""}, {"comment"}),
        ({"comment": ["1", "2"]}, {"comment"}),
        ({"comment": "9" * 30}, {"comment"}),
        ({"storage_name": "x"}, {"storage_name"}),
        ({"other": upload().file}, {"other"}),
        ({"file": "no file"}, {"file"}),
        ({"file": [upload().file, upload().file]}, {"file"}),
    ],
)
def test_what_is_wrong_is_named_field_by_field(requester, path, fields, named):
    response = api(requester).upload(path, **fields)
    assert response.status_code == 422
    assert named <= set(errors(response))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("sent", "media_type", "status"),
    [
        (b"{}", JSON, 415),
        (b"file=x", FORM, 415),
        (b"nonsense", "multipart/form-data; boundary=x", 422),
        (b"nonsense", "multipart/form-data", 400),
        (b"", "", 422),
    ],
)
def test_what_is_no_form_with_files_is_refused(requester, path, sent, media_type, status):
    program = api(requester)
    response = program.client.generic("POST", ROOT + path, sent, media_type, headers=program.headers)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_beyond_all_reason_is_refused_and_without_a_token_none_is_kept(requester, path, settings, stored):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.ATTACHMENT_MAX_COMMENT = 100
    assert api(requester).upload(path, b"x" * 1000).status_code == 413
    assert Api().upload(path).status_code == 401
    assert stored() == 0


def test_files_that_come_to_another_operation_are_not_taken(requester, ticket):
    response = api(requester).upload(f"/tickets/{ticket.pk}/comments")
    assert response.status_code == 415


def test_the_thirty_first_file_in_a_minute_is_too_many_wherever_it_comes(requester, path, client_for):
    program = api(requester)
    # Those that are refused count too.
    assert {program.upload(path, name="a.exe").status_code for _time in range(30)} == {422}
    response = program.upload(path)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    page = path.replace("attachments", "comments/")
    data = {"description": "Look", "attachments": upload().file, "client_token": "t"}
    assert client_for(requester).post(page, data).status_code == 429


# --- Reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["page.txt", "Grüße & Küsse.txt", 'a"b.txt'])
def test_a_download_has_the_headers_of_the_page(agent, client_for, path, name, folder):
    html = b"<html><script>alert(1)</script></html>"
    file = api(agent).upload(path, html, name).json()
    response = api(agent).get(f"{path}/{file['id']}/content")
    page = client_for(agent).get(f"{path}/{file['id']}/")
    assert [body(response), body(page)] == [html, html]
    for header in ("Content-Type", "Content-Disposition", "Content-Length", "X-Content-Type-Options", "Cache-Control"):
        assert response[header] == page[header]
    assert policy_of(response) == policy_of(page)
    assert policy_of(response)["sandbox"] == ""
    assert response["Content-Disposition"].startswith("attachment; filename")


def test_a_file_that_is_known_is_not_sent_again_and_head_sends_none(agent, path):
    program = api(agent)
    address = f"{path}/{program.upload(path).json()['id']}/content"
    tag = program.get(address)["ETag"]
    known = program.get(address, If_None_Match=tag)
    assert (known.status_code, known["ETag"], known.content) == (304, tag, b"")
    head = program.send("HEAD", address)
    assert (head.status_code, head["Content-Length"], body(head)) == (200, "12", b"")


def test_downloading_is_noted_once_in_a_quarter_of_an_hour(agent, path):
    program = api(agent)
    address = f"{path}/{program.upload(path).json()['id']}/content"
    for _time in range(2):
        body(program.get(address))
    assert ActivityLog.objects.filter(activity_type="read", target_type="attachment").count() == 1


def test_a_notes_file_is_not_there_for_a_requester(agent, requester, ticket, path):
    file = say(agent, ticket, upload("secret-plan.txt"), is_internal=True).attachments.get()
    program = api(requester)
    assert program.get(path).json()["items"] == []
    for address in (f"{path}/{file.pk}", f"{path}/{file.pk}/content"):
        assert program.get(address).status_code == 404
    assert program.delete(f"{path}/{file.pk}").status_code == 404
    [row] = api(agent).get(path).json()["items"]
    assert (row["name"], row["is_internal"]) == ("secret-plan.txt", True)
    assert b"secret-plan" not in program.get(f"/tickets/{ticket.pk}/comments").content


def test_a_file_is_found_on_its_own_ticket_only(agent, ticket):
    file = say(agent, ticket, upload()).attachments.get()
    other = f"/tickets/{TicketFactory().pk}/attachments"
    assert api(agent).get(other).json()["items"] == []
    for address in (f"{other}/{file.pk}", f"{other}/{file.pk}/content"):
        assert api(agent).get(address).status_code == 404
    assert api(agent).delete(f"{other}/{file.pk}").status_code == 404


def test_a_file_whose_bytes_are_gone_is_not_there(agent, ticket, path):
    file = say(agent, ticket, upload()).attachments.get()
    files.remove([file.storage_name])
    assert api(agent).get(f"{path}/{file.pk}/content").status_code == 404


def test_many_files_have_pages(agent, ticket, path):
    say(agent, ticket, *(upload(f"{number}.txt") for number in range(3)))
    first = api(agent).get(f"{path}?limit=2")
    rest = api(agent).get(f"{path}?limit=2&cursor={first.json()['next_cursor']}").json()["items"]
    assert [row["name"] for row in first.json()["items"] + rest] == ["0.txt", "1.txt", "2.txt"]


def test_a_removed_file_is_gone_with_its_bytes(
    requester,
    path,
    stored,
    django_capture_on_commit_callbacks,
):
    file = api(requester).upload(path, picture().file.read(), "a.png").json()
    assert stored() == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert api(requester).delete(f"{path}/{file['id']}").status_code == 204
    assert stored() == 0
    assert api(requester).get(f"{path}/{file['id']}").status_code == 404


@override_settings(ATTACHMENT_MAX_FILE=10_000)
@pytest.mark.parametrize("rows", [1, 3, 20])
def test_a_list_takes_the_same_queries_for_any_number_of_files(agent, ticket, path, rows, django_assert_num_queries):
    say(agent, ticket, *(upload() for _row in range(rows)))
    program = api(agent)
    program.get(path)
    # Who asks, the ticket, its files, whether the log knows of the look.
    with django_assert_num_queries(4):
        program.get(path)
