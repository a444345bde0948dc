"""What one may do to a comment, as links at the right of its head.

Load with ``{% load comment_actions %}``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from activity.timeline.events import Event
from tms_site.templatetags.tms import icon

register = template.Library()


class Action(NamedTuple):
    """A link: the attribute of an event that offers it, where it leads, and whether it opens in a dialog.

    `of_note` is what it says at an internal note, so that nobody takes that for a reply.
    """

    permission: str
    view_name: str
    icon: str
    label: str | Promise
    of_note: str | Promise
    in_dialog: bool = False


ACTIONS: Final = (
    Action(
        "may_publish",
        "tickets:comment_publish",
        "lock-open",
        # A reply is public: no event offers this of one.
        "",
        _("Make the note by %(who)s public"),
        in_dialog=True,
    ),
    Action(
        "may_split",
        "tickets:split",
        "scissors",
        _("Make the comment by %(who)s and all after it a ticket of its own"),
        _("Make the note by %(who)s and all after it a ticket of its own"),
    ),
    Action(
        "may_edit",
        "tickets:comment_edit",
        "pencil",
        _("Edit the comment by %(who)s"),
        _("Edit the internal note by %(who)s"),
    ),
    Action(
        "may_delete",
        "tickets:comment_delete",
        "trash",
        _("Delete the comment by %(who)s"),
        _("Delete the internal note by %(who)s"),
        in_dialog=True,
    ),
)
ICON_SIZE: Final = 15


@register.simple_tag
def comment_actions(event: Event) -> SafeString | str:
    """Return the links of an event that's a comment; nothing where one may do nothing."""
    links = [_link(action, event) for action in ACTIONS if getattr(event, action.permission)]
    if not links:
        return ""
    return format_html(
        '<span class="comment-actions">{}</span>', format_html_join("", "{}", ((link,) for link in links))
    )


def _link(action: Action, event: Event) -> SafeString:
    url = reverse(action.view_name, args=[event.ticket.pk, event.position.pk])
    is_note = event.comment is not None and event.comment.is_internal
    dialog = format_html(' hx-get="{}" hx-target="#dialog-slot" hx-swap="innerHTML"', url) if action.in_dialog else ""
    return format_html(
        '<a class="btn btn-ghost btn-icon btn-sm" href="{}"{}>{}<span class="visually-hidden">{}</span></a>',
        url,
        dialog,
        icon(action.icon, ICON_SIZE),
        str(action.of_note if is_note else action.label) % {"who": event.who},
    )
