"""Getting tokens and giving them back (OAuth2: RFC 6749, 4.3 and 6; RFC 7009)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Form, Router

from accounts.api.schemas import Nothing, RevokeRequest, TokenRequest, Tokens
from accounts.tokens import access, services
from accounts.tokens.auth import unauthorized
from accounts.tokens.login import LOGIN, check_person, count_request
from accounts.tokens.models import PersonalToken, RefreshToken, Scope
from accounts.tokens.secret import digest_of
from accounts.tokens.services import Issued
from tms_site.lib.api.answers import answer
from tms_site.lib.api.problems import FieldError, Problem

router = Router(tags=["Log-in"])

SCOPES = {"": Scope.WRITE, "read": Scope.READ, "write": Scope.WRITE, "read write": Scope.WRITE}


@router.post("/token", auth=None, response=Tokens, summary="Log in", url_name="create_token")
def create_token(request: HttpRequest, form: Form[TokenRequest]) -> HttpResponse:
    """Give tokens for an e-mail address and a password, or for a refresh token.

    Somebody with a second factor sends its code as `otp` too, or uses a personal access token. Each refresh token
    gets new tokens once; one that comes a second time ends the log-in.
    """
    count_request(request, LOGIN)
    issued = _by_refresh_token(form) if form.grant_type == "refresh_token" else _by_password(request, form)
    return answer(
        request,
        {
            "access_token": issued.access_token,
            "token_type": "bearer",
            "expires_in": issued.expires_in,
            "refresh_token": issued.refresh_token,
            "scope": issued.scope,
        },
    )


def _by_password(request: HttpRequest, form: TokenRequest) -> Issued:
    _require_fields(username=form.username, password=form.password)
    scope = SCOPES.get(" ".join(sorted(form.scope.split())))
    if scope is None:
        raise Problem(422, errors=[FieldError("scope", _("A scope is read or write."))])
    user = check_person(request, email=form.username, password=form.password, otp=form.otp)
    return services.start_login(actor=user, scope=scope)


def _by_refresh_token(form: TokenRequest) -> Issued:
    _require_fields(refresh_token=form.refresh_token)
    issued = services.refresh(refresh_token=form.refresh_token)
    if issued is None:
        raise unauthorized(_("This refresh token is wrong, used or revoked. Log in again."), error="invalid_grant")
    return issued


def _require_fields(**values: str) -> None:
    missing = [FieldError(name, _("This field is required.")) for name, value in values.items() if not value]
    if missing:
        raise Problem(422, errors=missing)


@router.post("/token/revoke", auth=None, response=Nothing, summary="Log out", url_name="revoke_token")
def revoke_token(request: HttpRequest, form: Form[RevokeRequest]) -> HttpResponse:
    """End what a token belongs to: the log-in of an access or a refresh token, or a personal access token.

    The answer is the same for a token that is worth nothing already.
    """
    _end(form.token)
    return answer(request, {})


def _end(token: str) -> None:
    digest = digest_of(token)
    personal = PersonalToken.objects.with_digest(digest).first()
    if personal is not None:
        services.revoke_personal_token(actor=personal.user, token_id=personal.pk)
        return
    login_id = RefreshToken.objects.with_digest(digest).values_list("login", flat=True).first() or _login_of(token)
    if login_id is not None:
        services.end_login_of_token(login_id=login_id)


def _login_of(token: str) -> int | None:
    try:
        return access.read(token).login_id
    except access.NotOurs:
        return None
