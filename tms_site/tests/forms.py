"""Every form that people send, with values that are accepted: tests put others in their place."""

from urllib.parse import quote, urlencode

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
SORTED = {"category": "", "team": "", "tags": "wind, 2nd floor"}
NEWCOMER = {"email": "kite@example.com", "username": "Kite", "password1": "Unheard-of-1"}
BULK = {"action": "tag", "chosen": "1:1", "value": "wind", "query": ""}
BULK_DELETION = {"action": "delete", "chosen": "1:1", "confirmation": "0", "step": "run"}
# Who sends which form where, with the values of a form that would be accepted.
FORMS = {
    "new ticket": ("owner", "/tickets/new/", NEW | {"client_token": "abc"}),
    "new ticket of an agent": ("agent", "/tickets/new/", NEW | SORTED | {"requester": "", "assigned_agent": ""}),
    "quick form": ("agent", TICKET, QUICK | SORTED),
    "edited ticket": ("owner", TICKET + "edit/", NEW | {"category": "", "version": "2", "client_token": "abc"}),
    "handing over": (
        "agent",
        TICKET + "hand-over/",
        {"team": "", "assigned_agent": "", "note": "Wind", "version": "2"},
    ),
    "assignment": ("agent", TICKET + "assign-me/", {"version": "2"}),
    "canned reply": (
        "agent",
        "/tickets/replies/new/",
        {"name": "Kite", "shortcut": "kite", "body": "Wind", "status": "", "priority": "", "assignment": ""}
        | {"assigned_agent": "", "tags": "kite, wind", "client_token": "abc"},
    ),
    "comment of an agent": (
        "agent",
        TICKET + "comments/",
        {"description": "Wind", "kind": "note", "status": "", "macro": "", "client_token": "abc"},
    ),
    "comment": ("owner", TICKET + "comments/", {"description": "Wind", "client_token": "abc"}),
    "draft": ("agent", TICKET + "draft/", {"description": "Win", "kind": "note", "client_token": "abc"}),
    "draft of a ticket": (
        "owner",
        "/tickets/new/draft/",
        {"title": "Kite", "description": "Win", "client_token": "abc"},
    ),
    "edited comment": ("owner", COMMENT + "edit/", {"description": "Wind", "version": "1"}),
    "link": ("agent", TICKET + "links/", {"relation": "blocks", "number": "1", "client_token": "abc"}),
    "merge": ("agent", TICKET + "merge/", {"direction": "here", "numbers": "1", "client_token": "abc"}),
    "split": ("agent", COMMENT + "split/", {"title": "Kite", "description": "Wind", "client_token": "abc"}),
    "bulk selection": ("agent", "/tickets/bulk/", {"action": "priority", "ticket": "1", "query": "status=open"}),
    "bulk preview": ("agent", "/tickets/bulk/", BULK | {"step": "preview"}),
    "bulk run": ("agent", "/tickets/bulk/", BULK | {"step": "run", "client_token": "abc"}),
    "bulk deletion": ("sysadmin", "/tickets/bulk/", BULK_DELETION),
    "leaving": ("sysadmin", "/tickets/leaving/", {"user": "7000003", "destination": "nobody", "agent": ""}),
    "rating": ("owner", "/tickets/{rated}/rate/", {"value": "good", "text": "Thanks"}),
    "profile": (
        "owner",
        "/accounts/profile/",
        {"version": "1", "username": "Kite", "time_zone": "UTC", "theme": "dark", "shortcuts": "on"},
    ),
    "personal token": (
        "owner",
        "/accounts/tokens/",
        {"name": "Kite", "scope": "read", "days": "30", "client_token": "abc"},
    ),
    "purge": ("sysadmin", "/activity/purge/", {"before": "2020-01-01", "user": "", "confirm": "on"}),
    "log-in": ("anonymous", "/accounts/login/", {"login": "owner@example.com", "password": PASSWORD}),
    "sign-up": ("anonymous", "/accounts/signup/", NEWCOMER),
    "forgotten password": ("anonymous", "/accounts/password/reset/", {"email": "owner@example.com"}),
    "new password": ("owner", "/accounts/password/change/", {"oldpassword": PASSWORD, **NEW_PASSWORD}),
    "password again": ("owner", "/accounts/reauthenticate/", {"password": PASSWORD}),
}
