"""Seals: a keyed digest of each entry, so that one changed behind TMS's back is found out (docs/security.md, row 27).

A removed entry leaves no seal; check_integrity finds it by the gap in its ticket's versions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from activity.enums import TargetType
from activity.sentences import pairs_of
from tms_site.lib.signing import signing_secrets

if TYPE_CHECKING:
    from activity.models import ActivityLog

SALT = "activity.seals"
_TEXT_OF = json.JSONEncoder(sort_keys=True, ensure_ascii=True).encode

# How the label of a link ends: "#1 blocks #2", in whichever language.
_LAST_NUMBER = re.compile(r"#([0-9]{1,18})\Z")


def _content(entry: ActivityLog, other_ticket_id: int | None) -> str:
    # The user's foreign key is left out: it becomes NULL when the user is deleted. The label stays.
    return sealed_text(
        user_label=entry.user_label,
        activity_type=entry.activity_type,
        activity_date=entry.activity_date,
        details=entry.details,
        target_type=entry.target_type,
        target_id=entry.target_id,
        target_label=entry.target_label,
        ticket_id=entry.ticket_id,
        other_ticket_id=other_ticket_id,
        changes=entry.changes,
        request_id=entry.request_id,
    )


def sealed_text(
    *,
    user_label: str,
    activity_type: str,
    activity_date: datetime,
    details: str,
    target_type: str,
    target_id: int | None,
    target_label: str,
    ticket_id: int | None,
    other_ticket_id: int | None,
    changes: Any,
    request_id: str,
) -> str:
    """Return the text that an entry's seal is made of."""
    values = [
        user_label,
        activity_type,
        activity_date.astimezone(UTC).isoformat(),
        details,
        target_type,
        target_id,
        target_label,
        ticket_id,
        changes,
        request_id,
    ]
    # Entries without one are sealed as they were before it was a part of the seal.
    values += [] if other_ticket_id is None else [other_ticket_id]
    return _TEXT_OF(values)


class Sealer:
    """Seals many texts (`sealed_text`) under the present SECRET_KEY, deriving the key of the seals once."""

    def __init__(self) -> None:
        self._keyed = salted_hmac(SALT, "", secret=settings.SECRET_KEY, algorithm="sha256")

    def seal(self, text: str) -> str:
        """Return the seal of one text."""
        mac = self._keyed.copy()
        mac.update(text.encode())
        return mac.hexdigest()


def _digest(content: str, secret: str) -> str:
    return salted_hmac(SALT, content, secret=secret, algorithm="sha256").hexdigest()


def seal(entry: ActivityLog) -> str:
    """Return the seal that belongs to the entry's content."""
    return _digest(_content(entry, entry.other_ticket_id), settings.SECRET_KEY)


def is_intact(entry: ActivityLog) -> bool:
    """Tell whether the entry still is what was written, under the present SECRET_KEY or an earlier one."""
    digests = [_digest(content, secret) for content in _contents(entry) for secret in signing_secrets()]
    return any(constant_time_compare(entry.seal, digest) for digest in digests)


def _contents(entry: ActivityLog) -> Iterator[str]:
    """Yield what the entry's seal may have been made of.

    Seals of earlier releases leave the other ticket out. Such an entry names it within what is sealed, so that the
    column is known to be right where it says the same, and only there.
    """
    if entry.other_ticket_id is not None:
        yield _content(entry, entry.other_ticket_id)
    if entry.other_ticket_id == _told_other_ticket(entry):
        yield _content(entry, None)


def _told_other_ticket(entry: ActivityLog) -> int | None:
    """Return the other ticket that an entry about a link, a merge or a split names."""
    if entry.target_type == TargetType.LINK:
        named = _LAST_NUMBER.search(entry.target_label)
        return int(named[1]) if named else None
    if entry.target_type != TargetType.TICKET:
        return None
    pairs = pairs_of(entry.changes)
    before, after = pairs.get("merged_into") or pairs.get("split", (None, None))
    told = after or before
    return told if isinstance(told, int) else None
