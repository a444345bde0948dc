"""Pages about oneself that allauth doesn't have."""

from __future__ import annotations

import copy

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.actors import request_user
from accounts.forms import ProfileForm
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import ServiceError


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name, time zone and theme, and lead to password, second factor and sessions."""
    user = request_user(request)
    # A copy, because a form writes what was typed into its user, and the page still shows the one who's logged in.
    form = ProfileForm(request.POST or None, instance=copy.copy(user))
    if request.method != "POST":
        return _profile_page(request, form)
    if not form.is_valid():
        return _profile_page(request, form, status=422)
    try:
        version = form.cleaned_data["version"]
        services.update_profile(actor=user, user=user, version=version, changes=form.changes())
    except EditConflict as conflict:
        form.show_conflict(conflict)
        return _profile_page(request, form, status=409)
    except ServiceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Your profile is saved."))
    return redirect("account_profile")


@require_safe
def email(request: HttpRequest) -> HttpResponse:
    """Lead to the profile: everybody has one address, and SysAdmins change it."""
    return redirect("account_profile")


def _profile_page(request: HttpRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "has_second_factor": is_mfa_enabled(request_user(request))}
    return render(request, "accounts/profile.html", context, status=status)
