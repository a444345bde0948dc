"""Django's admin for SysAdmins: TMS's own log-in, TMS's own rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import policies
from accounts.actors import request_user
from tms_site.lib.permissions import require
from tms_site.lib.redirects import is_safe_path

# Parameters that hold text, not numbers; and the digits of the largest number that a database keeps.
SEARCHES = ("q", "term")
NUMBER_DIGITS_MAX = 18
# What allauth and Django bring along: written by TMS's services only, so it has no pages of its own.
HIDDEN_APPS = frozenset({"auth", "account", "mfa", "usersessions"})


class TmsAdminSite(admin.AdminSite):
    """The admin. Who may open it is a policy; its log-in is that of the pages, with the same limits.

    docs/security.md, row 14.
    """

    site_header = _("TMS administration")
    site_title = _("TMS")
    index_title = _("What to look after")
    enable_nav_sidebar = True

    def register(
        self,
        model_or_iterable: ModelBase | Iterable[ModelBase],
        admin_class: type[admin.ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Register models, except those that only services write."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        shown = [model for model in models if model._meta.app_label not in HIDDEN_APPS]  # type: ignore[attr-defined]
        super().register(shown, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the visitor may open the admin."""
        return request.user.is_authenticated and bool(policies.can_list_users(request.user))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a view so that other roles get 403 with the reason instead of a second log-in."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(policies.can_list_users(request_user(request)))
            _refuse_huge_numbers(request)
            response: HttpResponse = guarded(request, *args, **kwargs)
            return response

        return inner

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the log-in page, and back to the admin afterwards."""
        target = request.GET.get("next") or reverse("admin:index")
        if not is_safe_path(target):
            target = reverse("admin:index")
        if request.user.is_authenticated:
            require(policies.can_list_users(request.user))
            return redirect(target)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the page that changes one's password through the service, with its limits."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the same page: there is nothing else here."""
        return redirect("account_change_password")

    @method_decorator(never_cache)
    @method_decorator(require_POST)
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """End the session and lead to the log-in page."""
        logout(request)
        return redirect("account_login")


def _refuse_huge_numbers(request: HttpRequest) -> None:
    # The list's filters hand them on to functions of C, which fail.
    filters = [value for name, values in request.GET.lists() if name not in SEARCHES for value in values]
    if any(len(str(value)) > NUMBER_DIGITS_MAX and str(value).removeprefix("-").isdigit() for value in filters):
        raise BadRequest
