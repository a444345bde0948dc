"""The field by which a comment says that a macro goes along with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.replies.models import CannedReply
from tms_site.lib.numbers import ID_DIGITS_MAX, is_row_number

GONE = _("This canned reply isn't there any more.")


class MacroField(forms.CharField):
    """A canned reply by its id; nothing when blank."""

    widget = forms.HiddenInput

    def __init__(self, *, actor: User) -> None:
        super().__init__(label="", required=False, max_length=ID_DIGITS_MAX, error_messages={"max_length": GONE})
        self.actor = actor

    def to_python(self, value: Any) -> Any:
        """Return the reply or None; raises ValidationError."""
        text = super().to_python(value)
        if not text:
            return None
        found = reply_of(self.actor, text)
        if found is None:
            raise ValidationError(GONE, code="invalid_choice")
        return found

    def run_validators(self, value: Any) -> None:
        """A reply was found: there's no text left to check."""


def reply_of(actor: User, text: str) -> CannedReply | None:
    """Return the reply with this id that `actor` may use, or None."""
    if not is_row_number(text):
        return None
    return CannedReply.objects.visible_to(actor).select_related("assigned_agent").filter(pk=int(text)).first()
