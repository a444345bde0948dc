"""Who asks: the bearer token of a request. Session cookies count for nothing here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.middleware import activate_time_zone
from accounts.models import User
from accounts.services.second_factor import is_enrolled
from accounts.tokens import access, services
from accounts.tokens.models import ApiLogin, PersonalToken, Scope
from accounts.tokens.secret import PERSONAL_PREFIX, TOKEN_MAX, digest_of, is_of
from tms_site.lib.api.guard import check_request
from tms_site.lib.api.problems import Problem
from tms_site.lib.permissions import require

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REALM = 'Bearer realm="TMS"'


@dataclass(frozen=True)
class Access:
    """What a good token opens."""

    user: User
    scope: str


class ApiRequest(HttpRequest):
    """A request whose token is good."""

    auth: Access


def actor_of(request: HttpRequest) -> User:
    """Return who asks, for the services and policies that an operation calls."""
    found: Access = request.auth  # type: ignore[attr-defined] # set by Ninja from what the Bearer returns
    return found.user


class Bearer:
    """Finds out who asks; an operation without a good token isn't run."""

    # By this Ninja knows that the operation is guarded; what it is exactly says tms_site.openapi.
    openapi_security_schema: ClassVar[dict[str, str]] = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> Access:
        """Return who asks and how far they may go.

        Raises:
            Problem: 401 without a good token; 403 for a change with a token that only reads.
            PermissionDeniedError: the person's role needs a second factor first.
        """
        found = _access(_token_of(request), timezone.now())
        require(policies.can_use_tokens(found.user, enrolled=is_enrolled(found.user)))
        if found.scope != Scope.WRITE and request.method not in SAFE_METHODS:
            raise insufficient_scope()
        activate_time_zone(found.user)
        request.user = found.user
        check_request(request)
        return found


def unauthorized(detail: str = "", *, error: str = "") -> Problem:
    """Return the problem of a request without a good token (RFC 6750)."""
    challenge = f'{REALM}, error="{error}"' if error else REALM
    return Problem(
        401,
        detail or _("Send a token: “Authorization: Bearer …”. POST /api/v1/token makes one."),
        kind=error.replace("_", "-"),
        headers={"WWW-Authenticate": challenge},
        more={"error": error} if error else None,
    )


def insufficient_scope() -> Problem:
    """Return the problem of a change with a token that only reads."""
    detail = _("This token may only read. Make one that may write.")
    challenge = f'{REALM}, error="insufficient_scope", scope="write"'
    return Problem(403, detail, kind="insufficient-scope", headers={"WWW-Authenticate": challenge})


def _token_of(request: HttpRequest) -> str:
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthorized()
    return token.strip()


def _access(token: str, now: datetime) -> Access:
    if token.startswith(PERSONAL_PREFIX):
        return _by_personal_token(token, now)
    try:
        claims = access.read(token)
    except access.Expired as error:
        raise unauthorized(_("This token has expired. Get a new one."), error="invalid_token") from error
    except access.NotOurs as error:
        raise _not_good() from error
    # One query: the log-in that the token belongs to, and whose it is.
    login = ApiLogin.objects.running(now).select_related("user").filter(pk=claims.login_id).first()
    if login is None or login.user_id != claims.user_id or not is_of(login.user, claims.fingerprint):
        raise _not_good()
    return Access(login.user, claims.scope)


def _by_personal_token(token: str, now: datetime) -> Access:
    found = PersonalToken.objects.with_digest(digest_of(token)).first() if len(token) <= TOKEN_MAX else None
    if found is None or not is_of(found.user, found.fingerprint):
        raise _not_good()
    if found.expires_at <= now:
        raise unauthorized(_("This personal access token has expired. Make a new one."), error="invalid_token")
    services.note_use(found, now=now)
    return Access(found.user, found.scope)


def _not_good() -> Problem:
    return unauthorized(_("This token is wrong, or has been revoked. Log in again."), error="invalid_token")
