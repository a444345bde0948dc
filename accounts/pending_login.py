"""Log-ins that wait for a second step: a code, or a link in a mail.

allauth remembers in the session whose log-in it is, and goes on with it whatever became of the account meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login, unstash_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from accounts.models import User

ACCOUNT_SESSION_KEY = "pending_login_account"


def note_account(request: HttpRequest, user: User) -> None:
    """Remember what the account is like at the first step of a log-in."""
    request.session[ACCOUNT_SESSION_KEY] = _state_of(user)


def pending_login_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Forget a log-in whose account has changed since its first step, before any page goes on with it.

    docs/security.md, row 13.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if LOGIN_SESSION_KEY in request.session and _is_over(request):
            clear_login(request)
            _explain(request)
        return get_response(request)

    return middleware


def _is_over(request: HttpRequest) -> bool:
    login = unstash_login(request, peek=True)
    if login is None:
        return True
    if login.user is None:
        # Whoever signs up with an address that's somebody's already waits for nobody's log-in, and mustn't notice.
        return request.session[LOGIN_SESSION_KEY]["user_pk"] is not None
    noted = request.session.get(ACCOUNT_SESSION_KEY, "")
    return not login.user.is_active or not constant_time_compare(noted, _state_of(login.user))


def _explain(request: HttpRequest) -> None:
    # Whoever is at the log-in page is about to begin anew by themself.
    if request.path != reverse("account_login"):
        words = gettext("Please log in again: your account has changed meanwhile, or it took too long.")
        messages.info(request, words)


def _state_of(user: User) -> str:
    # The version tells of a deactivation that was undone, the hash is what ends sessions when a password changes.
    # Without its second factor a log-in that waits for the code would be led to the log-in page and back for ever.
    return f"{user.version}:{is_mfa_enabled(user)}:{user.get_session_auth_hash()}"
