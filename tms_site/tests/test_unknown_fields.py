"""Fields that a form doesn't have do nothing (docs/security.md, rows 9, 16)."""

import pytest

from accounts.enums import Role
from accounts.models import User
from tickets.models import Tag, Ticket
from tms_site.tests.forms import BUTTONS, FORMS, TICKET, send
from tms_site.tests.house import WATCHED, rows, undone
from tms_site.tests.matrix import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

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
    "team": "1",
    "tags": "kite",
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
FREE = {"id", "client_token", "creation_date", "updated_at", "edited_at", "date_joined", "last_login"}
FREE |= {"password", "email_key"}


def facts():
    """Return what a form may have changed, without what differs from time to time.

    Numbers of new rows do, where a database counts on after a transaction that was undone: words stand for them.
    """
    words = {
        "ticket_id": dict(Ticket.objects.values_list("pk", "title")),
        "tag_id": dict(Tag.objects.values_list("pk", "name")),
    }
    return [
        {name: words[name].get(row[name]) if name in words else row[name] for name in row if name not in FREE}
        for model in WATCHED.values()
        for row in model.objects.order_by("pk").values()
    ]


# Nobody here has a second factor, a link from a mail or an account without a password: accounts/tests has those.
OF_OTHERS = {"account_set_password", "account_reset_password_from_key"} | {
    f"mfa_{name}" for name in ("authenticate", "reauthenticate", "activate_totp", "generate_recovery_codes")
}


def test_every_form_that_somebody_may_send_is_tried():
    may = {name: row.path.partition("?")[0] for name, row in TABLE.items() if {"200", "302"} & set(row.post.split())}
    tried = {path for _person, path, _fields in (FORMS | BUTTONS).values()}
    assert {name for name, path in may.items() if path not in tried} == OF_OTHERS


@pytest.mark.parametrize("form", FORMS | BUTTONS)
def test_fields_that_a_form_does_not_have_do_nothing(world, form):
    person, path, fields = (FORMS | BUTTONS)[form]
    path, fields, before = world.path(path), world.data(fields), facts()
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
def test_sign_up_never_makes_more_than_a_requester(world, extra, db):
    _person, path, fields = FORMS["sign-up"]
    send(world.client("anonymous"), path, fields | extra)
    user = User.objects.get(email="kite@example.com")
    assert (user.role, user.is_staff, user.is_superuser) == (Role.REQUESTER, False, False)


@pytest.mark.parametrize("field", ["status", "team", "assigned_agent", "tags", "resolution_date"])
def test_a_requester_who_sends_a_property_of_the_desk_is_refused_with_the_reason(world, field):
    before = rows()
    response = world.client("owner").post(world.path(TICKET), {"priority": "high", field: EXTRA[field]})
    assert response.status_code == 403
    assert b"Only helpdesk agents can do that." in response.content
    assert rows() == before
