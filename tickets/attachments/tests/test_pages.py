"""Files are served only to whoever sees what they're attached to, and only as downloads (docs/security.md, row 7)."""

import pytest

from activity.models import ActivityLog
from tickets import services
from tickets.attachments import files
from tickets.factories import CommentFactory, picture, upload
from tms_site.tests.house import policy_of

pytestmark = pytest.mark.django_db


def attached(actor, ticket, *uploads, **kwargs):
    comment = services.add_comment(
        actor=actor, ticket_id=ticket.pk, description="Look", attachments=uploads, **kwargs
    ).comment
    return comment.attachments.all()


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("name", ["page.txt", "Grüße & Küsse.txt", 'a"b.txt'])
def test_a_file_comes_back_as_it_was_and_never_as_a_page(client_for, requester, ticket, name):
    html = b"<html><script>alert(1)</script></html>"
    (attachment,) = attached(requester, ticket, upload(name, html))
    response = client_for(requester).get(attachment.get_absolute_url())
    assert body(response) == html
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert policy_of(response)["sandbox"] == ""
    assert policy_of(response)["default-src"] == "'none'"
    assert response["Content-Length"] == str(len(html))


def test_a_preview_is_another_picture_than_the_one_that_was_sent(client_for, requester, ticket):
    sent = picture()
    (attachment,) = attached(requester, ticket, sent)
    response = client_for(requester).get(f"{attachment.get_absolute_url()}preview/")
    assert response["Content-Type"] == "image/webp"
    assert body(response)[8:12] == b"WEBP"
    assert policy_of(response)["sandbox"] == ""


@pytest.mark.parametrize("page", ["", "preview/", "delete/"])
def test_a_notes_file_is_not_there_for_a_requester(client_for, requester, agent, ticket, page):
    (secret,) = attached(agent, ticket, picture("secret-plan.png"), is_internal=True)
    client = client_for(requester)
    assert client.get(f"{secret.get_absolute_url()}{page}").status_code == 404
    assert client_for(agent).get(f"{secret.get_absolute_url()}{page}").status_code == 200
    for path in (ticket.get_absolute_url(), "/tickets/?q=secret-plan", "/tickets/export.csv"):
        response = client.get(path)
        assert b"secret-plan.png" not in (body(response) if response.streaming else response.content)
    services.remove_attachment(actor=agent, ticket_id=ticket.pk, attachment_id=secret.pk)
    assert "secret-plan" not in client.get(ticket.get_absolute_url()).content.decode()
    assert "secret-plan" in client_for(agent).get(ticket.get_absolute_url()).content.decode()


def test_a_file_is_found_on_its_own_ticket_only(client_for, agent, requester, ticket):
    (attachment,) = attached(requester, ticket, upload())
    other = CommentFactory().ticket
    assert client_for(agent).get(f"/tickets/{other.pk}/attachments/{attachment.pk}/").status_code == 404


def test_a_file_whose_bytes_are_gone_answers_like_one_that_was_never_there(client_for, requester, ticket):
    (attachment,) = attached(requester, ticket, upload())
    files.remove([attachment.storage_name])
    assert client_for(requester).get(attachment.get_absolute_url()).status_code == 404


def test_what_is_no_picture_has_no_preview(client_for, requester, ticket):
    (attachment,) = attached(requester, ticket, upload())
    assert client_for(requester).get(f"{attachment.get_absolute_url()}preview/").status_code == 404


def test_opening_a_file_is_noted_once_in_a_quarter_of_an_hour(client_for, agent, requester, ticket):
    (attachment,) = attached(requester, ticket, picture())
    for _time in range(2):
        body(client_for(agent).get(attachment.get_absolute_url()))
        body(client_for(agent).get(f"{attachment.get_absolute_url()}preview/"))
    reads = ActivityLog.objects.filter(activity_type="read", target_type="attachment")
    assert [entry.details for entry in reads] == [f"Opened the file “screen.png” of ticket #{ticket.pk}."]


def test_the_ticket_shows_the_files_of_its_description_and_of_its_comments(client_for, requester):
    ticket = services.create_ticket(
        actor=requester, title="T", description="D", attachments=[upload("first.txt")]
    ).ticket
    attached(requester, ticket, picture("second.png"))
    page = client_for(requester).get(ticket.get_absolute_url()).content.decode()
    assert page.index("first.txt") < page.index("second.png")
    assert 'alt="Preview of second.png"' in page


def test_removing_asks_first_and_is_told_in_the_timeline(client_for, requester, ticket):
    (attachment,) = attached(requester, ticket, upload("plan.pdf"))
    client, path = client_for(requester), f"{attachment.get_absolute_url()}delete/"
    assert "Remove this file?" in client.get(path).content.decode()
    assert "<dialog" in client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert client.post(path).status_code == 302
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "removed the file, which was “plan.pdf”" in page
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 50])
def test_a_ticket_takes_as_many_queries_whatever_hangs_on_it(
    client_for, requester, ticket, count, django_assert_num_queries
):
    for _number in range(count):
        attached(requester, ticket, upload(), upload("b.txt"))
    client = client_for(requester)
    client.get(ticket.get_absolute_url())
    with django_assert_num_queries(10):
        client.get(ticket.get_absolute_url())
