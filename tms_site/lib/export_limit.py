"""Exports read whole tables: each person may take a few in a minute, counted in the cache that all workers share."""

from __future__ import annotations

import math
import time
from http import HTTPStatus

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

MOST, PERIOD_SECONDS = 10, 60


def export_refusal(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to somebody who shall have no file now, or None for whom it's made.

    A browser that only guesses what its user may want next gets nothing: it neither counts nor is it logged.
    """
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    if "prefetch" in purpose:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    wait = _wait_of(request.user.pk)
    if not wait:
        return None
    context = {"todo": gettext("You have taken many files in a short time. Wait a minute, then try again.")}
    response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait)
    return response


def _wait_of(person: int | None) -> int:
    """Count an export and return 0, or the seconds until the next one is welcome."""
    # allauth's limits pass every GET over. Two exports at the very same time may count as one, which does no harm.
    key, now = f"exports:{person}", time.time()
    moments: list[float] = [moment for moment in cache.get(key, []) if moment > now - PERIOD_SECONDS]
    if len(moments) >= MOST:
        return max(math.ceil(moments[0] + PERIOD_SECONDS - now), 1)
    cache.set(key, [*moments, now], PERIOD_SECONDS)
    return 0
