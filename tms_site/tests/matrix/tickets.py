"""Tickets, comments and views."""

from tms_site.tests.matrix.row import (
    DESK_200,
    DESK_302,
    DESK_405,
    MEMBERS_200,
    MEMBERS_302,
    MEMBERS_405,
    SYSADMIN_200,
    SYSADMIN_302,
    SYSADMIN_405,
    Row,
)

TICKET = "/tickets/{ticket}/"
# One that the agent shares.
VIEW = "/tickets/views/{view}/"
BULK = "/tickets/bulk/{bulk}/"
VIEW_200 = "login 404 404 200 403 200 login"
VIEW_302 = "login 404 404 302 403 302 login"
COMMENT = "/tickets/{ticket}/comments/{comment}/"

ROWS = {
    "tickets:list": Row("/tickets/", MEMBERS_200, MEMBERS_405),
    "tickets:mine": Row("/tickets/mine/", MEMBERS_200, MEMBERS_405),
    "tickets:assigned": Row("/tickets/assigned/", DESK_200, DESK_405),
    "tickets:people": Row("/tickets/people/?q=a", MEMBERS_200, MEMBERS_405),
    "tickets:palette": Row("/tickets/palette/?q=a", MEMBERS_200, MEMBERS_405),
    "tickets:tags": Row("/tickets/tags/?tags=a", DESK_200, DESK_405),
    "tickets:views": Row("/tickets/views/", MEMBERS_200, MEMBERS_405),
    "tickets:view_create": Row("/tickets/views/new/", MEMBERS_200, MEMBERS_302, {"name": "Kites", "parameters": ""}),
    "tickets:view_edit": Row(VIEW + "edit/", VIEW_200, VIEW_302, {"name": "Kites", "is_shared": "on"}),
    "tickets:view_move": Row(VIEW + "move/", MEMBERS_405, VIEW_302, {"direction": "up"}),
    # Everybody begins where they like, but with a view of their own.
    "tickets:view_default": Row(VIEW + "default/", MEMBERS_405, "login 404 404 302 403 403 login", {"default": "on"}),
    "tickets:view_delete": Row(VIEW + "delete/", VIEW_200, VIEW_302),
    "tickets:bulk": Row("/tickets/bulk/", DESK_302, DESK_200, {"action": "priority", "ticket": "{ticket}"}),
    # A run of the agent's: it's nobody else's business.
    "tickets:bulk_result": Row(BULK, "login 403 403 200 404 404 login", DESK_405),
    "tickets:bulk_undo": Row(BULK + "undo/", DESK_405, "login 403 403 302 404 404 login"),
    "tickets:leaving": Row(
        "/tickets/leaving/?user={agent}", SYSADMIN_200, SYSADMIN_302, {"user": "{agent}", "destination": "nobody"}
    ),
    "tickets:trash": Row("/tickets/trash/", SYSADMIN_200, SYSADMIN_405),
    "tickets:trashed": Row("/tickets/trash/{trashed}/", SYSADMIN_200, SYSADMIN_405),
    "tickets:restore": Row("/tickets/trash/{trashed}/restore/", SYSADMIN_405, SYSADMIN_302),
    "tickets:counts": Row("/tickets/counts/", MEMBERS_200, MEMBERS_405),
    "tickets:export": Row("/tickets/export.csv", MEMBERS_200, MEMBERS_405),
    "tickets:similar": Row("/tickets/similar/?title=Zeppelin", MEMBERS_200, MEMBERS_405),
    "tickets:create": Row(
        "/tickets/new/", MEMBERS_200, MEMBERS_302, {"title": "Kite", "description": "Wind", "priority": "low"}
    ),
    "tickets:new_draft": Row("/tickets/new/draft/", MEMBERS_405, MEMBERS_302, {"title": "Kite", "description": "Win"}),
    "tickets:new_draft_discard": Row("/tickets/new/draft/discard/", MEMBERS_405, MEMBERS_302),
    "tickets:draft": Row(
        TICKET + "draft/", MEMBERS_405, "login 302 404 302 302 302 login", {"description": "Win", "kind": "reply"}
    ),
    "tickets:draft_discard": Row(TICKET + "draft/discard/", MEMBERS_405, "login 302 404 302 302 302 login"),
    "tickets:detail": Row(
        TICKET, "login 200 404 200 200 200 login", "login 302 404 302 302 302 login", {"priority": "high"}
    ),
    "tickets:edit": Row(
        TICKET + "edit/",
        "login 200 404 200 200 200 login",
        "login 302 404 302 302 302 login",
        {"title": "Kite", "description": "Wind", "priority": "low", "version": "2"},
    ),
    "tickets:delete": Row(TICKET + "delete/", "login 403 404 403 403 200 login", "login 403 404 403 403 302 login"),
    "tickets:assign_me": Row(TICKET + "assign-me/", MEMBERS_405, "login 403 404 302 302 302 login"),
    "tickets:hand_over": Row(
        TICKET + "hand-over/",
        "login 403 404 200 200 200 login",
        "login 403 404 302 302 302 login",
        {"team": "", "assigned_agent": "", "note": "Wind"},
    ),
    "tickets:unassign": Row(TICKET + "unassign/", MEMBERS_405, "login 403 404 302 302 302 login"),
    "tickets:resolve_again": Row(TICKET + "resolve-again/", MEMBERS_405, "login 403 404 302 302 302 login"),
    "tickets:link_add": Row(
        TICKET + "links/",
        "login 403 404 200 200 200 login",
        "login 403 404 302 302 302 login",
        {"relation": "blocks", "number": "{other}"},
    ),
    "tickets:link_remove": Row(TICKET + "links/{link}/remove/", MEMBERS_405, "login 403 404 302 302 302 login"),
    "tickets:merge": Row(
        TICKET + "merge/",
        "login 403 404 200 200 200 login",
        "login 403 404 302 302 302 login",
        {"direction": "here", "numbers": "{other}"},
    ),
    "tickets:merge_undo": Row(TICKET + "merges/{merge}/undo/", MEMBERS_405, "login 403 404 302 302 302 login"),
    "tickets:split": Row(
        COMMENT + "split/",
        "login 403 404 200 200 200 login",
        "login 403 404 302 302 302 login",
        {"title": "Kite", "description": "Wind"},
    ),
    # It isn't resolved: nobody follows it up.
    "tickets:follow_up": Row(
        TICKET + "follow-up/",
        "login 403 404 403 403 403 login",
        "login 403 404 403 403 403 login",
        {"title": "Kite", "description": "Wind"},
    ),
    "tickets:rate": Row(
        "/tickets/{rated}/rate/",
        "login 200 404 403 403 403 login",
        "login 302 404 403 403 403 login",
        {"value": "good", "text": "Thanks"},
    ),
    "tickets:comment_add": Row(
        TICKET + "comments/", MEMBERS_405, "login 302 404 302 302 302 login", {"description": "Wind"}
    ),
    "tickets:comment_edit": Row(
        COMMENT + "edit/",
        "login 200 404 403 403 200 login",
        "login 302 404 403 403 302 login",
        {"description": "Wind", "version": "1"},
    ),
    # The note is the agent's: its ticket's owner doesn't even learn that there is one.
    "tickets:comment_publish": Row(
        TICKET + "comments/{note}/publish/", "login 404 404 200 403 200 login", "login 404 404 302 403 302 login"
    ),
    "tickets:comment_delete": Row(
        COMMENT + "delete/", "login 403 404 403 403 200 login", "login 403 404 403 403 302 login"
    ),
}
