"""Timelines of tickets, and what an open page asks for."""

from tms_site.tests.matrix.row import DESK_200, DESK_405, MEMBERS_405, Row

ROWS = {
    # Without htmx one is led to the page that shows the part.
    "timeline:thread": Row("/tickets/{ticket}/thread/", "login 302 404 302 302 302 login", MEMBERS_405),
    "timeline:print": Row("/tickets/{ticket}/print/", "login 200 404 200 200 200 login", MEMBERS_405),
    "tickets:presence": Row("/tickets/{ticket}/presence/", "login 200 404 200 200 200 login", MEMBERS_405),
    "tickets:news": Row("/tickets/{ticket}/news/", "login 302 404 302 302 302 login", MEMBERS_405),
    "tickets:watch": Row(
        "/tickets/{ticket}/watch/", "login 403 404 200 200 200 login", "login 403 404 302 302 302 login"
    ),
    "tickets:mentions": Row("/tickets/mentions/?q=a", DESK_200, DESK_405),
}
