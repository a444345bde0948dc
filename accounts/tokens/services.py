"""The only code that writes log-ins of programs and their tokens.

Each function runs in one transaction and tells the signals of accounts.signals before it ends. What refuses and has
to be remembered nevertheless (a refresh token that came twice) is a result, not an error: an error would undo it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies, signals
from accounts.actors import Actor
from accounts.services.second_factor import is_enrolled
from accounts.tokens import access
from accounts.tokens.models import ApiLogin, PersonalToken, RefreshToken, Scope
from accounts.tokens.secret import PERSONAL_PREFIX, REFRESH_PREFIX, digest_of, fingerprint, is_of, new_secret
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import require
from tms_site.lib.submissions import insert_once
from tms_site.lib.text import clean_line
from tms_site.lib.transactions import write_transaction

if TYPE_CHECKING:
    from accounts.models import User

# As long as a log-in on the pages (SESSION_COOKIE_AGE).
LOGIN_LIFETIME = timedelta(days=14)
# More programs than anybody has; the oldest log-in makes room, so that nobody's table grows without end.
MOST_LOGINS = 100
MOST_PERSONAL_TOKENS = 50
LIFETIMES = (7, 30, 90, 365)
USE_INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True)
class Issued:
    """The tokens of a log-in, shown once."""

    access_token: str
    refresh_token: str
    scope: str
    expires_in: int


@dataclass(frozen=True)
class Made:
    """A personal token; `secret` is empty when the same form was sent before: it's shown once."""

    token: PersonalToken
    secret: str


@write_transaction
def start_login(*, actor: User, scope: str = Scope.WRITE, at: datetime | None = None) -> Issued:
    """Log a program in for somebody whose password and second factor have been checked, and return its tokens.

    Raises:
        PermissionDeniedError: the person may not use the API.
    """
    require(policies.can_use_tokens(actor, enrolled=is_enrolled(actor)))
    now = at or timezone.now()
    _make_room(actor, now)
    login = ApiLogin.objects.create(
        user=actor,
        scope=Scope(scope),
        fingerprint=fingerprint(actor),
        started_at=now,
        expires_at=now + LOGIN_LIFETIME,
    )
    signals.api_logged_in.send(sender=ApiLogin, user=actor, actor=actor, at=now)
    return _issue(login, now)


def _make_room(user: User, now: datetime) -> None:
    kept = ApiLogin.objects.of(user).running(now).order_by("-pk").values_list("pk", flat=True)[: MOST_LOGINS - 1]
    ApiLogin.objects.of(user).exclude(pk__in=list(kept)).delete()


def _issue(login: ApiLogin, now: datetime) -> Issued:
    secret = new_secret(REFRESH_PREFIX)
    RefreshToken.objects.create(login=login, digest=digest_of(secret))
    return Issued(access.issue(login, now=now), secret, login.scope, access.seconds())


@write_transaction
def refresh(*, refresh_token: str, at: datetime | None = None) -> Issued | None:
    """Take a refresh token and return new tokens; None when it isn't good.

    A token that was used before has been copied: the whole log-in ends, and the log says why.
    """
    now = at or timezone.now()
    token = RefreshToken.objects.with_digest(digest_of(refresh_token)).first()
    if token is None:
        return None
    login = ApiLogin.objects.select_for_update().filter(pk=token.login_id).first()
    if login is None:
        return None
    # The condition makes the token single on every engine, however many ask at once.
    if not RefreshToken.objects.filter(pk=token.pk, used_at__isnull=True).update(used_at=now):
        _end(login)
        signals.api_token_reused.send(sender=ApiLogin, user=login.user, at=now)
        return None
    if not _still_good(login, now):
        _end(login)
        return None
    return _issue(login, now)


def _still_good(login: ApiLogin, now: datetime) -> bool:
    may = policies.can_use_tokens(login.user, enrolled=is_enrolled(login.user))
    return login.expires_at > now and is_of(login.user, login.fingerprint) and bool(may)


@write_transaction
def end_login(*, actor: Actor, login_id: int, at: datetime | None = None) -> bool:
    """Log a program out: its access and refresh tokens are worth nothing from now on. Tells whether there was one.

    Raises:
        PermissionDeniedError: it's somebody else's log-in.
    """
    login = ApiLogin.objects.select_related("user").filter(pk=login_id).first()
    if login is None:
        return False
    require(policies.can_end_login(actor, login.user))
    _end(login)
    signals.api_logged_out.send(sender=ApiLogin, user=login.user, actor=actor, at=at or timezone.now())
    return True


def end_login_of_token(*, login_id: int) -> None:
    """Log a program out that shows one of its tokens: whoever has the token speaks for its owner."""
    login = ApiLogin.objects.select_related("user").filter(pk=login_id).first()
    if login is not None:
        end_login(actor=login.user, login_id=login_id)


def _end(login: ApiLogin) -> None:
    ApiLogin.objects.filter(pk=login.pk).delete()


@write_transaction
def create_personal_token(
    *, actor: User, name: str, scope: str, days: int, client_token: str | None = None, at: datetime | None = None
) -> Made:
    """Make a personal access token and return it with its secret, which nobody sees again.

    Args:
        actor: whose token it becomes.
        name: what it is for, at most 60 characters.
        scope: a value of Scope.
        days: for how long it's good, one of LIFETIMES.
        client_token: names this submission; the same token of the same person again returns the first one.
        at: when; now unless given.

    Raises:
        PermissionDeniedError: the person may not use the API.
        ServiceError: they have as many as one may have.
        ValidationError: a field is not valid.
    """
    require(policies.can_use_tokens(actor, enrolled=is_enrolled(actor)))
    now = at or timezone.now()
    own = PersonalToken.objects.visible_to(actor)

    def of_token() -> PersonalToken | None:
        return own.filter(client_token=client_token).first() if client_token else None

    if earlier := of_token():
        return Made(earlier, "")
    if days not in LIFETIMES:
        raise ValidationError({"days": _("Choose one of the periods.")}, code="invalid_choice")
    if own.count() >= MOST_PERSONAL_TOKENS:
        words = _("You have %(most)d tokens already. Revoke one first.")
        raise ServiceError(words % {"most": MOST_PERSONAL_TOKENS}, field="name")
    secret = new_secret(PERSONAL_PREFIX)
    token = PersonalToken(
        user=actor,
        name=clean_line(name),
        scope=scope,
        digest=digest_of(secret),
        fingerprint=fingerprint(actor),
        created_at=now,
        expires_at=now + timedelta(days=days),
        client_token=client_token or None,
    )
    token.clean_fields(exclude=("user",))
    if earlier := insert_once(token, of_token):
        return Made(earlier, "")
    signals.token_created.send(sender=PersonalToken, token=token, actor=actor, at=now)
    return Made(token, secret)


@write_transaction
def revoke_personal_token(*, actor: Actor, token_id: int, at: datetime | None = None) -> PersonalToken:
    """Revoke a personal token and return what it was.

    Raises:
        PersonalToken.DoesNotExist: the actor has no such token.
    """
    token = PersonalToken.objects.visible_to(actor).select_for_update().get(pk=token_id)
    number = token.pk
    token.delete()
    token.pk = number
    signals.token_revoked.send(sender=PersonalToken, token=token, actor=actor, at=at or timezone.now())
    return token


def note_use(token: PersonalToken, *, now: datetime) -> None:
    """Note that a personal token was used: at most once a minute, so that reading doesn't write all the time."""
    if token.last_used_at is None or now - token.last_used_at >= USE_INTERVAL:
        PersonalToken.objects.filter(pk=token.pk).update(last_used_at=now)


def end_all(user: User) -> None:
    """End every token of somebody, whose password, role or access has just changed, in the caller's transaction.

    The caller's own entry in the log says what happened to the person, and so to their tokens.
    """
    ApiLogin.objects.of(user).delete()
    PersonalToken.objects.filter(user=user).delete()
