"""Notices that offer to undo what they tell of: a form in the notice itself, with and without JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

# Before the address in the tags of a message, the one place where Django keeps more than its text.
MARK = "undo:"


def success_with_undo(request: HttpRequest, text: str, address: str) -> None:
    """Add a notice to the next page, with a button that posts to `address`."""
    messages.success(request, text, extra_tags=f"{MARK}{address}")


def address_of(message: object) -> str:
    """Return where a notice's Undo posts to; nothing for a notice without one."""
    tags = getattr(message, "extra_tags", None) or ""
    return tags.removeprefix(MARK) if tags.startswith(MARK) else ""
