"""What is sent after the session has ended, form by form: it's in its form again, or it's said to be lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.forms import BaseForm
from django.test import Client
from django.utils import timezone

from accounts.factories import PASSWORD
from tickets.factories import picture
from tickets.models import Ticket
from tms_site.lib import unsent
from tms_site.tests.forms import COMMENT, FORMS, TICKET
from tms_site.tests.house import World, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
LOGIN = "/accounts/login/"
PUT_BACK = "We kept what you had typed. It isn&#x27;t sent yet."
CHOICES_PUT_BACK = "We kept what you had chosen. It isn&#x27;t saved yet."
NOT_SAVED = "You were logged out before this was saved: nothing was changed."
ADD_FILES = "Files can&#x27;t be kept: please add them again."
RATE = "/tickets/{rated}/rate/"
CATEGORY = {"name": "Airports", "description": "Where they land", "position": "3", "default_priority": "high"}
PERSON = {"email": "kite@example.com", "username": "Kite", "role": "agent", "time_zone": "UTC", "theme": "dark"}
# Forms that FORMS doesn't name: a follow-up needs an old ticket, and those of the admin are Django's.
FURTHER = {
    "follow-up": ("owner", "/tickets/{other}/follow-up/", {"title": "Glider", "description": "It doesn't land."}),
    "category": ("sysadmin", "/admin/tickets/category/add/", CATEGORY | {"is_active": "on"}),
    # A box that was ticked on the page and is sent unticked stays so.
    "changed category": ("sysadmin", "/admin/tickets/category/{category}/change/", CATEGORY | {"is_active": ""}),
    "team": ("sysadmin", "/admin/tickets/team/add/", {"name": "Crew 2", "members": "{agent}"}),
    "changed team": ("sysadmin", "/admin/tickets/team/{team}/change/", {"name": "Crew 2", "members": "{agent}"}),
    "user": ("sysadmin", "/admin/accounts/user/add/", PERSON),
    "changed user": ("sysadmin", "/admin/accounts/user/{user}/change/", PERSON | {"is_away": "on"}),
    "ticket in the admin": (
        "sysadmin",
        "/admin/tickets/ticket/{ticket}/change/",
        {"title": "Kite", "description": "Wind", "priority": "low", "tags": "wind, kite"},
    ),
    "comment in the admin": ("sysadmin", "/admin/tickets/comment/{comment}/change/", {"description": "Wind"}),
}
ALL = FORMS | FURTHER
# Nothing is typed in these, or the page's own address holds it, or it's secret.
LOST = {
    "assignment",
    "draft",
    "draft of a ticket",
    "merge",
    "bulk selection",
    "bulk preview",
    "bulk run",
    "bulk deletion",
    "leaving",
    "purge",
    "new password",
    "password again",
}
NOTHING_IS_TYPED = ["activity/purge_confirm.html", "tickets/leaving/leaving.html"]
NOBODY_IS_LOGGED_IN = {"log-in", "sign-up", "forgotten password"}
KEPT = sorted(set(ALL) - LOST - NOBODY_IS_LOGGED_IN)
# Where a form stands that isn't sent to its own page, and where it's sent to, if not by the button that's meant.
PAGES = dict.fromkeys(("comment", "comment of an agent", "inserted canned reply"), TICKET)
ACTIONS = {"inserted canned reply": f"{TICKET}comments/"}


@pytest.fixture
def world(world: World) -> World:
    """The world, where the owner's other ticket was resolved a year ago."""
    ago = timezone.now() - timedelta(days=365)
    Ticket.objects.filter(pk=world.other.pk).update(status="resolved", resolution_date=ago)
    return world


def fields_of(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that is sent to an address, or to the page's own."""
    forms = [each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if unsent.FIELD in each]
    form = next(each for each in forms if f' action="{action}"' in each or ' action="' not in each)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def log_in(client: Client, person: Any, page: Any) -> Any:
    """Log in at the log-in page; returns the page that one lands on."""
    data = {"login": person.email, "password": PASSWORD, "next": page.context["redirect_field_value"]}
    return client.post(LOGIN, data, follow=True)


def sent_too_late(world: World, name: str, page: str = "", **further: Any) -> Any:
    """Open the page of a form, lose the session, send the form, and log in again; returns where one lands."""
    person, action, values = ALL[name]
    client, action, typed = world.client(person), world.path(action), world.data(values)
    page = world.path(page or PAGES.get(name, action))
    fields = fields_of(client.get(page).content.decode(), world.path(ACTIONS.get(name, action)))
    del client.cookies["session"]
    ticked = {field: value for field, value in typed.items() if value or field != "is_active"}
    answer = client.post(action, fields | ticked | further, headers={"Referer": f"http://testserver{page}"})
    return log_in(client, world.people[person], client.get(answer.url))


def form_on(page: Any, name: str = "") -> BaseForm:
    """Return the form of a page, or of several the one that is called so."""
    if name == "quick form":
        return page.context["quick_form"]
    found = page.context.get("comment_form") or page.context.get("adminform") or page.context["form"]
    return getattr(found, "form", found)


def shown(form: BaseForm, name: str) -> str:
    """Return what a field of a form shows, as a browser sends it."""
    value = form[name].value()
    if isinstance(value, bool):
        return "on" if value else ""
    return ",".join(value) if isinstance(value, list) else str(value or "")


def test_each_template_with_a_form_to_type_into_lets_it_be_kept():
    forms = {
        f"{path.relative_to(settings.BASE_DIR / 'templates')}": form
        for path in sorted((settings.BASE_DIR / "templates").rglob("*.html"))
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL)
        if "data-validate" in form
    }
    assert len(forms) > 10
    assert [name for name, form in forms.items() if "{% made_for" not in form] == NOTHING_IS_TYPED


@pytest.mark.parametrize("name", KEPT)
def test_what_was_sent_too_late_is_in_its_form_again_and_nothing_is_done(world, name):
    before = rows()
    page = sent_too_late(world, name)
    assert page.status_code == 200
    assert (CHOICES_PUT_BACK if name == "quick form" else PUT_BACK) in page.content.decode()
    form, typed = form_on(page, name), world.data(ALL[name][2])
    assert {field: shown(form, field) for field in typed if field in form.fields} == {
        field: value for field, value in typed.items() if field in form.fields
    }
    assert any(value and field in form.fields for field, value in typed.items())
    assert rows() == before


@pytest.mark.parametrize("name", sorted(LOST))
def test_what_is_not_kept_is_said_to_be_lost(world, name):
    person, action, values = ALL[name]
    client = world.client(person)
    client.cookies.clear()
    page = client.get(client.post(world.path(action), world.data(values)).url)
    assert NOT_SAVED in page.content.decode()


@pytest.mark.parametrize(("name", "page"), [("rating", "/tickets/{rated}/"), ("link", TICKET)])
def test_a_form_on_a_tickets_page_is_found_filled_in_on_a_page_of_its_own(world, name, page):
    landed = sent_too_late(world, name, page)
    assert landed.request["PATH_INFO"] == world.path(ALL[name][1])
    for field, value in world.data(ALL[name][2]).items():
        assert shown(form_on(landed), field) == value


def test_the_page_of_a_form_is_found_where_the_browser_does_not_tell_where_it_was(world):
    client, path = world.client("agent"), world.path(TICKET)
    fields = fields_of(client.get(path).content.decode(), f"{path}comments/")
    del client.cookies["session"]
    answer = client.post(f"{path}comments/", fields | {"description": "Wind"})
    page = log_in(client, world.people["agent"], client.get(answer.url))
    assert page.request["PATH_INFO"] == path
    assert "Wind</textarea>" in page.content.decode()


def test_what_the_pages_address_holds_besides_stays_in_it(world):
    client, path = world.client("agent"), world.path(f"{TICKET}?at=comment-{{comment}}")
    fields = fields_of(client.get(path).content.decode(), world.path(f"{TICKET}comments/"))
    del client.cookies["session"]
    headers = {"Referer": f"http://testserver{path}"}
    answer = client.post(world.path(f"{TICKET}comments/"), fields | {"description": "Wind"}, headers=headers)
    assert client.get(answer.url).context["redirect_field_value"] == path


def test_a_password_is_never_kept(world):
    page = sent_too_late(world, "user", password="Unheard-of-1")
    assert form_on(page)["email"].value() == PERSON["email"]
    assert not form_on(page)["password"].value()
    client, path = world.client("sysadmin"), world.path(ALL["user"][1])
    fields = fields_of(client.get(path).content.decode(), path)
    del client.cookies["session"]
    client.post(path, fields | PERSON | {"password": "Unheard-of-1"})
    assert "Kite" in str(dict(client.session.items()))
    assert "Unheard-of-1" not in str(dict(client.session.items()))


@pytest.mark.parametrize("has_file", [True, False])
def test_whoever_sent_files_is_told_that_they_are_gone(world, has_file):
    files = {"attachments": picture().file} if has_file else {}
    page = sent_too_late(world, "comment", **files).content.decode()
    assert "Wind</textarea>" in page
    assert (ADD_FILES in page) == has_file


def test_what_was_typed_on_the_page_of_a_conflict_is_in_the_form_again(world):
    client, path = world.client("agent"), world.path(f"{TICKET}edit/")
    fields = fields_of(client.get(path).content.decode(), path)
    theirs = {"title": "Theirs", "description": "Their text", "priority": "medium"}
    client.post(path, fields | theirs | {"client_token": "abc"})
    mine = {"title": "Mine", "description": "My text", "priority": "medium"}
    conflict = client.post(path, fields | mine)
    assert conflict.status_code == 409
    fields = fields_of(conflict.content.decode(), path)
    del client.cookies["session"]
    choices = {"choice_title": "theirs", "choice_description": "yours"}
    answer = client.post(path, fields | mine | {"description": "My last words"} | choices)
    form = form_on(log_in(client, world.people["agent"], client.get(answer.url)))
    assert form["title"].value() == "Theirs"
    assert form["description"].value() == "My last words"


def test_a_form_that_was_just_sent_shows_what_was_sent_just_now(world):
    client, path = world.client("agent"), world.path(f"{COMMENT}split/")
    fields = fields_of(client.get(path).content.decode(), path)
    del client.cookies["session"]
    client.post(path, fields | {"title": "Kept", "description": "Wind"})
    client.post(LOGIN, {"login": world.people["agent"].email, "password": PASSWORD})
    page = client.post(path, fields | {"title": "", "description": "Newer"})
    assert form_on(page)["description"].value() == "Newer"
    assert form_on(client.get(path))["title"].value() == "Kept"


def test_the_properties_are_saved_by_a_button_and_what_others_did_meanwhile_is_noticed(world):
    page = sent_too_late(world, "quick form", version="1", priority="urgent", status="waiting")
    words = page.content.decode()
    assert page.redirect_chain[-1][0] == world.path(f"{TICKET}#quick-form")
    assert "This is what you chose before. It isn't saved yet." in words
    form = re.search(r'<form class="card quick-form".*?</form>', words, re.DOTALL)[0]
    assert "needs-no-script" not in form
    assert form_on(page, "quick form")["version"].value() == "1"
    assert form_on(page)["description"].value() in (None, "")
    again = page.client.get(page.request["PATH_INFO"])
    assert CHOICES_PUT_BACK in words
    assert CHOICES_PUT_BACK not in again.content.decode()
    assert form_on(again, "quick form")["priority"].value() != "urgent"


def test_a_comment_and_properties_of_one_ticket_are_both_kept(world):
    client, path = world.client("agent"), world.path(TICKET)
    page = client.get(path).content.decode()
    ours = [fields_of(page, action) for action in (path, f"{path}comments/")]
    del client.cookies["session"]
    client.post(path, ours[0] | {"priority": "urgent"})
    answer = client.post(f"{path}comments/", ours[1] | {"description": "Wind"})
    page = log_in(client, world.people["agent"], client.get(answer.url))
    assert form_on(page)["description"].value() == "Wind"
    assert form_on(page, "quick form")["priority"].value() == "urgent"
    assert [page.content.decode().count(words) for words in (PUT_BACK, CHOICES_PUT_BACK)] == [1, 1]


def test_properties_chosen_on_the_page_of_a_conflict_are_kept(world):
    client, path = world.client("agent"), world.path(TICKET)
    fields = fields_of(client.get(path).content.decode(), path)
    client.post(path, fields | {"priority": "low", "client_token": "abc"})
    conflict = client.post(path, fields | {"priority": "urgent", "status": "waiting"})
    assert conflict.status_code == 409
    fields = fields_of(conflict.content.decode(), path)
    del client.cookies["session"]
    answer = client.post(path, fields | {"status": "waiting", "choice_priority": "theirs"})
    form = form_on(log_in(client, world.people["agent"], client.get(answer.url)), "quick form")
    assert (form["priority"].value(), form["status"].value()) == ("low", "waiting")


def test_properties_sent_by_the_script_are_in_their_form_again(world):
    client, path = world.client("agent"), world.path(TICKET)
    fields = fields_of(client.get(path).content.decode(), path)
    del client.cookies["session"]
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{path}"}
    answer = client.post(path, fields | {"priority": "urgent"}, headers=headers)
    page = log_in(client, world.people["agent"], client.get(answer["HX-Redirect"]))
    assert CHOICES_PUT_BACK in page.content.decode()
    assert form_on(page, "quick form")["priority"].value() == "urgent"


def test_a_status_that_the_workflow_refuses_by_now_stays_chosen(world):
    Ticket.objects.filter(pk=world.ticket.pk).update(status="resolved", resolution_date=timezone.now())
    page = sent_too_late(world, "quick form", status="waiting")
    assert '<option value="waiting" selected>' in page.content.decode()
