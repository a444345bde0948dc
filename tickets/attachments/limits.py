"""How often somebody may send files."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext

from tms_site.lib.limits import wait_of

MOST, PERIOD_SECONDS = 30, 60
TOO_MANY = 429


def refusal(request: HttpRequest) -> str:
    """Count a form that comes with files; return why it's too many of them in a minute, or nothing."""
    if not request.FILES or not wait_of("uploads", request.user.pk, most=MOST, seconds=PERIOD_SECONDS):
        return ""
    return gettext("You have sent many files in a short time. Wait a minute, then try again.")
