"""Where allauth meets TMS: sign-up and passwords go through the services, links and redirects are ours."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.httpkit import clean_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import policies, services
from accounts.errors import WRONG_CREDENTIALS
from accounts.forms import SignupForm
from accounts.limits import TOO_MANY, count_try
from accounts.models import EMAIL_TAKEN, User
from accounts.passwords import validate_new_password
from accounts.pending_login import note_account
from tms_site.lib import unsent
from tms_site.lib.redirects import is_safe_path

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """TMS's answers to allauth's questions."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG_CREDENTIALS,
        "email_taken": EMAIL_TAKEN,
        TOO_MANY: _("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell whether people may make their own account."""
        return bool(policies.can_sign_up())

    def save_user(self, request: HttpRequest, user: User, form: SignupForm, commit: bool = True) -> User:
        """Register the person of the sign-up form: always a Requester, whatever was sent."""
        data = form.cleaned_data
        return services.register_user(
            email=data["email"], password=data["password1"], username=data.get("username", "")
        )

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Return the password if it's good enough for its owner; raises ValidationError."""
        validate_new_password(password, user or User())
        return password

    def set_password(self, user: User, password: str) -> None:
        """Set the password that a user has chosen by the change form or a reset link."""
        services.set_password(actor=user, user=user, password=password)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose password it is; a wrong one counts for its machine too. Raises ValidationError for too many."""
        tried = count_try(request)
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            tried.rollback()
        return user

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Begin a log-in, by whichever way in, that goes on only as long as the account stays as it is.

        Say again, beyond it, that what was sent before didn't arrive; what others typed is forgotten.
        """
        note_account(request, user)
        unsent.forget_others(request, user.pk)
        if request.POST.get(unsent.UNSAVED):
            words = gettext("You were logged out before this was saved: nothing was changed. Do it again if you like.")
            messages.warning(request, words)
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def is_safe_url(self, url: str | None) -> bool:
        """Tell whether `next` may be followed: only paths of this site, so that no host has to be believed."""
        return is_safe_path(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address; the middleware has already dealt with proxies."""
        return clean_client_ip(request.META.get("REMOTE_ADDR", "")) or "::"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts wrong passwords by host and address; the visitor chooses the host's port, and so a new count.
        key: str = credentials.get("email", credentials.get("username", "")).lower()
        return key

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the profile after a password change."""
        return reverse("account_profile")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail whose links begin with BASE_URL, whatever host the request claims (docs/security.md, row 18).

        A mail server that is away costs the visitor a message, not an error page; the log has the reason.
        """
        links = {name: _own_link(value) for name, value in context.items() if name.endswith("_url")}
        site = SimpleNamespace(name="TMS", domain=settings.BASE_URL)
        extra = {"current_site": site, "signup_open": settings.SIGNUP_OPEN, "email": email}
        message = self.render_mail(template_prefix, email, {**context, **links, **extra})
        try:
            message.send()
        except (SMTPException, OSError):
            logger.exception("The mail %s could not be sent", template_prefix)
            self._apologise()

    def _apologise(self) -> None:
        if context.request is not None:
            text = gettext("The e-mail couldn't be sent just now. Please try again later.")
            self.add_message(context.request, messages.ERROR, message=text)


def _own_link(url: str) -> str:
    parts = urlsplit(url)
    return settings.BASE_URL + parts.path + (f"?{parts.query}" if parts.query else "")


class SecondFactorAdapter(DefaultMFAAdapter):
    """TMS's answers to allauth's questions about the second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Your role needs a second factor, so it can't be switched off."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Tell whether the second factor may be switched off: not by people whose role must have one.

        docs/security.md, row 17.
        """
        return authenticator.user.role not in settings.REQUIRE_MFA_ROLES
