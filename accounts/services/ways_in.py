"""The ways in that allauth and the API keep for a user: the address that logs in, running sessions, tokens."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.utils.crypto import get_random_string

from accounts.models import User
from accounts.tokens import services as tokens


def sync_address(user: User, *, verified: bool) -> None:
    """Make the user's address the one that allauth knows."""
    # allauth keeps addresses in a table of its own: one row for each user, always the address that counts.
    rows = EmailAddress.objects.filter(user_id=user.pk)
    values = {"email": user.email.lower(), "primary": True, "verified": verified}
    first = rows.order_by("-primary", "pk").first()
    if first is None:
        EmailAddress.objects.create(user_id=user.pk, **values)
        return
    rows.exclude(pk=first.pk).delete()
    rows.update(**values)


def end_sessions(user: User) -> None:
    """Log a user out everywhere, programs too."""
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()
    tokens.end_all(user)


def follow_session(user: User, *, before: str, after: str) -> None:
    """Note that a session of the user goes on under another key, so that it's still among those that can be ended."""
    if not UserSession.objects.filter(session_key=after).exists():
        UserSession.objects.filter(session_key=before, user_id=user.pk).update(session_key=after)


def removed_address(user: User) -> str:
    """Return the address, which leads nowhere, of somebody who is anonymised."""
    address = f"removed-{user.pk}@removed.invalid"
    # Somebody who came by an import may have been anonymised elsewhere under that number.
    taken = User.objects.with_email(address).exclude(pk=user.pk).exists()
    return f"removed-{user.pk}-{get_random_string(12).lower()}@removed.invalid" if taken else address
