"""The secrets with which TMS signs."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings


def signing_secrets() -> Iterator[str]:
    """Yield SECRET_KEY and then the former ones."""
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS
