"""Bad input gets an answer that says so, never an error page of the server, and changes nothing.

docs/security.md, row 10.
"""

import re
from urllib.parse import quote

import pytest

from tickets.enums import DESCRIPTION_MAX, TITLE_MAX
from tickets.models import Ticket
from tms_site.tests.forms import BUTTONS, FORM, FORMS, TICKET, send
from tms_site.tests.house import NOBODY, rows, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

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
    "SQL and template": quote("1' OR '1'='1 {{ 7*7 }}{% debug %}"),
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
# Values that one and the same rule refuses: the middleware what isn't UTF-8, `validate_text` what no text needs. Each
# address gets one value of each rule, and each value comes to many addresses.
ALIKE = (
    ("lone high surrogate", "lone low surrogate", "broken UTF-8", "overlong UTF-8"),
    ("NUL", "right-to-left override", "escape"),
)
# One field at a time gets these, all fields at once get every hostile value.
ALONE = ("NUL", "huge number")


def hostile_values(number):
    """Return what is sent to the address of that number."""
    left_out = {name for names in ALIKE for name in {*names} - {names[number % len(names)]}}
    return [(name, value) for name, value in HOSTILE.items() if name not in left_out]


@pytest.mark.parametrize("form", FORMS)
def test_no_field_of_a_form_makes_the_server_fail_and_refused_input_changes_nothing(world, form):
    person, path, fields = FORMS[form]
    client, path, fields, before = world.client(person), world.path(path), world.data(fields), rows()
    values = hostile_values(list(FORMS).index(form))
    cases = [(name, dict.fromkeys(fields, value)) for name, value in values]
    cases += [(f"{name} as {field}", {field: HOSTILE[name]}) for name in ALONE for field in fields]
    for case, hostile in cases:
        with undone():
            response = send(client, path, fields, **hostile)
            assert response.status_code in {200, 302, 400, 403, 404, 409, 422, 429}, (case, response.status_code)
            if response.status_code != 302:
                assert rows() == before, case
                assert b"<h1" in response.content, case


@pytest.mark.parametrize("form", BUTTONS)
def test_no_hidden_field_of_a_button_makes_the_server_fail(world, form):
    person, path, fields = BUTTONS[form]
    client, path = world.client(person), world.path(path)
    for name in ("NUL", "lone high surrogate", "huge number", "long"):
        with undone():
            response = send(client, path, fields, **dict.fromkeys(fields, HOSTILE[name]))
            assert response.status_code in {200, 302, 400, 409, 422}, (name, response.status_code)


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
def test_characters_that_no_text_needs_are_refused_with_a_message(world, form, field):
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
def test_a_title_is_neither_empty_nor_too_long(world, form, value):
    person, path, fields = FORMS[form]
    before = rows()
    assert send(world.client(person), world.path(path), fields, title=value).status_code == 422
    assert rows() == before


@pytest.mark.parametrize("form", ["new ticket", "edited comment"])
def test_a_description_of_the_longest_length_is_kept_and_one_more_character_refused(world, form):
    person, path, fields = FORMS[form]
    client = world.client(person)
    longest = quote("🎫") * DESCRIPTION_MAX
    with undone():
        assert send(client, world.path(path), fields, description=longest).status_code == 302
        kept = Ticket.objects.latest("pk") if "ticket" in form else world.ticket.comments.get(pk=world.comment.pk)
        assert kept.description == "🎫" * DESCRIPTION_MAX
    before = rows()
    assert send(client, world.path(path), fields, description=longest + "x").status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    "text", ["🎫🔥👩‍👩‍👧", "Grüße aus Köln", "日本語のタイトル", "שלום עולם", "a & b < c > d \" e ' f"]
)
def test_every_script_and_emoji_comes_back_as_it_was_typed(world, text):
    client = world.client("owner")
    response = client.post("/tickets/new/", {"title": text, "description": text, "priority": "low"})
    ticket = Ticket.objects.latest("pk")
    assert (response.status_code, ticket.title, ticket.description) == (302, text, text)
    assert client.get(response["Location"]).status_code == 200
    assert client.get("/tickets/", {"q": text.split()[0]}).status_code == 200


MEANINGLESS = ("nonsense", "None", "null", "true", "[]", "{}", "0", "-1", str(NOBODY), "9" * 30, "1.5", "open%00")


@pytest.mark.parametrize("field", ["status", "priority", "assigned_agent", "version", "resolution_date"])
def test_a_value_that_a_property_does_not_have_is_refused(world, field):
    client, before = world.client("agent"), rows()
    for value in MEANINGLESS:
        fields = {"priority": "high", "version": "2"} | {field: ""}
        response = send(client, world.path(TICKET), fields, **{field: value})
        assert response.status_code in {409, 422}, (value, response.status_code)
    assert rows() == before


@pytest.mark.parametrize(
    "spelling", ["title={0}&title={1}", "title%5B%5D={0}", "title%5B%24ne%5D={0}", "title%5B0%5D={0}&title%5Bx%5D={1}"]
)
def test_an_array_where_a_text_belongs_is_refused(world, spelling):
    before = rows()
    body = "description=Wind&priority=low&" + spelling.format("One", "Two")
    response = world.client("owner").post("/tickets/new/", body, content_type=FORM)
    assert response.status_code == 422
    assert "%5B" in spelling or "This was sent more than once." in response.content.decode()
    assert rows() == before


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense"]
)
@pytest.mark.parametrize("path", ["/tickets/new/", "/accounts/login/", "/accounts/signup/"])
def test_a_body_of_another_kind_is_a_form_without_fields(world, path, kind):
    before = rows()
    body = '{"title": ["Kite"], "description": {"$gt": ""}, "role": "sysadmin"}'
    client = world.client("owner" if "tickets" in path else "anonymous")
    response = client.generic("POST", path, body, content_type=kind)
    assert response.status_code in {400, 422}
    assert rows() == before


# --- Addresses ----------------------------------------------------------------------------------------------------

ADMIN_TICKETS = "q p o all status__exact requester__id__exact unknown creation_date__year creation_date__day e _popup"
DATES = " ".join(f"{name}_{side}" for name in ("created", "updated", "resolved") for side in ("after", "before"))
LISTS = {
    ("owner", "/tickets/"): "status priority assigned_agent requester q sort page unknown",
    ("agent", "/tickets/"): f"status category team tag assigned_agent requester rating watching view page {DATES}",
    ("owner", "/tickets/mine/"): "page unknown",
    ("owner", "/tickets/views/new/"): f"name q status tag {DATES}",
    ("owner", "/tickets/similar/"): "title q",
    ("agent", "/tickets/palette/"): "q",
    ("agent", "/tickets/people/"): "q requester",
    ("agent", "/tickets/tags/"): "tags tag q",
    ("agent", "/tickets/mentions/"): "q",
    ("agent", "/tickets/replies/"): "q page",
    ("agent", "/tickets/bulk/"): "action ticket all query value step",
    ("agent", TICKET): "at show original before after",
    ("agent", TICKET + "thread/"): "at show before after",
    ("agent", TICKET + "news/"): "after show properties",
    ("agent", TICKET + "presence/"): "replying after",
    ("agent", TICKET + "merge/"): "direction numbers",
    ("agent", "/dashboard/"): "period agent team category unknown",
    ("sysadmin", "/tickets/leaving/"): "user",
    ("sysadmin", "/tickets/trash/"): "page q",
    ("agent", "/tickets/assigned/"): "assigned_agent page",
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
# A part of a conversation is a redirect to its page for whoever asks for it alone.
OTHER_ANSWERS = {
    TICKET + "thread/": {302},
    TICKET + "news/": {302},
    TICKET + "merge/": {422},
    "/tickets/bulk/": {302},
    "/tickets/leaving/": {404},
}


@pytest.mark.parametrize(("person", "path"), LISTS)
def test_no_parameter_of_an_address_makes_the_server_fail(world, person, path):
    client, before, parameters = world.client(person), rows(), LISTS[person, path].split()
    values = hostile_values(list(LISTS).index((person, path)))
    queries = ["&".join(f"{name}={value[:600]}" for name in parameters) for _name, value in values]
    repeated = [[f"{name}=2&{name}={HOSTILE[kind]}&{name}=2" for name in parameters] for kind in ALONE]
    queries += ["&".join(all_at_once) for all_at_once in repeated]
    queries += [repeated[number % len(ALONE)][number] for number in range(len(parameters))]
    wanted = {200, 302, 400, 403, 422} if person == "sysadmin" else {200, 400}
    wanted |= OTHER_ANSWERS.get(path, set())
    for query in queries:
        response = client.get(f"{world.path(path)}?{query}")
        assert response.status_code in wanted, (query[:300], response.status_code)
    assert rows() == before


@pytest.mark.parametrize("parameter", ["status", "priority", "sort", "page", "assigned_agent", "requester"])
def test_a_filter_that_means_nothing_is_left_out_and_named(world, parameter):
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
def test_a_number_in_an_address_that_is_none_leads_nowhere(world, path):
    client = world.client("sysadmin")
    # The admin leads back to its start page, and says why.
    wanted = {302, 404} if "admin" in path else {404}
    for number in NUMBERS:
        assert client.get(world.path(path.replace("%s", number))).status_code in wanted, number
