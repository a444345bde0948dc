"""Secrets that TMS hands out once and keeps only as digests, and what ties them to the person they were made for."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from tms_site.lib.signing import signing_secrets

if TYPE_CHECKING:
    from accounts.models import User

# Whoever finds a token in a file or a log, and every scanner for leaked secrets, knows what it is.
PERSONAL_PREFIX = "tms_pat_"
REFRESH_PREFIX = "tms_ref_"
SECRET_BYTES = 32
TOKEN_MAX = 100
SALT = "tms.tokens.person"


def new_secret(prefix: str) -> str:
    """Return a new token: 256 random bits behind a prefix."""
    return prefix + secrets.token_urlsafe(SECRET_BYTES)


def digest_of(token: str) -> str:
    """Return what is stored of a token. It's random enough to need neither salt nor a slow hash."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def fingerprint(user: User, secret: str | None = None) -> str:
    """Return a digest of what ends all of a person's tokens when it changes: password, role, whether they're active."""
    content = f"{user.pk}\n{user.password}\n{user.role}\n{user.is_active}"
    return salted_hmac(SALT, content, secret=secret or settings.SECRET_KEY, algorithm="sha256").hexdigest()


def is_of(user: User, stored: str) -> bool:
    """Tell whether a fingerprint is that of the person as they are now."""
    return any(constant_time_compare(stored, fingerprint(user, secret)) for secret in signing_secrets())
