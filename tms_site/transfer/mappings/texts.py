"""What other systems' texts have in common: they're taken as they are, but for what TMS lets nobody write."""

from __future__ import annotations

import html
import re
from typing import Any

from tickets.enums import TITLE_MAX
from tickets.sorting.names import NAME_MAX
from tms_site.lib.text import clean_block, printable_block, printable_line

# A domain that never exists (RFC 2606), of people whose address nobody knows.
NOWHERE = "imported.invalid"
TAG = re.compile(r"(<[^<>]*>)")
NAME_OF_TAG = re.compile(r"<(/?)\s*([a-z0-9]+)", re.IGNORECASE)
UNFIT = re.compile(r"[^a-z0-9._+-]+")
BREAKS = frozenset({"br", "p", "div", "li", "tr", "table", "ul", "ol", "blockquote", "h1", "h2", "h3", "pre", "hr"})
SILENT = frozenset({"script", "style", "head", "title"})
LOCAL_MAX = 60


def line(value: Any, most: int = TITLE_MAX) -> str:
    """Return a text of one line, cut where it's longer than TMS takes."""
    text = printable_line("" if value is None else str(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def name(value: Any) -> str:
    """Return a name of a team or category."""
    return line(value, NAME_MAX)


def block(value: Any) -> str:
    """Return a text of several lines."""
    return clean_block(printable_block("" if value is None else str(value)))


def plain(text: str) -> str:
    """Return what HTML says, without anything of how; in one pass, whatever it's like."""
    parts: list[str] = []
    silent = ""
    for part in TAG.split(text):
        found = NAME_OF_TAG.match(part)
        tag = found[2].lower() if found else ""
        if silent:
            silent = "" if found and found[1] and tag == silent else silent
        elif tag in SILENT and found and not found[1]:
            silent = tag
        elif tag in BREAKS:
            parts.append("\n")
        elif not (part.startswith("<") and part.endswith(">")):
            parts.append(html.unescape(part))
    lines = [" ".join(each.split()) for each in "".join(parts).split("\n")]
    return block(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)))


def address_of(text: Any) -> str:
    """Return an address that leads nowhere, of somebody of whom only a name is known."""
    local = UNFIT.sub("-", str(text).lower()).strip("-.")[:LOCAL_MAX].strip("-.")
    return f"{re.sub(r'[.]{2,}', '.', local) or 'unknown'}@{NOWHERE}"
