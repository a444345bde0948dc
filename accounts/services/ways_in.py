"""The ways in that allauth and the API keep for a user: the address that logs in, running sessions, tokens."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.errors import PresentSession
from accounts.models import User
from accounts.tokens import services as tokens

# How many sessions are deleted at once: few enough to lock nothing for long.
FORGET_BATCH = 1_000


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


def end_session(*, actor: User, session_id: int, present: str | None) -> UserSession | None:
    """End one of the actor's own sessions and return what it was; None if they have no such session any more.

    In no transaction, so that the session is gone from the database at once: a request that came before the commit
    would read it there and put it back into the cache. If only the session is removed and allauth's row stays, because
    the second step fails, the row is removed by whoever looks at the list next.

    Args:
        actor: whose session it is.
        session_id: the number of allauth's row.
        present: the key of the session that asks.

    Raises:
        PresentSession: it's the one that asks.
    """
    session: UserSession | None = UserSession.objects.filter(user_id=actor.pk, pk=session_id).first()
    if session is None:
        return None
    if session.session_key == present:
        raise PresentSession
    was_running = session.exists()
    session.end()
    return session if was_running else None


def follow_session(user: User, *, before: str, after: str) -> None:
    """Note that a session of the user goes on under another key, so that it's still among those that can be ended."""
    if not UserSession.objects.filter(session_key=after).exists():
        UserSession.objects.filter(session_key=before, user_id=user.pk).update(session_key=after)


def forget_old_sessions() -> int:
    """Remove the sessions that are over, with what allauth keeps of them, in batches; returns how many.

    Django's own `clearsessions` does the same in one statement, however many they are.
    """
    removed = 0
    over = Session.objects.filter(expire_date__lt=timezone.now()).values_list("pk", flat=True)
    while keys := list(over[:FORGET_BATCH]):
        # First these, since nothing would lead to them any more if the worker ended in between.
        UserSession.objects.filter(session_key__in=keys).delete()
        removed += Session.objects.filter(pk__in=keys).delete()[0]
    return removed


def removed_address(user: User) -> str:
    """Return the address, which leads nowhere, of somebody who is anonymised."""
    address = f"removed-{user.pk}@removed.invalid"
    # Somebody who came by an import may have been anonymised elsewhere under that number.
    taken = User.objects.with_email(address).exclude(pk=user.pk).exists()
    return f"removed-{user.pk}-{get_random_string(12).lower()}@removed.invalid" if taken else address
