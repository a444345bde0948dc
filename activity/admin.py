"""The log in Django's admin: to read and search. Nothing there changes it, but for the link to the purge."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actors import request_user
from activity import policies
from activity.models import ActivityLog
from activity.querysets import ActivityQuerySet
from activity.seals import is_intact
from tms_site.lib.admin import DateHierarchyMixin, LookupAdmin


@admin.register(ActivityLog)
class ActivityLogAdmin(DateHierarchyMixin, LookupAdmin):
    """Read-only, for everybody and for good."""

    list_display = ("activity_date", "user_label", "activity_type", "details", "ticket_id")
    list_display_links = ("details",)
    list_filter = ("activity_type", "target_type")
    search_fields = ("user_label", "details", "target_label", "=ticket_id", "=request_id")
    search_help_text = _("Search by user, sentence, ticket number or request id")
    date_hierarchy = "activity_date"
    ordering = ("-pk",)
    list_per_page = 50
    fields = (
        "activity_date",
        "user",
        "user_label",
        "activity_type",
        "details",
        "target_type",
        "target_id",
        "target_label",
        "ticket_id",
        "changes",
        "request_id",
        "is_intact",
    )
    actions = None

    @admin.display(description=_("As TMS wrote it"), boolean=True)
    def is_intact(self, entry: ActivityLog) -> bool:
        """Tell whether the entry still is what TMS wrote."""
        return is_intact(entry)

    def get_queryset(self, request: HttpRequest) -> ActivityQuerySet:
        """Return what the visitor may see; the list's rows don't need the changes, an entry's page loads them."""
        return ActivityLog.objects.visible_to(request_user(request)).for_list()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Ask the policy."""
        return bool(policies.can_see_log(request_user(request)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the policy."""
        return bool(policies.can_see_log(request_user(request)))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes the log by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes the log."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Single entries can't be deleted: the purge takes old ones together and leaves word of it."""
        return False
