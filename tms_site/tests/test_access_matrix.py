"""Every address x everybody x method has its expected answer (docs/security.md, rows 1, 2, 12).

The table is tms_site/tests/matrix; an address without a row fails.
"""

import re

import pytest

from tickets.models import Tag
from tms_site.tests.house import (
    NOBODY,
    PEOPLE,
    addresses,
    assert_guarded,
    assert_private,
    rows,
    stable,
    undone,
)
from tms_site.tests.matrix import TABLE, Row

pytestmark = pytest.mark.django_db

# The API has a table of its own: tms_site/tests/api/matrix.py.
EXCEPT_ADMIN = [address.name for address in addresses() if not address.name.startswith(("admin:", "api:"))]


def answer(response):
    assert_guarded(response)
    assert_private(response)
    location = response.get("Location", "")
    return "login" if location.startswith("/accounts/login/?next=%2F") else str(response.status_code)


def expected(line):
    return dict(zip(PEOPLE, line.split(), strict=True))


def test_every_address_has_exactly_one_row():
    assert sorted(TABLE) == sorted(EXCEPT_ADMIN)
    assert len(EXCEPT_ADMIN) == len(set(EXCEPT_ADMIN))


@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_the_expected_answer_to_a_look_and_a_look_changes_nothing(world, name):
    row, before, found = TABLE[name], rows(), {}
    for person in PEOPLE:
        found[person] = answer(world.client(person).get(world.path(row.path)))
        assert rows() == before, person
    assert found == expected(row.get)


def test_no_page_shows_a_requester_the_notes_on_their_ticket(world):
    for row in TABLE.values():
        response = world.client("owner").get(world.path(row.path))
        content = b"".join(response) if response.streaming else response.content
        assert world.note.description.encode() not in content, row.path
        assert f"comment-{world.note.pk}".encode() not in content, row.path


REFUSED = ("login", "403", "404", "405", "422")


@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_the_expected_answer_to_a_form_and_a_refused_one_changes_nothing(world, name):
    row, before, found = TABLE[name], rows(), {}
    for person in PEOPLE:
        with undone():
            found[person] = answer(world.client(person).post(world.path(row.path), world.data(row.data)))
            if found[person] in REFUSED:
                assert rows() == before, person
    assert found == expected(row.post)


# A middleware refuses them before any view, whoever asks. So all addresses are asked by PUT, which some views of Django
# and allauth would take for POST, and some addresses by all methods.
def test_no_address_knows_put(world):
    client, before = world.client("sysadmin"), rows()
    for row in TABLE.values():
        assert client.put(world.path(row.path)).status_code == 405, row.path
    assert rows() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("person", ["anonymous", "sysadmin"])
def test_no_page_knows_other_methods(world, method, person):
    client, before = world.client(person), rows()
    for path in ("/", "/healthz", "/accounts/login/", "/accounts/profile/", "/tickets/{ticket}/", "/admin/"):
        assert getattr(client, method)(world.path(path)).status_code == 405, path
    assert rows() == before


@pytest.mark.parametrize("person", ["anonymous", "sysadmin"])
def test_every_form_without_its_token_is_refused_and_changes_nothing(world, person):
    client, before = world.client(person, enforce_csrf_checks=True), rows()
    for name, row in {**TABLE, **{path: Row(path, "", "") for path in admin_paths(world).values()}}.items():
        response = client.post(world.path(row.path), world.data(row.data))
        assert response.status_code == 403, name
        assert b"403_csrf" in response.content or b"request id" in response.content.lower()
    assert rows() == before


# --- What one may not see is as if it weren't there ---------------------------------------------------------------

WITH_NUMBERS = [name for name, row in TABLE.items() if "{" in row.path and row.path.startswith("/tickets")]
PLACEHOLDER = re.compile(r"\{\w+\}")


def neutral(response, number):
    """The content without what was asked for."""
    return stable(response.content.replace(response.request["PATH_INFO"].encode(), b"#"), number)


def lasting_headers(response):
    passing = {"X-Request-ID", "Content-Length", "Expires"}
    return {name: value for name, value in response.headers.items() if name not in passing}


@pytest.mark.parametrize("name", WITH_NUMBERS)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_foreign_number_answers_like_one_that_does_not_exist(world, name, htmx):
    row = TABLE[name]
    client = world.client("stranger", headers={"HX-Request": "true"} if htmx else {})
    template = PLACEHOLDER.sub("{nobody}", row.path, count=1)
    for method in ("get", "post"):
        foreign, missing = (
            getattr(client, method)(world.path(path), world.data(row.data) if method == "post" else {})
            for path in (row.path, template)
        )
        assert foreign.status_code == missing.status_code
        assert neutral(foreign, world.ticket.pk) == neutral(missing, NOBODY)
        assert lasting_headers(foreign) == lasting_headers(missing)


def test_a_comment_is_found_on_its_own_ticket_only(world):
    client = world.client("stranger")
    client.post("/tickets/new/", {"title": "Kite", "description": "Wind", "priority": "low"})
    own = world.people["stranger"].requested_tickets.get()
    for action in ("edit", "delete"):
        assert client.get(f"/tickets/{own.pk}/comments/{world.comment.pk}/{action}/").status_code == 404
    sysadmin = world.client("sysadmin")
    assert sysadmin.get(f"/tickets/{own.pk}/comments/{world.comment.pk}/edit/").status_code == 404


SEARCHES = [
    ("q=Zeppelin", "q=Nothing1"),
    ("q=leaks", "q=xeaks"),
    ("q=%23{ticket}", "q=%23{nobody}"),
    ("requester={user}", "requester={nobody}"),
    ("requester=owner@example.com", "requester=nobod@example.com"),
    ("requester=Olga+Owner", "requester=Olga+Ownex"),
    ("assigned_agent={agent}", "assigned_agent={nobody}"),
    ("assigned_agent=agent@example.com", "assigned_agent=agenx@example.com"),
]


@pytest.mark.parametrize(("hit", "miss"), SEARCHES)
def test_a_search_for_what_one_may_not_see_answers_as_if_it_were_not_there(world, hit, miss):
    client = world.client("stranger")
    pages = []
    for query in map(world.path, (hit, miss)):
        content = client.get(f"/tickets/?{query}").content.decode()
        sent = query.partition("=")[2]
        for spelling in (sent, sent.replace("+", " "), sent.replace("%23", "#"), sent.replace("@", "%40")):
            content = content.replace(spelling, "WORD")
        pages.append(stable(content.encode()))
    assert b"Zeppelin" not in pages[0]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("chosen", ["owner", "deactivated", "nobody"])
@pytest.mark.parametrize("path", ["/tickets/new/", "/tickets/{ticket}/"])
def test_a_person_who_cannot_be_assigned_answers_like_one_who_does_not_exist(world, path, chosen):
    number = world.people[chosen].pk if chosen in world.people else NOBODY
    before = rows()
    response = world.client("other_agent").post(
        world.path(path), {"title": "Kite", "description": "Wind", "priority": "low", "assigned_agent": str(number)}
    )
    assert response.status_code == 422
    assert b"Choose an active agent." in response.content
    assert rows()["tickets"] == before["tickets"]


# --- The admin ----------------------------------------------------------------------------------------------------

ADMIN = [address for address in addresses() if address.name.startswith("admin:")]
# What SysAdmins get where it isn't 200 by GET.
ADMIN_GET = {
    "login": 302,
    "logout": 405,
    "password_change": 302,
    "password_change_done": 302,
    "view_on_site": 404,
    "user_history": 302,
    "ticket_history": 302,
    "comment_history": 302,
    "activitylog_add": 403,
    "activitylog_delete": 403,
    "tag_add": 403,
    "tag_delete": 403,
    # It needs to know for which field.
    "autocomplete": 403,
}


def admin_paths(world):
    """Return the path of each address of the admin by its name, with the objects of the world."""
    people, ticket = world.people, world.ticket
    objects = {"user": people["stranger"], "ticket": ticket, "comment": world.comment, "activitylog": world.entry}
    objects |= {"team": world.category.default_team, "category": world.category, "tag": Tag.objects.get()}
    paths = {}
    for address in ADMIN:
        name = address.name.removeprefix("admin:")
        path = "/" + address.route
        for model, row in objects.items():
            if f"/{model}/" in path:
                path = path.replace("<path:object_id>", str(row.pk))
        path = path.replace("^(?P<app_label>accounts|tickets|activity)/$", "tickets/")
        path = path.replace("(?P<url>.*)$", "nowhere/")
        paths[name] = path.replace("<path:content_type_id>/<path:object_id>", "1/1")
    return paths


def test_the_admin_knows_our_models_and_no_others():
    models = {address.name.split(":")[1] for address in ADMIN if address.name.endswith("_changelist")}
    assert models == {
        "accounts_user_changelist",
        "tickets_ticket_changelist",
        "tickets_comment_changelist",
        "tickets_team_changelist",
        "tickets_category_changelist",
        "tickets_tag_changelist",
        "activity_activitylog_changelist",
    }


def test_every_page_of_the_admin_opens_for_sysadmins_and_for_nobody_else(world):
    before = rows()
    clients = {person: world.client(person) for person in PEOPLE}
    for name, path in admin_paths(world).items():
        assert "<" not in path, path
        found = {person: client.get(path) for person, client in clients.items()}
        for response in found.values():
            assert_guarded(response)
            assert_private(response)
        for person in ("anonymous", "deactivated"):
            response = found.pop(person)
            assert response.status_code == 302, (person, path)
            assert "/login/?next=" in response["Location"]
        sysadmin = found.pop("sysadmin")
        if name.isidentifier():
            short = name.removeprefix("accounts_").removeprefix("tickets_").removeprefix("activity_")
            assert sysadmin.status_code == ADMIN_GET.get(short, 200), path
        else:
            assert sysadmin.status_code in {301, 302, 404}, path
        for person, response in found.items():
            assert response.status_code in {403, 405}, (person, path)
            assert b"Zeppelin" not in response.content
    assert rows() == before


def test_the_admin_refuses_the_forms_of_others(world):
    before = rows()
    for path in admin_paths(world).values():
        for person in ("owner", "agent"):
            response = world.client(person).post(path, {"title": "Kite", "role": "sysadmin", "post": "yes"})
            assert response.status_code in {403, 405}, (person, path)
        assert world.client("anonymous").post(path, {"post": "yes"}).status_code in {302, 405}
    assert rows() == before
