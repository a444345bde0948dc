"""Checking who wants tokens: the very forms of the log-in pages, so that limits, failures and factors are the same."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import has_verified_email
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import policies
from accounts.errors import WRONG_CREDENTIALS
from accounts.forms import AuthenticateForm, LoginForm, addresses_are_verified
from accounts.limits import says_too_many
from accounts.middleware import WAIT_AFTER_REQUESTS, WAIT_AFTER_WRONG_PASSWORDS
from accounts.models import User
from accounts.services.second_factor import is_enrolled
from accounts.tokens.auth import unauthorized
from tms_site.lib.api.problems import Problem
from tms_site.lib.permissions import require

# Allauth's name of the limit for each way in.
LOGIN, SIGNUP = "login", "signup"


def count_request(request: HttpRequest, action: str) -> None:
    """Count a request for the limit that the page has too; raises Problem (429) when there are too many."""
    if not ratelimit.consume(request, action=action):
        raise too_many(WAIT_AFTER_REQUESTS)


def too_many(seconds: int) -> Problem:
    """Return the problem of too many tries."""
    return Problem(429, headers={"Retry-After": str(seconds)})


def check_person(request: HttpRequest, *, email: str, password: str, otp: str | None) -> User:
    """Return whose address, password and second factor these are.

    A wrong password counts as one on the page, and is logged once: by the signals of Django and allauth.

    Raises:
        Problem: 401 for wrong or missing credentials, 429 after too many tries.
        PermissionDeniedError: the person may not use the API yet.
    """
    form = LoginForm({"login": email, "password": password}, request=request)
    if not form.is_valid():
        raise _refusal(form)
    user: User = form.user
    if not user.is_active:
        raise _invalid_grant(str(policies.DEACTIVATED.reason))
    if addresses_are_verified() and not has_verified_email(user):
        raise _invalid_grant(_("Confirm your e-mail address first: log in on the site, and you get a link."))
    _check_second_factor(user, otp)
    require(policies.can_use_tokens(user, enrolled=is_enrolled(user)))
    return user


def _check_second_factor(user: User, otp: str | None) -> None:
    if not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return
    if not otp:
        raise _invalid_grant(
            _("Send the code of your second factor as “otp”, or use a personal access token."),
            kind="second-factor-required",
        )
    form = AuthenticateForm({"code": otp}, user=user)
    if not form.is_valid():
        raise _refusal(form, _("The code of the second factor is wrong."))
    form.authenticator.record_usage()


def _refusal(form: forms.Form, detail: str = "") -> Problem:
    if says_too_many(form):
        return too_many(WAIT_AFTER_WRONG_PASSWORDS)
    return _invalid_grant(detail or str(WRONG_CREDENTIALS))


def _invalid_grant(detail: str, **kind: Any) -> Problem:
    problem = unauthorized(detail, error="invalid_grant")
    problem.kind = kind.get("kind", problem.kind)
    return problem
