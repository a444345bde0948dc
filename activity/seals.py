"""Seals: a keyed digest of each entry, so that one changed behind TMS's back is found out (SECURITY-CHECKS row 27).

A removed entry leaves no seal; check_integrity finds it by the gap in its ticket's versions.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from activity.models import ActivityLog

SALT = "activity.seals"


def _content(entry: ActivityLog) -> str:
    # The user's foreign key is left out: it becomes NULL when the user is deleted. The label stays.
    values = [
        entry.user_label,
        entry.activity_type,
        entry.activity_date.astimezone(UTC).isoformat(),
        entry.details,
        entry.target_type,
        entry.target_id,
        entry.target_label,
        entry.ticket_id,
        entry.changes,
        entry.request_id,
    ]
    return json.dumps(values, sort_keys=True, ensure_ascii=True)


def _digest(content: str, secret: str) -> str:
    return salted_hmac(SALT, content, secret=secret, algorithm="sha256").hexdigest()


def seal(entry: ActivityLog) -> str:
    """Return the seal that belongs to the entry's content."""
    return _digest(_content(entry), settings.SECRET_KEY)


def is_intact(entry: ActivityLog) -> bool:
    """Tell whether the entry still is what was written, under the present SECRET_KEY or an earlier one."""
    content = _content(entry)
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(entry.seal, _digest(content, secret)) for secret in secrets)
