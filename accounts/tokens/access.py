"""Access tokens: JSON Web Tokens that say who somebody is, for half an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.tokens.models import ApiLogin
from accounts.tokens.secret import fingerprint
from tms_site.lib.signing import signing_secrets

LIFETIME = timedelta(minutes=30)
AUDIENCE = "tms-api"
ISSUER = "tms"
SALT = "tms.tokens.access"
ACCESS_MAX = 4000
REQUIRED = ["exp", "iat", "jti", "aud", "iss", "sub", "sid", "fpr", "scope"]


class NotOurs(Exception):  # noqa: N818 - the caller answers 401; it's a case, not a failure
    """The token isn't one that TMS signed, or isn't any more what it was."""


class Expired(NotOurs):
    """The token was good once."""


@dataclass(frozen=True)
class Claims:
    """What an access token says."""

    user_id: int
    login_id: int
    fingerprint: str
    scope: str
    token_id: str


def issue(login: ApiLogin, *, now: datetime) -> str:
    """Return a token for the person and the scope of a log-in."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(login.user_id),
        "sid": login.pk,
        "jti": uuid4().hex,
        "iat": now,
        "exp": now + LIFETIME,
        "scope": login.scope,
        "fpr": fingerprint(login.user),
    }
    return jwt.encode(claims, _signing_key(), algorithm=settings.JWT_ALGORITHM)


def read(token: str) -> Claims:
    """Return what a token says; raises NotOurs, Expired when its time is over."""
    if len(token) > ACCESS_MAX:
        raise NotOurs
    for key in _verifying_keys():
        try:
            return _claims(_decode(token, key))
        except jwt.InvalidSignatureError:
            continue
        except jwt.ExpiredSignatureError as error:
            raise Expired from error
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise NotOurs from error
    raise NotOurs


def _decode(token: str, key: Any) -> dict[str, Any]:
    # One algorithm, ours: what the token's own header wishes doesn't count.
    return jwt.decode(
        token,
        key,
        algorithms=[settings.JWT_ALGORITHM],
        audience=AUDIENCE,
        issuer=ISSUER,
        options={"require": REQUIRED},
    )


def _claims(values: dict[str, Any]) -> Claims:
    return Claims(int(values["sub"]), int(values["sid"]), str(values["fpr"]), values["scope"], str(values["jti"]))


def _shared_key(secret: str) -> bytes:
    return salted_hmac(SALT, "", secret=secret, algorithm="sha256").digest()


def _signing_key() -> Any:
    if settings.JWT_ALGORITHM == "RS256":
        return settings.JWT_PRIVATE_KEY
    return _shared_key(settings.SECRET_KEY)


def _verifying_keys() -> list[Any]:
    if settings.JWT_ALGORITHM == "RS256":
        return [public_key()]
    return [_shared_key(secret) for secret in signing_secrets()]


def public_key() -> str:
    """Return the key with which others can check tokens that are signed with RS256."""
    private = load_pem_private_key(settings.JWT_PRIVATE_KEY.encode(), password=None)
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def seconds() -> int:
    """Return how long a token lives."""
    return int(LIFETIME.total_seconds())
