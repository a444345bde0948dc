"""A client that openapi-python-client makes of openapi.json logs in and works through a ticket's life."""

import importlib
import json
import sys
from http import HTTPStatus
from io import BytesIO
from types import SimpleNamespace

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from openapi_python_client import MetaType, generate
from openapi_python_client.config import Config, ConfigFile

from accounts.factories import PASSWORD
from tms_site.openapi import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits", "connection_stays")]

PACKAGE = "generated_tms_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The modules of the client, made once."""
    folder = tmp_path_factory.mktemp("client")
    source = folder / "openapi.json"
    source.write_text(json.dumps(document()))
    options = ConfigFile(
        post_hooks=[], content_type_overrides={"application/problem+json": "application/json"}, literal_enums=True
    )
    config = Config.from_sources(options, MetaType.NONE, source, "utf-8", True, folder / PACKAGE)
    assert generate(config=config) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))

        def module(name):
            return importlib.import_module(f"{PACKAGE}.{name}")

        yield SimpleNamespace(module=module, models=module("models"), clients=module("client"), types=module("types"))
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]


@pytest.fixture
def call(generated):
    """Call an operation by its tag and name."""

    def connect(token=""):
        options = {"httpx_args": {"transport": httpx.WSGITransport(app=WSGIHandler())}, "base_url": "http://testserver"}
        if token:
            return generated.clients.AuthenticatedClient(token=token, **options)
        return generated.clients.Client(**options)

    def call(name, *args, token="", **kwargs):
        response = generated.module(f"api.{name}").sync_detailed(*args, client=connect(token), **kwargs)
        return response.status_code, response.parsed, response.headers

    return call


def test_a_tickets_life(generated, call, requester, agent, sysadmin):
    models, types = generated.models, generated.types

    def log_in(person):
        body = models.TokenRequest(username=person.email, password=PASSWORD)
        status, tokens, _headers = call("log_in.create_token", body=body)
        assert status == HTTPStatus.OK
        return tokens

    jane, john, root = (log_in(person).access_token for person in (requester, agent, sysadmin))
    status, ticket, headers = call(
        "tickets.create_ticket",
        token=jane,
        body=models.NewTicket(title="Printer on fire", description="It **smokes**."),
        idempotency_key="order-4711",
    )
    assert (status, ticket.status, ticket.requester.name) == (201, "open", "Jane Doe")

    _status, page, _headers = call("tickets.list_tickets", token=john, status=["open"], assigned_agent="none")
    assert [row.id for row in page.items] == [ticket.id]

    change = models.TicketChange(assigned_agent=agent.pk, status="in_progress")
    status, changed, headers = call(
        "tickets.change_ticket", ticket.id, token=john, body=change, if_match=headers["ETag"]
    )
    assert (status, changed.assigned_agent.name, changed.version) == (200, "John Smith", 2)

    note = models.NewComment(description="Which printer?", is_internal=True)
    assert call("comments.create_comment", ticket.id, token=john, body=note)[0] == 201
    reply = models.NewComment(description="Water helps.", status="resolved")
    status, answer, _headers = call("comments.create_comment", ticket.id, token=john, body=reply)
    assert status == 201

    paper = types.File(payload=BytesIO(b"All is well."), file_name="report.txt")
    body = models.CreateAttachmentMultiPartBodyParams(file=paper, comment=answer.id)
    status, file, _headers = call("attachments.create_attachment", ticket.id, token=john, body=body)
    assert (status, file.name, file.comment) == (201, "report.txt", answer.id)
    _status, files, _headers = call("attachments.list_attachments", ticket.id, token=jane)
    assert [each.id for each in files.items] == [file.id]
    _status, found, _headers = call("attachments.download_attachment", ticket.id, file.id, token=jane)
    assert found.payload.read() == b"All is well."

    _status, conversation, _headers = call("comments.list_comments", ticket.id, token=jane)
    assert [comment.description for comment in conversation.items] == ["Water helps."]
    call("comments.create_comment", ticket.id, token=jane, body=models.NewComment(description="Still burning"))
    _status, again, headers = call("tickets.get_ticket", ticket.id, token=jane)
    assert again.status == "in_progress"

    _status, timeline, _headers = call("tickets.get_timeline", ticket.id, token=jane)
    assert [event.kind for event in timeline.items] == ["changed", "comment", "changed", "comment", "changed"]

    status, problem, _headers = call(
        "tickets.change_ticket", ticket.id, token=jane, body=models.TicketChange(status="resolved"), if_match="*"
    )
    assert (status, problem.detail) == (403, "Only helpdesk agents can do that.")

    assert call("tickets.delete_ticket", ticket.id, token=root)[0] == 204
    assert call("tickets.get_ticket", ticket.id, token=jane)[0] == 404
    assert call("log_in.revoke_token", body=models.RevokeRequest(token=jane))[0] == 200
    assert call("tickets.list_tickets", token=jane)[0] == 401
