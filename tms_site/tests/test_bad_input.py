"""Bad input gets an answer that says so, never an error page of the server, and changes nothing (rows 9, 10, 11)."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.factories import UserFactory
from accounts.models import User
from tickets.enums import DESCRIPTION_MAX, TITLE_MAX
from tickets.models import Ticket
from tms_site.tests.house import NOBODY, build_world, rows, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

FORM = "application/x-www-form-urlencoded"
PASSWORD = "Hello123."


def send(client, path, fields, **raw):
    """Post a form whose raw fields are percent-encoded already: not everything hostile is text."""
    pairs = [urlencode({name: value}) for name, value in fields.items() if name not in raw]
    pairs += [f"{quote(name)}={value}" for name, value in raw.items()]
    return client.post(path, "&".join(pairs), content_type=FORM)


TICKET = "/tickets/{ticket}/"
COMMENT = "/tickets/{ticket}/comments/{comment}/"
NEW = {"title": "Kite", "description": "Wind", "priority": "low"}
NEW_PASSWORD = {"password1": "Unheard-of-1", "password2": "Unheard-of-1"}
QUICK = {"status": "waiting", "priority": "low", "version": "2", "assigned_agent": "", "resolution_date": ""}
NEWCOMER = {"email": "kite@example.com", "username": "Kite", "password1": "Unheard-of-1"}
# Who sends which form where, with the values of a form that would be accepted.
FORMS = {
    "new ticket": ("owner", "/tickets/new/", NEW | {"client_token": "abc"}),
    "new ticket of an agent": ("agent", "/tickets/new/", NEW | {"requester": "", "assigned_agent": ""}),
    "quick form": ("agent", TICKET, QUICK),
    "edited ticket": ("owner", TICKET + "edit/", NEW | {"version": "2", "client_token": "abc"}),
    "assignment": ("agent", TICKET + "assign-me/", {"version": "2"}),
    "comment": ("owner", TICKET + "comments/", {"description": "Wind", "client_token": "abc"}),
    "edited comment": ("owner", COMMENT + "edit/", {"description": "Wind", "version": "1"}),
    "profile": ("owner", "/accounts/profile/", {"username": "Kite", "time_zone": "UTC", "theme": "dark"}),
    "purge": ("sysadmin", "/activity/purge/", {"before": "2020-01-01", "user": "", "confirm": "on"}),
    "log-in": ("anonymous", "/accounts/login/", {"login": "owner@example.com", "password": PASSWORD}),
    "sign-up": ("anonymous", "/accounts/signup/", NEWCOMER),
    "forgotten password": ("anonymous", "/accounts/password/reset/", {"email": "owner@example.com"}),
    "new password": ("owner", "/accounts/password/change/", {"oldpassword": PASSWORD, **NEW_PASSWORD}),
    "password again": ("owner", "/accounts/reauthenticate/", {"password": PASSWORD}),
}

HOSTILE = {
    "NUL": "a%00b",
    "lone high surrogate": "a%ED%A0%80b",
    "lone low surrogate": "%ED%BF%BF",
    "broken UTF-8": "%FF%FE",
    "overlong UTF-8": "%C0%AF",
    "right-to-left override": quote("abc\u202egnp.exe"),
    "escape": "%1B%5B2J",
    "blank": "%20%09%20",
    "invisible": quote("\u200b\u2060"),
    "CR and LF": "a%0D%0ABcc: eve@example.com",
    "huge number": "9" * 400,
    "negative number": "-1",
    "float": "1e309",
    "not a number": "NaN",
    "digits of another script": quote("١٢٣"),
    "superscript": quote("²"),
    "SQL": quote("1' OR '1'='1"),
    "template": quote("{{ 7*7 }}{% debug %}"),
    "path": "..%2F..%2Fetc%2Fpasswd",
    "long": "x" * 20_000,
    "date out of range": "0000-00-00T99:99",
    "earliest date": "0001-01-01T00:00",
    "latest date": "9999-12-31T23:59",
}
# What a text field takes as it is: everything else in HOSTILE must be refused wherever it's sent.
NEVER = (
    "NUL",
    "lone high surrogate",
    "lone low surrogate",
    "broken UTF-8",
    "overlong UTF-8",
    "right-to-left override",
    "escape",
)
# One field at a time gets these, all fields at once get every hostile value.
ALONE = ("NUL", "huge number")


@pytest.mark.parametrize("form", FORMS)
def test_no_field_of_a_form_makes_the_server_fail_and_refused_input_changes_nothing(form):
    world = build_world()
    person, path, fields = FORMS[form]
    client, path, before = world.client(person), world.path(path), rows()
    cases = [(name, dict.fromkeys(fields, value)) for name, value in HOSTILE.items()]
    cases += [(f"{name} as {field}", {field: HOSTILE[name]}) for name in ALONE for field in fields]
    for case, hostile in cases:
        with undone():
            response = send(client, path, fields, **hostile)
            assert response.status_code in {200, 302, 400, 403, 404, 409, 422, 429}, (case, response.status_code)
            if response.status_code != 302:
                assert rows() == before, case
                assert b"<h1" in response.content, case


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("new ticket", "title"),
        ("new ticket", "description"),
        ("edited ticket", "title"),
        ("edited ticket", "description"),
        ("comment", "description"),
        ("edited comment", "description"),
        ("profile", "username"),
        ("sign-up", "username"),
        ("sign-up", "email"),
        ("sign-up", "password1"),
        ("new password", "password1"),
    ],
)
def test_characters_that_no_text_needs_are_refused_with_a_message(form, field):
    world = build_world()
    person, path, fields = FORMS[form]
    client, path, before = world.client(person), world.path(path), rows()
    for name in NEVER:
        response = send(client, path, fields, **{field: HOSTILE[name]})
        assert response.status_code in {400, 422}, (name, response.status_code)
        assert re.search(rb'role="alert"|error-summary|<h1', response.content)
    assert rows() == before


@pytest.mark.parametrize(
    "value",
    ["", "%20", "%09%0A", quote("\u200b"), quote("\u3164"), "x" * (TITLE_MAX + 1), quote("é") * (TITLE_MAX + 1)],
)
@pytest.mark.parametrize("form", ["new ticket", "edited ticket"])
def test_a_title_is_neither_empty_nor_too_long(form, value):
    world = build_world()
    person, path, fields = FORMS[form]
    before = rows()
    assert send(world.client(person), world.path(path), fields, title=value).status_code == 422
    assert rows() == before


@pytest.mark.parametrize("form", ["new ticket", "edited ticket", "comment", "edited comment"])
def test_a_description_of_the_longest_length_is_kept_and_one_more_character_refused(form):
    world = build_world()
    person, path, fields = FORMS[form]
    client = world.client(person)
    longest = quote("🎫") * DESCRIPTION_MAX
    with undone():
        assert send(client, world.path(path), fields, description=longest).status_code == 302
        model = Ticket.objects if "ticket" in form else world.ticket.comments
        assert model.latest("pk" if "new" in form or form == "comment" else "id").description == "🎫" * DESCRIPTION_MAX
    before = rows()
    assert send(client, world.path(path), fields, description=longest + "x").status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    "text", ["🎫🔥👩‍👩‍👧", "Grüße aus Köln", "日本語のタイトル", "שלום עולם", "a & b < c > d \" e ' f"]
)
def test_every_script_and_emoji_comes_back_as_it_was_typed(text):
    world = build_world()
    client = world.client("owner")
    response = client.post("/tickets/new/", {"title": text, "description": text, "priority": "low"})
    ticket = Ticket.objects.latest("pk")
    assert (response.status_code, ticket.title, ticket.description) == (302, text, text)
    assert client.get(response["Location"]).status_code == 200
    assert client.get("/tickets/", {"q": text.split()[0]}).status_code == 200


MEANINGLESS = ("nonsense", "None", "null", "true", "[]", "{}", "0", "-1", str(NOBODY), "9" * 30, "1.5", "open%00")


@pytest.mark.parametrize("field", ["status", "priority", "assigned_agent", "version", "resolution_date"])
def test_a_value_that_a_property_does_not_have_is_refused(field):
    world = build_world()
    client, before = world.client("agent"), rows()
    for value in MEANINGLESS:
        fields = {"priority": "high", "version": "2"} | {field: ""}
        response = send(client, world.path(TICKET), fields, **{field: value})
        assert response.status_code in {409, 422}, (value, response.status_code)
    assert rows() == before


@pytest.mark.parametrize(
    "spelling", ["title={0}&title={1}", "title%5B%5D={0}", "title%5B%24ne%5D={0}", "title%5B0%5D={0}&title%5Bx%5D={1}"]
)
def test_an_array_where_a_text_belongs_is_its_last_text_or_none(spelling):
    world = build_world()
    body = "description=Wind&priority=low&" + spelling.format("One", "Two")
    response = world.client("owner").post("/tickets/new/", body, content_type=FORM)
    made = Ticket.objects.exclude(pk=world.ticket.pk)
    if "%5B" in spelling:
        assert response.status_code == 422
        assert not made.exists()
    else:
        assert made.get().title == "Two"


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense"]
)
@pytest.mark.parametrize("path", ["/tickets/new/", "/accounts/login/", "/accounts/signup/"])
def test_a_body_of_another_kind_is_a_form_without_fields(path, kind):
    world = build_world()
    before = rows()
    body = '{"title": ["Kite"], "description": {"$gt": ""}, "role": "sysadmin"}'
    client = world.client("owner" if "tickets" in path else "anonymous")
    response = client.generic("POST", path, body, content_type=kind)
    assert response.status_code in {400, 422}
    assert rows() == before


# --- Addresses ----------------------------------------------------------------------------------------------------

ADMIN_TICKETS = "q p o all status__exact requester__id__exact unknown creation_date__year creation_date__day e _popup"
LISTS = {
    ("owner", "/tickets/"): "status priority assigned_agent requester q sort page unknown",
    ("agent", "/tickets/"): "status priority assigned_agent requester q sort page",
    ("agent", "/tickets/assigned/"): "q sort page assigned_agent",
    ("agent", "/tickets/counts/"): "q",
    ("sysadmin", "/activity/"): "user activity_type after before ticket page unknown",
    ("sysadmin", "/activity/users/{user}/"): "activity_type after before ticket page user",
    ("sysadmin", "/activity/purge/"): "before user",
    ("sysadmin", "/admin/tickets/ticket/"): ADMIN_TICKETS,
    ("sysadmin", "/admin/accounts/user/"): "q p o role__exact is_active__exact password__startswith date_joined__year",
    ("sysadmin", "/admin/tickets/comment/"): "q p o creation_date__year creation_date__day",
    ("sysadmin", "/admin/activity/activitylog/"): "q p o activity_type__exact activity_date__year seal__startswith",
    ("sysadmin", "/admin/autocomplete/"): "term app_label model_name field_name page",
    ("sysadmin", "/admin/tickets/ticket/add/"): "title requester status _changelist_filters _popup",
    ("anonymous", "/accounts/login/"): "next",
    ("anonymous", "/accounts/signup/"): "next",
    ("anonymous", "/accounts/password/reset/"): "next email",
}


@pytest.mark.parametrize(("person", "path"), LISTS)
def test_no_parameter_of_an_address_makes_the_server_fail(person, path):
    world = build_world()
    client, before, parameters = world.client(person), rows(), LISTS[person, path].split()
    queries = ["&".join(f"{name}={value[:600]}" for name in parameters) for value in HOSTILE.values()]
    queries += [f"{name}=2&{name}={HOSTILE[kind]}&{name}=2" for name in parameters for kind in ALONE]
    wanted = {200, 302, 400, 403, 422} if person == "sysadmin" else {200, 400}
    for query in queries:
        response = client.get(f"{world.path(path)}?{query}")
        assert response.status_code in wanted, (query[:300], response.status_code)
    assert rows() == before


@pytest.mark.parametrize("parameter", ["status", "priority", "sort", "page", "assigned_agent", "requester"])
def test_a_filter_that_means_nothing_is_left_out_and_named(parameter):
    world = build_world()
    response = world.client("owner").get(f"/tickets/?{parameter}=nonsense")
    assert response.status_code == 200
    assert b"Zeppelin" in response.content


NUMBERS = ["0", "-1", "abc", "1.5", "9" * 18, "9" * 19, "9" * 100, "%D9%A0", "1%00", "%ED%A0%80", "1'", "%2e%2e"]


@pytest.mark.parametrize(
    "path",
    [
        "/tickets/%s/",
        "/tickets/%s/edit/",
        "/tickets/{ticket}/comments/%s/edit/",
        "/activity/%s/",
        "/activity/users/%s/",
        "/admin/tickets/ticket/%s/change/",
        "/admin/accounts/user/%s/change/",
        "/admin/tickets/comment/%s/change/",
        "/admin/activity/activitylog/%s/change/",
    ],
)
def test_a_number_in_an_address_that_is_none_leads_nowhere(path):
    world = build_world()
    client = world.client("sysadmin")
    # The admin leads back to its start page, and says why.
    wanted = {302, 404} if "admin" in path else {404}
    for number in NUMBERS:
        assert client.get(world.path(path.replace("%s", number))).status_code in wanted, number


# --- Unknown fields do nothing (row 9) ----------------------------------------------------------------------------

EXTRA = {
    "role": "sysadmin",
    "is_staff": "1",
    "is_superuser": "on",
    "is_active": "0",
    "requester": str(7_000_002),
    "requester_id": str(7_000_002),
    "created_by": str(7_000_002),
    "commented_by": str(7_000_002),
    "assigned_agent": str(7_000_003),
    "status": "resolved",
    "resolution_date": "2026-01-01T00:00",
    "id": "1",
    "pk": "1",
    "version": "77",
    "email": "changed@example.com",
    "email_key": "changed@example.com",
    "password": "changed",
    "user": str(7_000_002),
    "ticket": "1",
    "creation_date": "2001-01-01",
    "date_joined": "2001-01-01",
    "user_permissions": "1",
    "groups": "1",
    "verified": "1",
}
FREE = {"id", "client_token", "creation_date", "updated_at", "edited_at", "date_joined", "password", "email_key"}


def facts():
    """Return what a form may have changed, without what differs from time to time."""
    return [{name: row[name] for name in row if name not in FREE} for kind in rows().values() for row in kind]


@pytest.mark.parametrize("form", FORMS)
def test_fields_that_a_form_does_not_have_do_nothing(form):
    world = build_world()
    person, path, fields = FORMS[form]
    path, before = world.path(path), facts()
    with undone():
        plain = send(world.client(person), path, fields)
        after = facts()
    with undone():
        extra = {name: value for name, value in EXTRA.items() if name not in fields}
        if form == "quick form":
            extra.pop("requester")
        response = send(world.client(person), path, fields | extra)
        changed = facts()
    # An action that isn't allowed is refused as a whole; a field that means nothing is passed over.
    assert (response.status_code, changed) in [(plain.status_code, after), (403, before)]


@pytest.mark.parametrize(
    "extra", [{"role": "sysadmin"}, {"role": Role.AGENT, "is_staff": "1"}, {"user.role": "sysadmin"}]
)
def test_sign_up_never_makes_more_than_a_requester(extra, db):
    world = build_world()
    _person, path, fields = FORMS["sign-up"]
    send(world.client("anonymous"), path, fields | extra)
    user = User.objects.get(email="kite@example.com")
    assert (user.role, user.is_staff, user.is_superuser) == (Role.REQUESTER, False, False)


@pytest.mark.parametrize("field", ["status", "assigned_agent", "resolution_date"])
def test_a_requester_who_sends_a_property_of_the_desk_is_refused_with_the_reason(field):
    world = build_world()
    before = rows()
    response = world.client("owner").post(world.path(TICKET), {"priority": "high", field: EXTRA[field]})
    assert response.status_code == 403
    assert b"Only helpdesk agents can do that." in response.content
    assert rows() == before


# --- Redirects (row 11) -------------------------------------------------------------------------------------------

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "http://evil.example",
    "https:evil.example",
    "http:///evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "\x00//evil.example",
    "http://testserver@evil.example",
    "http://testserver.evil.example",
    "//testserver\\@evil.example",
    "/tickets/\r\nSet-Cookie: a=b",
    "?next=//evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("way", ["form", "address"])
def test_after_log_in_nobody_is_sent_elsewhere(target, way, db):
    UserFactory(email="owner@example.com")
    client = Client()
    fields = {"login": "owner@example.com", "password": PASSWORD} | ({"next": target} if way == "form" else {})
    query = f"?{urlencode({'next': target})}" if way == "address" else ""
    response = client.post(f"/accounts/login/{query}", fields)
    assert response.status_code == 302
    assert_own(response["Location"])
    assert "Set-Cookie" not in response["Location"]


REDIRECTING = (
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/signup/",
    "/admin/login/",
    "/admin/logout/",
)


@pytest.mark.parametrize("person", ["anonymous", "sysadmin"])
def test_no_other_page_sends_anybody_elsewhere(person):
    world = build_world()
    for path in REDIRECTING:
        for target in ELSEWHERE[::3]:
            with undone():
                query = urlencode({"next": target, "url": target, "return_to": target})
                client = world.client(person)
                for response in (
                    client.get(f"{path}?{query}"),
                    client.post(f"{path}?{query}", {"password": PASSWORD, "next": target}),
                ):
                    assert response.status_code < 500
                    if "Location" in response.headers:
                        assert_own(response["Location"])


def assert_own(location):
    assert re.match(r"/(?![/\\])[^\r\n\t\\]*$", location), location


def test_a_session_that_ended_leads_back_to_the_page_and_nowhere_else():
    world = build_world()
    client = world.client("anonymous")
    for referer, target in [
        ("http://testserver/tickets/new/", "/tickets/new/"),
        ("http://evil.example/tickets/new/", "/"),
        ("http://testserver//evil.example", "/"),
    ]:
        response = client.post("/tickets/new/", NEW, headers={"referer": referer})
        assert response["Location"] == f"/accounts/login/?{urlencode({'next': target})}"
    for current, target in [("http://testserver/tickets/?q=a", "/tickets/?q=a"), ("https://evil.example/", "/")]:
        response = client.get("/tickets/", headers={"HX-Request": "true", "HX-Current-URL": current})
        assert response["HX-Redirect"] == f"/accounts/login/?{urlencode({'next': target})}"
