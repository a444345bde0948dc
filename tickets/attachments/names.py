"""What a file is called: what its sender says, made fit to be shown and saved."""

from __future__ import annotations

import re
import unicodedata

from tickets.attachments.kinds import extension
from tms_site.lib.text import clean_line, harmless

NAME_MAX = 150
FALLBACK = "file"
# Folders of every system, and what some of them don't let into a name.
_SEPARATORS = re.compile(r"[/\\]")
_UNFIT = re.compile(r'[<>:"|?*]')


def display_name(raw: str) -> str:
    """Return a name without folders, control and direction marks, and what shows nothing; never empty."""
    name = _SEPARATORS.split(unicodedata.normalize("NFC", raw))[-1]
    name = clean_line(_UNFIT.sub("_", harmless(name))).strip(". ")
    return _cut(name) or FALLBACK


def _cut(name: str) -> str:
    if len(name) <= NAME_MAX:
        return name
    kept = extension(name)[:20]
    return f"{name[: NAME_MAX - len(kept) - 2]}….{kept}" if kept else name[:NAME_MAX]
