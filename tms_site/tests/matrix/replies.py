"""Canned replies. The one of the world is the agent's, shared."""

from tms_site.tests.matrix.row import DESK_200, DESK_405, MEMBERS_405, Row

REPLY = "/tickets/replies/{reply}/"
REPLY_200 = "login 403 403 200 403 200 login"
REPLY_302 = "login 403 403 302 403 302 login"
VALUES = {"name": "Kite", "body": "Wind"}

ROWS = {
    "tickets:replies": Row("/tickets/replies/", DESK_200, DESK_405),
    "tickets:reply_create": Row("/tickets/replies/new/", DESK_200, "login 403 403 302 302 302 login", VALUES),
    "tickets:reply_edit": Row(REPLY + "edit/", REPLY_200, REPLY_302, VALUES),
    "tickets:reply_delete": Row(REPLY + "delete/", REPLY_200, REPLY_302),
    # Nothing is written: the form comes back with the text in it.
    "tickets:reply_insert": Row(
        "/tickets/{ticket}/insert-reply/", MEMBERS_405, "login 403 404 200 200 200 login", {"description": "Wind"}
    ),
}
