"""What happens around a request because of who asks."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfoNotFoundError

from django.contrib import messages
from django.contrib.auth import middleware as auth_middleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from accounts.limits import says_too_many
from accounts.models import User
from accounts.services.second_factor import is_enrolled
from accounts.services.ways_in import follow_session
from tms_site.lib import unsent
from tms_site.lib.redirects import own_path

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]

ENROLMENT_URL_NAMES = frozenset({
    "mfa_activate_totp",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "account_logout",
    "healthz",
    "metrics",
    "readyz",
})  # fmt: skip # one name a line
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# allauth's limits say that there were too many tries, not for how long to wait: these are their periods, in seconds.
WAIT_AFTER_REQUESTS = 60
WAIT_AFTER_WRONG_PASSWORDS = 300


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Sends visitors who aren't logged in to the log-in page, and back to where they were afterwards."""

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> Any:
        """Redirect to the log-in page; htmx is told to load it as a page, not into a fragment."""
        query = {"next": page_to_return_to(request)}
        if request.method not in SAFE_METHODS:
            kept_for = unsent.keep(request)
            if kept_for:
                query["next"] = _page_with(query["next"], kept_for)
            else:
                query[unsent.UNSAVED] = "1"
        target = f"{resolve_url(self.get_login_url(view_func))}?{urlencode(query)}"
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(target)
        return redirect(target)


def _page_with(page: str, kept_for: str) -> str:
    """Return where the form is found again: on `page`, with all that its address says, if it's the form's own."""
    seen, own = urlsplit(page), urlsplit(kept_for)
    if seen.path != own.path:
        return kept_for
    return seen._replace(fragment=own.fragment).geturl() if own.fragment else page


def page_to_return_to(request: HttpRequest) -> str:
    """Return the path of the page that the visitor looked at when the session was found to have ended.

    For a page that's asked for it's the page itself; for a form that was sent, or a fragment, the page that holds it.
    """
    if request.headers.get("HX-Request"):
        return own_path(request, request.headers.get("HX-Current-URL")) or reverse("home")
    if request.method in SAFE_METHODS:
        return request.get_full_path()
    return own_path(request, request.headers.get("Referer")) or reverse("home")


def session_key_middleware(get_response: GetResponse) -> GetResponse:
    """Keep track of sessions that get another key: Django gives them one when SECRET_KEY was changed.

    docs/security.md, row 13.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        before = request.session.session_key
        response = get_response(request)
        after = request.session.session_key
        if before and after and before != after and request.user.is_authenticated:
            follow_session(request.user, before=before, after=after)
        return response

    return middleware


def time_zone_middleware(get_response: GetResponse) -> GetResponse:
    """Show times in the zone of the user."""

    def middleware(request: HttpRequest) -> HttpResponse:
        timezone.deactivate()
        if request.user.is_authenticated:
            activate_time_zone(request.user)
        try:
            return get_response(request)
        finally:
            timezone.deactivate()

    return middleware


def activate_time_zone(user: User) -> None:
    """Let what follows in this request show and understand times in the user's zone."""
    try:
        timezone.activate(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        # A zone that this machine's database doesn't know any more: the setting TIME_ZONE stays.
        timezone.deactivate()


class SecondFactorMiddleware:
    """Lets people whose role needs a second factor do nothing else before they have one (docs/security.md, row 17)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through: the decision needs the view."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        """Redirect to the enrolment page unless it's one of the pages that enrolment takes."""
        # Asked anew each time: what a session remembered would outlive the factor.
        if not request.user.is_authenticated or is_enrolled(request.user):
            return None
        if request.resolver_match and request.resolver_match.view_name in ENROLMENT_URL_NAMES:
            return None
        target = reverse("mfa_activate_totp")
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(target)
        messages.info(request, gettext("Your role needs a second factor. Set it up to go on."))
        return redirect(target)


class FormStatusMiddleware:
    """Gives allauth's pages the status that our own have: 422 for a form with errors, 429 for too many tries."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Tell how long to wait after too many tries."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and not response.has_header("Retry-After"):
            response["Retry-After"] = str(WAIT_AFTER_REQUESTS)
        return response

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """Set the status of a page that shows its form again."""
        form = (response.context_data or {}).get("form")
        if request.method != "POST" or response.status_code != HTTPStatus.OK:
            return response
        if form is None or not getattr(form, "errors", None):
            return response
        if says_too_many(form):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response["Retry-After"] = str(WAIT_AFTER_WRONG_PASSWORDS)
        else:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
