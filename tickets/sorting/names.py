"""When two names are one. Engines disagree on that (case, accents), so we say it ourselves and store ASCII."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tms_site.lib.edits import merged_set
from tms_site.lib.text import clean_line, validate_text, validate_visible

NAME_MAX = 60
TAG_MAX = 40
TAGS_MAX = 20
# Punycode of sixty signs from the far end of Unicode is about five times as long.
KEY_MAX = 400
# Said by the forms and by the services.
UNKNOWN_CATEGORY = _("Choose a category from the list.")
UNKNOWN_TEAM = _("Choose an active team.")

_SEPARATORS = re.compile(r"[,;\n]+")
# They would end a tag in the search box or in a list of tags.
_UNFIT = re.compile(r"[\"“”<>]")


def name_key(name: str) -> str:
    """Return what all spellings of a name have in common, in ASCII: case and width don't matter, accents do."""
    return unicodedata.normalize("NFKC", clean_line(name)).casefold().encode("punycode").decode("ascii")


def tag_name(text: str) -> str:
    """Return a tag as it's stored: small letters, hyphens for blanks, no `#` before it.

    Raises ValidationError for what can't be a tag.
    """
    validate_text(text)
    folded = unicodedata.normalize("NFKC", clean_line(text)).casefold().strip("#- ")
    name = "-".join(folded.split())
    validate_text(name)
    validate_visible(name)
    if len(name) > TAG_MAX:
        raise ValidationError(
            _("A tag has at most %(max)d characters: “%(tag)s…” is longer."),
            code="max_length",
            params={"max": TAG_MAX, "tag": name[:TAG_MAX]},
        )
    if _UNFIT.search(name) or _SEPARATORS.search(name):
        raise ValidationError(_("A tag has no commas, quotation marks or angle brackets."), code="invalid")
    return name


def tag_names(texts: Iterable[str]) -> list[str]:
    """Return tags as they are stored, sorted, each once; raises ValidationError."""
    names = sorted({tag_name(text) for text in texts if text.strip("#- \t")})
    if len(names) > TAGS_MAX:
        raise too_many_tags()
    return names


def too_many_tags() -> ValidationError:
    """Return the error of more tags than a ticket may have."""
    return ValidationError(_("A ticket has at most %(max)d tags."), code="max", params={"max": TAGS_MAX})


def merged_tags(base: Iterable[str], stored: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Return the tags of a ticket that two people change at once, sorted; raises ValidationError.

    Args:
        base: the tags that both began from.
        stored: what one of them has made of these.
        wanted: what the other one makes of them now.
    """
    before, merged = set(stored), merged_set(base, stored, wanted)
    # Whoever adds none isn't the one who made them too many.
    if len(merged) > TAGS_MAX and not before.issuperset(merged):
        words = _(
            "A ticket has at most %(max)d tags. "
            "Somebody else changed them meanwhile: with yours it would have %(count)d."
        )
        raise ValidationError({"tags": ValidationError(words, "max", {"max": TAGS_MAX, "count": len(merged)})})
    return merged


def split_tags(text: str) -> list[str]:
    """Return the tags that somebody typed into one line, with commas between them; raises ValidationError."""
    return tag_names(_SEPARATORS.split(text))
