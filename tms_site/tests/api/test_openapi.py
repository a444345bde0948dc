"""The description of the API, and the pages that show it."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.api import schemas as people_schemas
from tickets.api import schemas as ticket_schemas
from tms_site.openapi import document
from tms_site.tests.api.client import ROOT
from tms_site.tests.api.test_api_matrix import program
from tms_site.tests.house import build_world

pytestmark = pytest.mark.django_db


def operations():
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_openapi_3_1_for_everybody():
    response = Client().get("/openapi.json")
    assert response["Content-Type"] == "application/json"
    assert response.json()["openapi"].startswith("3.1")
    assert Client().get("/openapi.json", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_every_operation_says_what_it_does_and_how_it_fails():
    for path, _method, operation in operations():
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"], path
        assert {"422", "429", "503"} <= set(operation["responses"]), path
        if "requestBody" in operation:
            assert "415" in operation["responses"], path
        if operation.get("security"):
            assert {"401", "403"} <= set(operation["responses"]), path
        else:
            assert path in (f"{ROOT}/token", f"{ROOT}/token/revoke", f"{ROOT}/signup")


def test_every_change_of_something_that_others_change_takes_if_match():
    guarded = {
        operation["operationId"]
        for _path, _method, operation in operations()
        if any(parameter["name"] == "If-Match" for parameter in operation["parameters"])
    }
    # A view has one owner; whoever changes it means what they send.
    assert guarded == {name for _p, m, op in operations() if m == "patch" for name in [op["operationId"]]} - {
        "change_view"
    }


def test_every_reference_leads_somewhere():
    text = json.dumps(document())
    names = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert names <= set(document()["components"]["schemas"])


ANSWERS = {
    "/tickets": ticket_schemas.TicketPage,
    "/tickets/{ticket}": ticket_schemas.TicketOut,
    "/tickets/{ticket}/comments": ticket_schemas.CommentPage,
    "/tickets/{ticket}/comments/{comment}": ticket_schemas.CommentOut,
    "/tickets/{ticket}/attachments": ticket_schemas.AttachmentPage,
    "/tickets/{ticket}/attachments/{file}": ticket_schemas.AttachmentOut,
    "/categories": ticket_schemas.ShelfList,
    "/views": ticket_schemas.ViewList,
    "/users": people_schemas.AccountPage,
    "/users/{user}": people_schemas.Account,
    "/users/me": people_schemas.Me,
}


@pytest.mark.parametrize("path", ANSWERS)
def test_answers_are_what_their_schemas_say(path):
    world = build_world()
    ANSWERS[path].model_validate(program(world, "sysadmin").get(world.path(path)).json())


@pytest.mark.parametrize(("path", "files"), [("/docs", 4), ("/redoc", 4)])
def test_the_pages_load_only_files_of_our_own(path, files):
    page = Client().get(path).content.decode()
    loaded = re.findall(r'(?:src|href|bundle)="([^"]+)"', page.partition("<noscript>")[0])
    assert len(loaded) == files
    for address in loaded:
        assert address.startswith("/static/")
        assert finders.find(address.removeprefix("/static/")), address
    assert "<script>" not in page


def test_only_redocs_style_sheets_bear_a_nonce():
    policy = Client().get("/redoc")["Content-Security-Policy"]
    assert re.search(r"style-src 'self' 'nonce-[^']+'", policy)
    assert "script-src 'self';" in policy + ";"
    assert "worker-src blob:" in policy
    for path in ("/docs", "/openapi.json", "/accounts/login/"):
        assert "nonce" not in Client().get(path)["Content-Security-Policy"]
        assert "blob:" not in Client().get(path)["Content-Security-Policy"]
