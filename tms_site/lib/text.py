"""Text from outside: what is let in, the same for every field and every entrance."""

import re

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

# Control characters other than tab and line breaks, lone surrogates, and the marks that reverse the reading
# direction of what follows, with which a name can be made to look like another (CVE-2021-42574).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile(r"\s+")
# Blanks, and letters and marks that show nothing.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u2065\u206a-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[\\s{_UNSEEN}]*")
_WHOLE = re.compile(r"[.,]0(?=\s)")
_HIDDEN = re.compile(f"[{_UNSEEN}]")


def validate_text(value: str) -> None:
    """Refuse characters that no text needs; raises ValidationError."""
    if _FORBIDDEN.search(value):
        raise ValidationError(
            _("Remove the control characters or hidden direction marks from this text."), code="forbidden_characters"
        )


def validate_visible(value: str) -> None:
    """Refuse a text in which there is nothing to see; raises ValidationError."""
    if _INVISIBLE.fullmatch(value):
        raise ValidationError(_("This field is required."), code="blank")


def clean_line(value: str) -> str:
    """Return a text of one line: blanks at the ends removed, others folded to one space."""
    return _BLANKS.sub(" ", value).strip()


def clean_block(value: str) -> str:
    """Return a text of several lines with plain line breaks and without blanks at its ends."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def printable_block(value: str) -> str:
    """Return text from outside with a sign for whatever `validate_text` refuses."""
    return _FORBIDDEN.sub("\ufffd", value)


def printable_line(value: str) -> str:
    """Return text from outside as one harmless line, for the log: what `validate_text` refuses becomes a sign."""
    return clean_line(printable_block(value))


def harmless(value: str) -> str:
    """Return a name without what `validate_text` refuses and without letters and marks that show nothing."""
    return _HIDDEN.sub("", _FORBIDDEN.sub("", value))


def size_in_words(size: int) -> str:
    """Return a number of bytes as people read it: "3.5 MB", "10 MB"."""
    return _WHOLE.sub("", filesizeformat(size))
