"""Users in Django's admin: every write goes through the services, so the log knows who did it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as django_delete_selected
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import policies, services
from accounts.actors import request_user
from accounts.errors import MOST_LEAVERS, LastSysAdmin, TooManyLeavers
from accounts.forms import in_words, send_password_link
from accounts.models import User
from accounts.passwords import validate_new_password
from accounts.querysets import UserQuerySet
from accounts.services.sysadmins import keep_a_sysadmin
from accounts.time_zones import TimeZoneField
from tms_site.lib.admin import (
    ActivityHistoryMixin,
    DateHierarchyMixin,
    LookupAdmin,
    ServiceAdminMixin,
    VersionedForm,
    explained,
)
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction

NEW_ACCOUNT_FIELDS = ("email", "username", "role", "is_active", "time_zone", "theme")
ACCOUNT_FIELDS = (*NEW_ACCOUNT_FIELDS, "is_away")


class UserForm(VersionedForm):
    """What a SysAdmin changes about a user."""

    class Meta:
        model = User
        fields = ACCOUNT_FIELDS

    time_zone = TimeZoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("time_zone")
        if isinstance(field, TimeZoneField):
            field.keep(self.instance.time_zone)


class NewUserForm(UserForm):
    """A new user, with a password or without."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty, and the user, if active, gets a mail with a link to choose one."),
    )

    def clean(self) -> dict[str, Any] | None:
        """Check the password against the person's other fields."""
        data = super().clean()
        password = self.cleaned_data.get("password")
        if password:
            person = User(email=self.cleaned_data.get("email", ""), username=self.cleaned_data.get("username", ""))
            try:
                validate_new_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


@admin.register(User)
class UserAdmin(ActivityHistoryMixin, DateHierarchyMixin, ServiceAdminMixin, LookupAdmin):
    """Create, change, deactivate, anonymise and delete users."""

    form = UserForm
    list_display = ("email", "username", "role", "is_active", "date_joined", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "username")
    search_help_text = _("Search by e-mail address or name")
    date_hierarchy = "date_joined"
    ordering = ("username", "pk")
    list_per_page = 50
    readonly_fields = ("date_joined", "last_login")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", "username", "role", "is_active", "is_away", "version")}),
        (_("Preferences"), {"fields": ("time_zone", "theme")}),
        (_("Dates"), {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", "username", "role", "is_active", "password")}),
        (_("Preferences"), {"fields": ("time_zone", "theme")}),
    )
    actions = ("deactivate", "activate", "send_password_link", "remove_second_factor", "anonymise", "delete_selected")

    # --- Who may ---------------------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Ask the policy."""
        if obj is None:
            return bool(policies.can_list_users(request_user(request)))
        return bool(policies.can_view_user(request_user(request), obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask the policy."""
        return bool(policies.can_create_user(request_user(request)))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Ask the policy."""
        return bool(
            policies.can_list_users(request_user(request))
            if obj is None
            else policies.can_change_user(request_user(request), obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Ask the policy."""
        return bool(
            policies.can_list_users(request_user(request))
            if obj is None
            else policies.can_delete_user(request_user(request), obj)
        )

    # --- One user --------------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form for a new user, or for one that exists."""
        if obj is None:
            kwargs["form"] = NewUserForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Return the fields of a new user, or of one that exists."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Create or change the user through the service."""
        data = form.cleaned_data
        if change:
            changes = {name: data[name] for name in ACCOUNT_FIELDS}
            if not data["is_active"]:
                _check_leaver(obj)
            try:
                services.change_user(actor=request_user(request), user=obj, version=data["version"], changes=changes)
            except EditConflict as conflict:
                raise explained(conflict, in_words) from conflict
            return
        fields = {name: data[name] for name in NEW_ACCOUNT_FIELDS}
        user = services.create_user(actor=request_user(request), password=data["password"] or None, **fields)
        # The rest of the admin's page goes on with `obj`.
        obj.__dict__.update(user.__dict__)
        if not data["password"]:
            transaction.on_commit(lambda: send_password_link(request, user))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask and delete, or say why this user may not be deleted: Django only knows that they may not."""
        user = self.get_object(request, object_id)
        if user is not None:
            require(policies.can_delete_user(request_user(request), user))
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete the user through the service."""
        services.delete_user(actor=request_user(request), user=obj)

    def history_address(self, obj: User) -> str:
        """Return where the log tells what the user did."""
        return reverse("activity:user", args=[obj.pk])

    # --- Several users ---------------------------------------------------------------------------------------------

    @admin.action(description=_("Deactivate: they can't log in, all else stays"))
    def deactivate(self, request: HttpRequest, queryset: UserQuerySet) -> HttpResponse | None:
        """Deactivate the users and say what came of it; ask first where the open tickets of agents go."""
        if not queryset.active().with_open_tickets().exists():
            self._each(request, queryset, services.deactivate_user, gettext("deactivated"))
            return None
        leavers = list(queryset.values_list("pk", flat=True)[: MOST_LEAVERS + 1])
        if len(leavers) > MOST_LEAVERS:
            messages.error(request, str(TooManyLeavers()))
            return None
        try:
            keep_a_sysadmin(leavers)
        except LastSysAdmin:
            messages.error(request, gettext("Nobody was deactivated: no active SysAdmin would be left."))
            return None
        return HttpResponseRedirect(_leaving_page(*leavers))

    @admin.action(description=_("Activate: they can log in again"))
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Activate the users and say what came of it."""
        self._each(request, queryset, services.activate_user, gettext("activated"))

    @admin.action(description=_("Send a link to set a new password"))
    def send_password_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Send each active user a link."""
        sent = sum(send_password_link(request, user) for user in queryset)
        text = ngettext("Sent %(count)d mail.", "Sent %(count)d mails.", sent) % {"count": sent}
        messages.success(request, text)

    @admin.action(description=_("Remove the second factor, for people who have lost it"))
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Remove the second factor of the users and say what came of it."""
        self._each(request, queryset, services.remove_second_factor, gettext("without a second factor"))

    @admin.action(description=_("Anonymise: remove name and address for good"), permissions=["delete"])
    def anonymise(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Ask first, then anonymise the users and say what came of it."""
        if request.POST.get("confirmed"):
            self._each(request, queryset, services.anonymise_user, gettext("anonymised"))
            return None
        context = self.admin_site.each_context(request) | {
            "title": gettext("Anonymise these users?"),
            "opts": self.opts,
            "users": queryset,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/accounts/user/anonymise.html", context)

    @admin.action(description=_("Delete"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Ask first, then delete all of the users or, if a service refuses, none."""
        delete = write_transaction(django_delete_selected)
        try:
            return delete(self, request, queryset)
        except ServiceError as error:
            messages.error(request, gettext("Nothing was deleted. %(reason)s") % {"reason": error})
        return None

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete each user through the service."""
        for user in queryset:
            try:
                services.delete_user(actor=request_user(request), user=user)
            except ServiceError as error:
                raise ServiceError(f"{user}: {error}") from error

    def _each(self, request: HttpRequest, queryset: QuerySet[User], service: Callable[..., User], done: str) -> None:
        for user in queryset:
            try:
                service(actor=request_user(request), user=user)
            except (ServiceError, ValidationError) as error:
                messages.error(request, f"{user}: {_reason(error)}")
            else:
                messages.success(request, gettext("%(user)s is %(done)s.") % {"user": user, "done": done})


def _leaving_page(*numbers: int) -> str:
    """Return the address of the page that asks where the tickets of these people go, and deactivates them."""
    return f"{reverse('tickets:leaving')}?{urlencode({'user': numbers}, doseq=True)}"


def _check_leaver(user: User) -> None:
    """Refuse to deactivate the last SysAdmin, and whoever has open tickets: lead to where it's asked for them."""
    keep_a_sysadmin([user.pk], field="is_active")
    if not User.objects.active().with_open_tickets().filter(pk=user.pk).exists():
        return
    link = format_html('<a href="{}">{}</a>', _leaving_page(user.pk), gettext("Say who gets them and deactivate"))
    words = format_html("{} {}", gettext("This agent works on open tickets."), link)
    raise ValidationError({"is_active": words}, code="has_open_tickets")


def _reason(error: ServiceError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
