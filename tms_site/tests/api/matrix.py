"""The table of the API: each operation with everybody's answer, in the order of `house.PEOPLE`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Operation:
    """One operation. `data` is sent as JSON, with the world's numbers in braces; as a form where `form` says so;
    beside a file where `upload` does.
    """

    method: str
    path: str
    answers: str
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    form: bool = False
    upload: bool = False


ALL_200 = "200 200 200 200 200 200 200"
MEMBERS_200 = "401 200 200 200 200 200 401"
MEMBERS_201 = "401 201 201 201 201 201 401"
DESK_200 = "401 403 403 200 200 200 401"
SYSADMIN_200 = "401 403 403 403 403 200 401"
ON_TICKET = "401 200 404 200 200 200 401"
TICKET = "/tickets/{ticket}"
FILE = TICKET + "/attachments/{file}"
COMMENT = TICKET + "/comments/{comment}"
ANY = {"If_Match": "*"}
LOGIN = {"username": "owner@example.com", "password": "Hello123."}
NEW = {"title": "Kite", "description": "Wind"}
NEWCOMER = {"email": "kite@example.com", "username": "Kite", "password": "Unheard-of-1"}

OPERATIONS = {
    "create_token": Operation("POST", "/token", ALL_200, LOGIN, form=True),
    "revoke_token": Operation("POST", "/token/revoke", ALL_200, {"token": "nonsense"}, form=True),
    "sign_up": Operation("POST", "/signup", "201 201 201 201 201 201 201", NEWCOMER),
    # --- People
    "get_me": Operation("GET", "/users/me", MEMBERS_200),
    "change_me": Operation("PATCH", "/users/me", MEMBERS_200, {"theme": "dark"}, ANY),
    "list_users": Operation("GET", "/users", SYSADMIN_200),
    "create_user": Operation("POST", "/users", "401 403 403 403 403 201 401", NEWCOMER),
    "get_user": Operation("GET", "/users/{user}", SYSADMIN_200),
    "change_user": Operation("PATCH", "/users/{user}", SYSADMIN_200, {"role": "agent"}, ANY),
    # The owner has a ticket, so nobody deletes the account.
    "delete_user": Operation("DELETE", "/users/{user}", "401 403 403 403 403 409 401"),
    # --- Tickets and comments
    "list_tickets": Operation("GET", "/tickets", MEMBERS_200),
    "list_assigned": Operation("GET", "/tickets/assigned", DESK_200),
    "create_ticket": Operation("POST", "/tickets", MEMBERS_201, NEW),
    "get_ticket": Operation("GET", TICKET, ON_TICKET),
    "change_ticket": Operation("PATCH", TICKET, ON_TICKET, {"priority": "high"}, ANY),
    "delete_ticket": Operation("DELETE", TICKET, "401 403 404 403 403 204 401"),
    "get_timeline": Operation("GET", TICKET + "/timeline", ON_TICKET),
    "list_comments": Operation("GET", TICKET + "/comments", ON_TICKET),
    "create_comment": Operation("POST", TICKET + "/comments", "401 201 404 201 201 201 401", {"description": "Wind"}),
    "get_comment": Operation("GET", COMMENT, ON_TICKET),
    "change_comment": Operation("PATCH", COMMENT, "401 200 404 403 403 200 401", {"description": "Wind"}, ANY),
    "delete_comment": Operation("DELETE", COMMENT, "401 403 404 403 403 204 401"),
    # --- Attachments: this one belongs to the owner's comment
    "list_attachments": Operation("GET", TICKET + "/attachments", ON_TICKET),
    "create_attachment": Operation("POST", TICKET + "/attachments", "401 201 404 201 201 201 401", upload=True),
    "get_attachment": Operation("GET", FILE, ON_TICKET),
    "download_attachment": Operation("GET", FILE + "/content", ON_TICKET),
    "delete_attachment": Operation("DELETE", FILE, "401 204 404 403 403 204 401"),
    # --- What tickets are sorted into
    "list_categories": Operation("GET", "/categories", MEMBERS_200),
    "list_teams": Operation("GET", "/teams", DESK_200),
    # --- Views: this one is the agent's, who shares it
    "list_views": Operation("GET", "/views", MEMBERS_200),
    "create_view": Operation("POST", "/views", MEMBERS_201, {"name": "Kites"}),
    "change_view": Operation("PATCH", "/views/{view}", "401 404 404 200 403 200 401", {"name": "Kites"}),
    "delete_view": Operation("DELETE", "/views/{view}", "401 404 404 204 403 204 401"),
    # --- Activity log
    "list_activity": Operation("GET", "/activity", SYSADMIN_200),
    "purge_activity": Operation("DELETE", "/activity?before=2020-01-01T00:00:00Z", SYSADMIN_200),
    "list_user_activity": Operation("GET", "/activity/users/{user}", SYSADMIN_200),
    "purge_user_activity": Operation("DELETE", "/activity/users/{user}?before=2020-01-01T00:00:00Z", SYSADMIN_200),
}
# What else one may try, beyond the table's one row for each operation.
FURTHER = {
    "a search": Operation("GET", "/tickets?q=Zeppelin", MEMBERS_200),
    "a ticket for somebody": Operation(
        "POST", "/tickets", "401 201 403 201 201 201 401", NEW | {"requester": 7_000_001}
    ),
    "a ticket for an agent": Operation(
        "POST", "/tickets", "401 403 403 201 201 201 401", NEW | {"assigned_agent": 7_000_003}
    ),
    "a ticket in a category": Operation("POST", "/tickets", MEMBERS_201, NEW | {"category": "{category}"}),
    "a ticket for a team": Operation("POST", "/tickets", "401 403 403 201 201 201 401", NEW | {"team": "{team}"}),
    "a ticket with tags": Operation("POST", "/tickets", "401 403 403 201 201 201 401", NEW | {"tags": ["kite"]}),
    "a category": Operation("PATCH", TICKET, ON_TICKET, {"category": "{category}"}, ANY),
    "a team": Operation("PATCH", TICKET, "401 403 404 200 200 200 401", {"team": "{team}"}, ANY),
    "tags": Operation("PATCH", TICKET, "401 403 404 200 200 200 401", {"tags": ["kite"]}, ANY),
    "being away": Operation("PATCH", "/users/me", "401 403 403 200 200 200 401", {"is_away": True}, ANY),
    "somebody who is away": Operation("PATCH", "/users/{agent}", SYSADMIN_200, {"is_away": True}, ANY),
    "a status": Operation("PATCH", TICKET, "401 403 404 200 200 200 401", {"status": "waiting"}, ANY),
    "an agent": Operation("PATCH", TICKET, "401 403 404 200 200 200 401", {"assigned_agent": None}, ANY),
    "a note": Operation(
        "POST", TICKET + "/comments", "401 403 404 201 201 201 401", {"description": "Air", "is_internal": True}
    ),
    "a reply that resolves": Operation(
        "POST", TICKET + "/comments", "401 403 404 201 201 201 401", {"description": "Air", "status": "resolved"}
    ),
    # The note is the agent's: its ticket's owner doesn't even learn that there is one.
    "reading a note": Operation("GET", TICKET + "/comments/{note}", "401 404 404 200 200 200 401"),
    "publishing a note": Operation(
        "PATCH", TICKET + "/comments/{note}", "401 404 404 200 403 200 401", {"is_internal": False}, ANY
    ),
    "a file for a comment": Operation(
        "POST", TICKET + "/attachments", "401 201 404 403 403 201 401", {"comment": "{comment}"}, upload=True
    ),
    "a file for a note": Operation(
        "POST", TICKET + "/attachments", "401 404 404 201 403 201 401", {"comment": "{note}"}, upload=True
    ),
    "a note's file": Operation("GET", TICKET + "/attachments/{note_file}", "401 404 404 200 200 200 401"),
    "downloading a note's file": Operation(
        "GET", TICKET + "/attachments/{note_file}/content", "401 404 404 200 200 200 401"
    ),
    "removing a note's file": Operation("DELETE", TICKET + "/attachments/{note_file}", "401 404 404 204 403 204 401"),
    "a shared view": Operation("POST", "/views", "401 403 403 201 201 201 401", {"name": "Kites", "is_shared": True}),
    "one's own account": Operation("GET", "/users/7000003", SYSADMIN_200),
}
