"""What a link of the left rail is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RailLink:
    """One link. `slug` names a view of tickets, whose count stands behind it."""

    url: str
    label: str
    icon: str
    active: bool = False
    slug: str = ""
