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
REPLY = "/tickets/replies/{reply}/"
VIEW = "/tickets/views/{view}/"
WEBHOOK = "/webhooks/{webhook}/"
HOOK = {"name": "Kite", "url": "https://kites.example.com/", "events": "ticket.created", "with_notes": "on"}
KITES = {"name": "Kites", "parameters": "q=kite"}
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
    "changed canned reply": (
        "agent",
        REPLY + "edit/",
        {"name": "Kite", "shortcut": "kite", "body": "Wind", "version": "1"},
    ),
    "inserted canned reply": (
        "agent",
        TICKET + "insert-reply/",
        {"reply": "{reply}", "at": "1", "description": "Wind", "kind": "note", "macro": "", "seen": "0"}
        | {"client_token": "abc"},
    ),
    "view": ("agent", "/tickets/views/new/", KITES | {"is_shared": "on", "client_token": "abc"}),
    "changed view": ("agent", VIEW + "edit/", KITES | {"version": "1"}),
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
    "bulk selection": ("agent", "/tickets/bulk/", {"action": "priority", "ticket": "{ticket}", "query": "status=open"}),
    "bulk preview": (
        "agent",
        "/tickets/bulk/",
        {"action": "tag", "ticket": "{ticket}", "value": "wind", "query": "", "step": "preview"},
    ),
    "bulk run": ("agent", "/tickets/bulk/", BULK | {"step": "run", "client_token": "abc"}),
    "bulk deletion": ("sysadmin", "/tickets/bulk/", BULK_DELETION),
    "leaving": ("sysadmin", "/tickets/leaving/", {"user": "7000003", "destination": "nobody", "agent": ""}),
    "rating": ("owner", "/tickets/{rated}/rate/", {"value": "good", "text": "Thanks", "client_token": "abc"}),
    "webhook": ("sysadmin", "/webhooks/new/", HOOK | {"client_token": "abc"}),
    "changed webhook": ("sysadmin", WEBHOOK + "edit/", HOOK | {"version": "1"}),
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
# Forms of hardly more than a button.
TOKEN = {"client_token": "abc"}
BUTTON = TOKEN | {"version": "2"}
BUTTONS = {
    "deletion of a ticket": ("sysadmin", TICKET + "delete/", BUTTON),
    "deletion of a comment": ("sysadmin", COMMENT + "delete/", BUTTON),
    "deletion of a file": ("owner", TICKET + "attachments/{file}/delete/", TOKEN),
    "deletion of a canned reply": ("agent", REPLY + "delete/", TOKEN),
    "deletion of a view": ("agent", VIEW + "delete/", TOKEN),
    "deletion of a webhook": ("sysadmin", WEBHOOK + "delete/", TOKEN),
    "publication of a note": ("agent", TICKET + "comments/{note}/publish/", BUTTON),
    "unassignment": ("agent", TICKET + "unassign/", BUTTON),
    "another resolution": ("agent", TICKET + "resolve-again/", BUTTON),
    "removal of a link": ("agent", TICKET + "links/{link}/remove/", TOKEN),
    "undone merge": ("agent", TICKET + "merges/{merge}/undo/", TOKEN),
    "undone bulk action": ("agent", "/tickets/bulk/{bulk}/undo/", TOKEN),
    "restored ticket": ("sysadmin", "/tickets/trash/{trashed}/restore/", TOKEN),
    "discarded draft": ("agent", TICKET + "draft/discard/", TOKEN),
    "discarded draft of a ticket": ("owner", "/tickets/new/draft/discard/", TOKEN),
    "watching": ("agent", TICKET + "watch/", {"watch": "on"} | TOKEN),
    "moved view": ("agent", VIEW + "move/", {"direction": "up"}),
    "view by default": ("agent", VIEW + "default/", {"default": "on"}),
    "new secret": ("sysadmin", WEBHOOK + "secret/", TOKEN),
    "test of a webhook": ("sysadmin", WEBHOOK + "test/", TOKEN),
    "another delivery": ("sysadmin", WEBHOOK + "deliveries/{delivery}/again/", TOKEN),
    "log-out": ("owner", "/accounts/logout/", {}),
    "end of sessions": ("owner", "/accounts/sessions/", {"session": "1"}),
    "end of one session": ("owner", "/accounts/sessions/{session}/end/", TOKEN),
}
