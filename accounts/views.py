"""Pages about oneself that allauth doesn't have."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.actors import request_user
from accounts.forms import ProfileForm
from accounts.services.second_factor import record_second_factor, use_code
from accounts.services.ways_in import end_session as end_one_session
from accounts.session_names import session_number
from tms_site.lib.browsers import browser_in_words
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import ServiceError
from tms_site.lib.forms import render_form
from tms_site.lib.once import once

View = Callable[..., HttpResponseBase]


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change what everybody may of themself, and lead to password, second factor and sessions."""
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


def told_with_its_change(view: View) -> View:
    """Run a view of allauth's that may change the second factor in one transaction with what the log says about it.

    allauth's own signals come after the commit, too late for a log that must not miss anything.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        user = request_user(request)
        with transaction.atomic():
            had_one = is_mfa_enabled(user)
            response = view(request, *args, **kwargs)
            has_one = is_mfa_enabled(user)
            if has_one != had_one:
                # The code that proved a new one counts as used.
                use_code(user, request.POST.get("code", ""))
                record_second_factor(actor=user, user=user, has_one=has_one)
        return response

    return wrapper


activate_totp = told_with_its_change(totp_views.activate_totp)
deactivate_totp = told_with_its_change(totp_views.deactivate_totp)
generate_recovery_codes = told_with_its_change(recovery_views.generate_recovery_codes)


@require_POST
@once("usersessions_list")
def end_session(request: HttpRequest, name: str) -> HttpResponse:
    """End one of one's sessions, or say that it's over already; 404 for one that is somebody else's, or none."""
    actor = request_user(request)
    number = session_number(name, actor)
    if number is None:
        raise Http404
    try:
        ended = end_one_session(actor=actor, session_id=number, present=request.session.session_key)
    except ServiceError as error:
        messages.error(request, str(error))
        return redirect("usersessions_list")
    if ended is None:
        messages.info(request, gettext("This session was over already."))
    else:
        words = gettext("The session of %(browser)s has ended.")
        messages.success(request, words % {"browser": browser_in_words(ended.user_agent)})
    return redirect("usersessions_list")


@require_safe
def email(request: HttpRequest) -> HttpResponse:
    """Lead to the profile: everybody has one address, and SysAdmins change it."""
    return redirect("account_profile")


def _profile_page(request: HttpRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "has_second_factor": is_mfa_enabled(request_user(request))}
    return render_form(request, "accounts/profile.html", context, status=status)
