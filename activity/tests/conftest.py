"""What the tests of the log share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from activity.models import ActivityLog

Written = Callable[[], list[ActivityLog]]


@pytest.fixture
def written(db: None) -> Written:
    """Return a function that gives the entries written since it was asked for the last time."""
    seen = {"last": 0}

    def since() -> list[ActivityLog]:
        entries = list(ActivityLog.objects.filter(pk__gt=seen["last"]).order_by("pk"))
        seen["last"] = entries[-1].pk if entries else seen["last"]
        return entries

    return since
