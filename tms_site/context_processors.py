"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from accounts import policies as account_policies
from accounts.actors import Actor
from activity import policies as activity_policies
from tickets import policies as ticket_policies
from tickets.navigation import rail_views
from tms_site.lib.permissions import Decision
from tms_site.lib.request_id import get_request_id


class GlobalPermissions:
    """What the visitor may do whatever the page is about, for templates: `{% if can_do.create_ticket %}`."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    @cached_property
    def create_ticket(self) -> Decision:
        """Open a ticket."""
        return ticket_policies.can_create(self._actor)

    @cached_property
    def list_assigned(self) -> Decision:
        """See the tickets that are assigned to oneself."""
        return ticket_policies.can_list_assigned(self._actor)

    @cached_property
    def use_replies(self) -> Decision:
        """Use and keep canned replies."""
        return ticket_policies.can_use_replies(self._actor)

    @cached_property
    def see_dashboard(self) -> Decision:
        """See the dashboard."""
        return ticket_policies.can_see_dashboard(self._actor)

    @cached_property
    def see_activity(self) -> Decision:
        """Read the activity log."""
        return activity_policies.can_see_log(self._actor)

    @cached_property
    def see_trash(self) -> Decision:
        """See deleted tickets."""
        return ticket_policies.can_see_trash(self._actor)

    @cached_property
    def manage_webhooks(self) -> Decision:
        """Keep webhooks."""
        return activity_policies.can_manage_webhooks(self._actor)

    @cached_property
    def open_admin(self) -> Decision:
        """Open Django's admin."""
        return account_policies.can_list_users(self._actor)


def page(request: HttpRequest) -> dict[str, Any]:
    """Give every page its permissions, its left rail and its request id."""
    context: dict[str, Any] = {"request_id": get_request_id()}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    return context | {
        "can_do": GlobalPermissions(user),
        "rail_views": SimpleLazyObject(lambda: rail_views(user, request)),
    }
