"""What a backup's manifest must have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tms_site.backup.saving import FORMAT

# What the engines can count to.
LARGEST = (1 << 63) - 1


class ManifestError(Exception):
    """It isn't the manifest of a backup that this release reads; the text goes on where the file was named."""


def check_manifest(manifest: Any) -> dict[str, Any]:
    """Return a manifest in which everything that a restore reads is there, and is what it should be.

    Args:
        manifest: whatever stood in the file.

    Raises:
        ManifestError: something isn't.
    """
    if not isinstance(manifest, dict):
        raise ManifestError("has no manifest that can be read")
    # The other keys are those of the format.
    if manifest.get("format") != FORMAT:
        raise ManifestError(f"has the format {str(manifest.get('format'))[:20]}; this release reads {FORMAT}")
    for key, fits in KEYS.items():
        if key not in manifest:
            raise ManifestError(f"is incomplete: its manifest has no {key}")
        if not fits(manifest[key]):
            raise ManifestError(f"is damaged: {key} in its manifest isn't what it should be")
    return manifest


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_migrations(value: Any) -> bool:
    return isinstance(value, list) and all(_are_texts(each) and len(each) == len(("app", "name")) for each in value)


def _are_numbers(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_number, value.values()))


def _is_model(value: Any) -> bool:
    return isinstance(value, dict) and _are_texts(value.get("columns")) and _is_number(value.get("rows"))


def _are_models(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_model, value.values()))


KEYS: dict[str, Callable[[Any], bool]] = {
    "made_at": _is_text,
    "migrations": _are_migrations,
    "next_numbers": _are_numbers,
    "models": _are_models,
    "files": _is_number,
    "vanished": _are_texts,
}
