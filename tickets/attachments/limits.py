"""How often somebody may send files."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext

from tms_site.lib.limits import wait_of

MOST, PERIOD_SECONDS = 30, 60
TOO_MANY = 429


def refusal(request: HttpRequest) -> str:
    """Count a form that comes with files; return why it's too many of them in a minute, or nothing."""
    return too_many_files() if request.FILES and wait(request.user.pk) else ""


def wait(person: int | None) -> int:
    """Count one time that somebody sends files; return 0, or the seconds until they may."""
    return wait_of("uploads", person, most=MOST, seconds=PERIOD_SECONDS)


def too_many_files() -> str:
    """Return what's said to who has to wait."""
    return gettext("You have sent many files in a short time. Wait a minute, then try again.")
