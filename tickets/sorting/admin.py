"""Teams, categories and tags in Django's admin; the services write them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actors import request_user
from accounts.models import User
from tickets.sorting import services
from tickets.sorting.models import Category, Tag, Team
from tms_site.lib.admin import LookupAdmin, ServiceAdminMixin, VersionedForm


class TeamForm(VersionedForm):
    """A team and who belongs to it."""

    members = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=User.objects.none(), required=False,
        widget=FilteredSelectMultiple(_("members"), is_stacked=False),
    )  # fmt: skip

    class Meta:
        model = Team
        fields = ("name", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.assignable()
        if self.instance.pk:
            self.initial["members"] = list(self.instance.memberships.values_list("user_id", flat=True))
            people |= User.objects.filter(pk__in=self.initial["members"])
        self.fields["members"].queryset = people.order_by("username", "pk")  # type: ignore[attr-defined] # as above


class ShelfAdmin(ServiceAdminMixin, LookupAdmin):
    """What the admins of teams and categories share."""

    list_per_page = 50
    # Each is deleted on a page of its own, which says why it can't be.
    actions = None
    own_fields = ("version", "members")


@admin.register(Team)
class TeamAdmin(ShelfAdmin):
    """Make, change, deactivate and delete teams."""

    form = TeamForm
    fields = ("name", "is_active", "members", "version")
    list_display = ("name", "is_active", "size")
    list_filter = ("is_active",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """Count the members along."""
        teams: QuerySet[Team] = super().get_queryset(request).annotate(size=Count("memberships"))
        return teams

    @admin.display(description=_("members"))
    def size(self, team: Any) -> int:
        """Return how many members the team has."""
        return int(team.size)

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        """Make or change the team through the service."""
        actor, data = request_user(request), form.cleaned_data
        values = {name: data[name] for name in services.TEAM_FIELDS}
        if change:
            services.change_team(actor=actor, team=obj, changes=values, version=data["version"])
            return
        obj.__dict__.update(services.create_team(actor=actor, **values).__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has written the members."""

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        """Delete the team through the service."""
        services.delete_team(actor=request_user(request), team=obj)


@admin.register(Category)
class CategoryAdmin(ShelfAdmin):
    """Make, change, deactivate and delete categories."""

    form = VersionedForm
    fields = ("name", "description", "is_active", "position", "default_team", "default_priority", "version")
    list_display = ("name", "is_active", "position", "default_team", "default_priority")
    list_filter = ("is_active", "default_team")
    list_select_related = ("default_team",)
    ordering = ("position", "name")

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        """Make or change the category through the service."""
        actor, data = request_user(request), form.cleaned_data
        values = {name: data[name] for name in services.CATEGORY_FIELDS}
        if change:
            services.change_category(actor=actor, category=obj, changes=values, version=data["version"])
            return
        obj.__dict__.update(services.create_category(actor=actor, **values).__dict__)

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        """Delete the category through the service."""
        services.delete_category(actor=request_user(request), category=obj)


@admin.register(Tag)
class TagAdmin(LookupAdmin):
    """All tags, to read: they come into being when tickets get them."""

    list_display = ("name",)
    search_fields = ("name",)
    ordering = ("name",)
    list_per_page = 50
    fields: ClassVar[Any] = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A tag begins with its first ticket."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Another name would be another tag: the log keeps what tickets were called by."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Take it from its tickets instead."""
        return False
