"""How often somebody may do something, counted in the cache that all workers share."""

from __future__ import annotations

import math
import time

from django.core.cache import cache


def wait_of(what: str, person: int | None, *, most: int, seconds: int) -> int:
    """Count one more time and return 0, or the seconds until the next one is welcome.

    Args:
        what: the name of what is counted.
        person: who does it.
        most: how often they may do it within `seconds`.
        seconds: the length of the window.
    """
    # allauth's limits pass every GET over. Two at the very same time may count as one, which does no harm.
    key, now = f"{what}:{person}", time.time()
    moments: list[float] = [moment for moment in cache.get(key, []) if moment > now - seconds]
    if len(moments) >= most:
        return max(math.ceil(moments[0] + seconds - now), 1)
    cache.set(key, [*moments, now], seconds)
    return 0
