"""What all forms that write have in common: they name their submission, and say each thing once."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps

from tickets.drafts.models import Draft
from tms_site.tests.forms import BUTTONS, FORMS, send
from tms_site.tests.house import rows, stored, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

# Forms of allauth, which has its own ways; forms that choose what a page shows next, and buttons.
OTHERS = {"log-in", "sign-up", "forgotten password", "new password", "password again"}
NOT_WRITING = {"inserted canned reply", "bulk selection", "bulk preview", "bulk deletion", "assignment"}
OURS = sorted(set(FORMS) - OTHERS - NOT_WRITING)
LED_BY_ALLAUTH = {"log-out", "end of sessions"}
# A token's secret is shown once, so the second answer is another one; its own tests say which.
SHOWN_ONCE = {"personal token"}
# allauth's again.
LED_ELSEWHERE = re.compile(r"^/accounts/(logout|sessions)/$")


class WritingForms(HTMLParser):
    """The names of the fields of each form of a page that's sent by POST, even if it's nothing but a button."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.names = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            is_ours = not LED_ELSEWHERE.match(attrs.get("action") or "")
            self.names = set() if is_ours and attrs.get("method", "").lower() == "post" else None
        elif self.names is not None and tag in {"input", "select", "textarea"}:
            self.names.add(attrs.get("name", ""))

    def handle_endtag(self, tag):
        if tag == "form" and self.names is not None:
            self.forms.append(self.names)
            self.names = None


PAGES = [
    ("owner", "/tickets/new/"),
    ("owner", "/tickets/{ticket}/"),
    ("owner", "/tickets/{ticket}/edit/"),
    ("owner", "/tickets/{ticket}/comments/{comment}/edit/"),
    ("owner", "/tickets/{rated}/"),
    ("owner", "/tickets/{rated}/rate/"),
    ("owner", "/accounts/profile/"),
    ("owner", "/accounts/tokens/"),
    ("owner", "/accounts/sessions/"),
    ("agent", "/tickets/new/"),
    ("agent", "/tickets/{ticket}/"),
    ("agent", "/tickets/{ticket}/hand-over/"),
    ("agent", "/tickets/{ticket}/links/"),
    ("agent", "/tickets/{ticket}/comments/{comment}/split/"),
    ("agent", "/tickets/views/new/"),
    ("agent", "/tickets/views/{view}/edit/"),
    ("agent", "/tickets/replies/new/"),
    ("agent", "/tickets/replies/{reply}/edit/"),
    ("sysadmin", "/webhooks/new/"),
    ("sysadmin", "/webhooks/{webhook}/edit/"),
    ("sysadmin", "/tickets/leaving/?user={agent}"),
    ("sysadmin", "/activity/purge/?before=2020-01-01"),
    ("owner", "/tickets/{ticket}/attachments/{file}/delete/"),
    ("agent", "/tickets/{ticket}/comments/{note}/publish/"),
    ("agent", "/tickets/bulk/{bulk}/"),
    ("agent", "/tickets/bulk/?action=tag&ticket={ticket}&value=wind&step=preview"),
    ("agent", "/tickets/views/"),
    ("agent", "/tickets/views/{view}/delete/"),
    ("agent", "/tickets/replies/{reply}/delete/"),
    ("sysadmin", "/tickets/{ticket}/delete/"),
    ("sysadmin", "/tickets/{ticket}/comments/{comment}/delete/"),
    ("sysadmin", "/tickets/trash/{trashed}/"),
    ("sysadmin", "/webhooks/{webhook}/"),
    ("sysadmin", "/webhooks/{webhook}/delete/"),
]
# A page whose form changes what is there already says from which version it was made. One's own rating is one's own.
EDITS = re.compile(r"/edit/|/profile/|/hand-over/")


def everything():
    """Return the rows of all tables, but for sessions; and of drafts, but for when they were saved last."""
    visits = {"sessions.session", "usersessions.usersession"}
    tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.label_lower not in visits]
    return {model: stored(model, without="updated_at" if model is Draft else "") for model in tables}


@pytest.mark.parametrize(("person", "path"), PAGES)
def test_a_form_that_writes_names_its_submission_and_the_version_that_it_edits(world, person, path):
    response = world.client(person).get(world.path(path))
    forms = WritingForms(response.content.decode()).forms
    assert response.status_code == 200
    assert forms
    assert [names for names in forms if "client_token" not in names] == []
    if EDITS.search(path):
        assert any("version" in names for names in forms)


@pytest.mark.parametrize("form", OURS)
def test_a_field_that_comes_twice_is_refused(world, form):
    person, path, fields = FORMS[form]
    client, path, before = world.client(person), world.path(path), rows()
    for name, value in fields.items():
        if name in {"events", "user", "query", "step"} or (form.startswith("bulk") and name == "action"):
            continue
        with undone():
            response = send(client, path, fields, **{name: f"{value}&{name}=1"})
            assert response.status_code in {403, 422}, name
            assert rows() == before, name


@pytest.mark.parametrize("form", sorted({*OURS, *BUTTONS} - SHOWN_ONCE - LED_BY_ALLAUTH))
def test_the_same_form_again_changes_nothing_more_and_gets_the_same_answer(world, form):
    person, path, fields = (FORMS | BUTTONS)[form]
    client, path = world.client(person), world.path(path)
    first = send(client, path, fields | {"client_token": "same"})
    once = everything()
    second = send(client, path, fields | {"client_token": "same"})
    assert (second.status_code, second.get("Location")) == (first.status_code, first.get("Location"))
    assert everything() == once
