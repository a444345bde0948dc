"""The left rail.

Load with ``{% load rail %}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tms_site.lib.paths import path_of
from tms_site.lib.rail import RailLink
from tms_site.templatetags.tms import remembered

if TYPE_CHECKING:
    from tms_site.context_processors import GlobalPermissions

register = template.Library()

# What one may (an attribute of `can_do`; none: everybody), where it leads, its words and its icon.
Entry = tuple[str, str, str | Promise, str]
_TOOLS: Final[tuple[Entry, ...]] = (
    ("", "tickets:views", _("Manage views"), "adjustments-horizontal"),
    ("use_replies", "tickets:replies", _("Canned replies"), "chat-bubble-bottom-center-text"),
)
_HOUSE: Final[tuple[Entry, ...]] = (
    ("see_dashboard", "dashboard", _("Dashboard"), "chart-bar"),
    ("see_activity", "activity:list", _("Activity"), "clock"),
    ("manage_webhooks", "webhooks:list", _("Webhooks"), "bolt"),
    ("", "permissions", _("Permissions"), "shield-check"),
    ("see_trash", "tickets:trash", _("Trash"), "trash"),
    ("open_admin", "admin:index", _("Administration"), "cog-6-tooth"),
)
_HOME: Final[tuple[Entry, ...]] = (("", "tickets:mine", _("Home"), "home"),)


@register.simple_tag(takes_context=True)
def rail(context: Context) -> SafeString | str:
    """Return the left rail of a page: views of tickets, then the rest of the house; nothing before log-in."""
    if "can_do" not in context:
        return ""
    can_do, path = context["can_do"], context["request"].path
    return remembered(
        "includes/rail.html",
        home=() if can_do.list_assigned else tuple(_links(_HOME, can_do, path)),
        views=tuple(context["rail_views"]),
        tools=tuple(_links(_TOOLS, can_do, path)),
        house=tuple(_links(_HOUSE, can_do, path)),
        counts_url=path_of("tickets:counts"),
    )


def _links(entries: Iterable[Entry], can_do: GlobalPermissions, path: str) -> Iterator[RailLink]:
    for permission, name, label, icon in entries:
        if not permission or getattr(can_do, permission):
            url = path_of(name)
            yield RailLink(url, str(label), icon, active=path == url)
