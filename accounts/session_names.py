"""The names by which pages speak of one's sessions: signed for their owner, so that they mean nothing to anybody else.

A number alone couldn't tell one's own session that is over, whose row is gone, from one that has never been there.
"""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.core import signing

from accounts.models import User


def session_name(session: UserSession) -> str:
    """Return the name of a session, for its owner."""
    return _signer(session.user_id).sign(str(session.pk))


def session_number(name: str, owner: User) -> int | None:
    """Return which row a name speaks of, whether it's still there or not; None for names that aren't this owner's."""
    try:
        return int(_signer(owner.pk).unsign(name))
    except signing.BadSignature:
        return None


def _signer(owner_id: int) -> signing.Signer:
    return signing.Signer(salt=f"tms.session.{owner_id}")
