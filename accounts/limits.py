"""The limit of wrong passwords and codes that one machine may send, whoever they're for."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.forms import BaseForm
from django.http import HttpRequest

# Not among the limits that allauth calls login_failed: it forgets all of those once somebody's code was right, and
# whoever guesses other people's passwords could have them forgotten by logging in now and then.
FROM_MACHINE = "login_failed_from_machine"
# The codes by which a form says that there were too many: ours and allauth's.
TOO_MANY, RATE_LIMITED = "too_many_login_attempts", "rate_limited"


def count_try(request: HttpRequest) -> RateLimitUsage:
    """Count a try as a wrong one of its machine, and return what takes that back (`rollback`) if it was right.

    Raises:
        ValidationError: the machine has sent too many.
    """
    usage: RateLimitUsage | None = ratelimit.consume(request, app="allauth.account", action=FROM_MACHINE)
    if usage is None:
        raise get_adapter().validation_error(TOO_MANY)
    return usage


def says_too_many(form: BaseForm) -> bool:
    """Tell whether a form refuses what was sent because there were too many tries."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return not codes.isdisjoint((TOO_MANY, RATE_LIMITED))
