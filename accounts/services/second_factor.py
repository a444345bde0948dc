"""Second factors, which allauth writes itself: telling of them, and taking each code once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, is_mfa_enabled
from django.conf import settings
from django.utils import timezone

from accounts import policies, signals
from accounts.actors import Actor
from accounts.models import User
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction

# Where allauth's row keeps the half minute of the last code that was taken, beside the secret.
LAST_COUNTER = "last_counter"


def is_enrolled(user: User) -> bool:
    """Tell whether a user has the second factor that their role needs, if it needs one."""
    return user.role not in settings.REQUIRE_MFA_ROLES or bool(is_mfa_enabled(user))


@write_transaction
def record_second_factor(*, actor: Actor, user: User, has_one: bool, at: datetime | None = None) -> None:
    """Tell that a user has set up a second factor, or has removed it.

    The caller's transaction is the one that did it: if this can't be told, that rolls back.

    Raises:
        PermissionDeniedError: it's somebody else's account.
    """
    require(policies.can_edit_profile(actor, user))
    changes = {"second_factor": (not has_one, has_one)}
    signals.user_updated.send(sender=User, user=user, changes=changes, actor=actor, at=at or timezone.now())


@write_transaction
def use_code(user: User, code: str) -> bool:
    """Take a code of the user's app, and tell whether it was good: neither it nor a later one was taken before.

    allauth takes a code for a minute and a half, and its cache remembers for half a minute that it was used
    (RFC 6238, 5.2: once).
    """
    # The lock makes the second of two wait; SQLite admits one writer at a time anyway.
    factors = Authenticator.objects.select_for_update()
    factor = factors.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    if factor is None:
        return False
    counter = _counter_of(code, decrypt(factor.data["secret"]))
    if counter is None or counter <= factor.data.get(LAST_COUNTER, -1):
        return False
    factor.data[LAST_COUNTER] = counter
    factor.save(update_fields=["data"])
    return True


def _counter_of(code: str, secret: str) -> int | None:
    counters: Iterator[int] = yield_hotp_counters_from_time()
    for counter in counters:
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None
