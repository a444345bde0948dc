"""Words that are said again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import TypeVar

from django.utils.translation import get_language

Value = TypeVar("Value", bound=Hashable)


def remembered_by_language(words: Callable[[Value], str]) -> Callable[[Value], str]:
    """Decorate a function that says a value in words: what it has said in a language isn't put together again.

    It must depend on nothing but its value and the language; Django formats a date in 20 microseconds, of which a
    dashboard has a hundred.
    """

    @lru_cache(maxsize=4096)
    def kept(value: Value, language: str | None) -> str:
        return words(value)

    @wraps(words)
    def said(value: Value) -> str:
        return kept(value, get_language())

    return said
