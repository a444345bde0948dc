"""What a look at something came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is; the command's exit status."""

    FINE = 0
    WARNING = 1
    PROBLEM = 2


@dataclass(frozen=True)
class Finding:
    """One line of the report, and what to do about it."""

    level: Level
    about: str
    text: str
    advice: str = ""


Examination = Callable[[], Iterator[Finding]]


def fine(about: str, text: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(Level.FINE, about, text)


def warning(about: str, text: str, advice: str) -> Finding:
    """Return that something wants a look."""
    return Finding(Level.WARNING, about, text, advice)


def problem(about: str, text: str, advice: str) -> Finding:
    """Return that something doesn't work, or won't for long."""
    return Finding(Level.PROBLEM, about, text, advice)
