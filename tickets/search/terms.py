"""Words as the index holds them.

We take texts apart ourselves, so that both engines find the same: no engine's stop words, shortest or longest words,
collations or operators have a say. A term is a sign and a word without case and accents; letters beyond ASCII become
a `_` and four digits each, so that a term is made of nothing but ASCII letters, digits and `_`, and a prefix of a word
is a prefix of its term. A query is made of such terms only: no text that somebody types reaches an engine.

The sign says where a word stands: `zz` in what everybody on the ticket may read, `tt` in its title, `nn` in an internal
note; `rq` goes before the number of its requester. So one document serves those who may see notes and ask for `zz` and
`nn`, and those who may not and ask for `zz` alone: what isn't asked for by its sign isn't found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

WORD, TITLE, NOTE, REQUESTER = "zz", "tt", "nn", "rq"
# InnoDB indexes at most 84 characters of a word; both texts and queries are cut alike.
TERM_MAX = 80

_WORDS = re.compile(r"[^\W_]+")
# What is written as one, but is several words: PRN-2041, 10.11.19, jane.doe@example.com. It begins where a word does
# and never tries a word's length again (`++`), or a line of 100,000 letters would take minutes.
COMPOUNDS = re.compile(r"(?<![^\W_])[^\W_]++(?:[-_./:@#\\+][^\W_]++)++")
_SEPARATORS = re.compile(r"[\W_]+")
# And the other way round: PRN2041 is found by PRN-2041.
_CODES = re.compile(r"(?<![^\W_])([^\W\d_]{2,}+)(\d{2,}+)(?![^\W_])")
# Scripts that put no blanks between words: Han, Hiragana, Katakana. Every two neighbours are a term.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CODED = re.compile(r"_(\w{4})")
_CUT = re.compile(r"_\w{0,3}$")
# Nearly all that people write with, and no more than a few megabytes.
_LEARNT = 0x10000


class _Kept(dict[int, int | None]):
    """For `str.translate`: leaves out some signs of a text. It learns what texts are made of."""

    def __init__(self, is_kept: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_kept = is_kept

    def __missing__(self, code: int) -> int | None:
        kept = code if self._is_kept(chr(code)) else None
        if code < _LEARNT:
            self[code] = kept
        return kept


_WITHOUT_MARKS = _Kept(lambda sign: unicodedata.category(sign) != "Mn")
_LETTERS_ONLY = _Kept(str.isalnum)


def fold(text: str) -> str:
    """Return a text without case, accents and other differences that no one searches for."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = apart.translate(_WITHOUT_MARKS)
    # What is put together again are the syllables of Hangul.
    return unicodedata.normalize("NFC", bare)


def encode(word: str) -> str:
    """Return a folded word as ASCII letters, digits and `_`, as long as a term may be."""
    if word.isascii():
        return word[:TERM_MAX]
    return "".join(sign if sign.isascii() else _code(ord(sign)) for sign in word[:TERM_MAX])[:TERM_MAX]


def _code(number: int) -> str:
    digits = ""
    for _place in range(4):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return f"_{digits}"


def decode(term: str) -> str:
    """Return the folded word that was encoded, or its beginning where the term was cut."""
    return _CODED.sub(lambda code: chr(int(code[1], 36)), _CUT.sub("", term))


def letters(folded: str) -> str:
    """Return the letters and digits of a folded text without what stands between them."""
    return folded.translate(_LETTERS_ONLY)


def is_unspaced(word: str) -> bool:
    """Tell whether a folded word is of a script that puts no blanks between words."""
    return _UNSPACED.fullmatch(word) is not None


def split(folded: str) -> list[str]:
    """Return the words of a folded text in their order, runs of scripts without blanks as words of their own."""
    words = _WORDS.findall(folded)
    if folded.isascii():
        return words
    return [part for word in words for part in _UNSPACED.split(word) if part]


def pairs(run: str) -> list[str]:
    """Return every two neighbours of a run of a script without blanks; a lone sign as it is."""
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def sequence(folded: str) -> Iterator[str]:
    """Yield the encoded words of a folded text in their order, as a phrase of it reads."""
    for word in split(folded):
        if not word.isascii() and is_unspaced(word):
            yield from map(encode, pairs(word))
            # The last sign begins no pair, but a search for it alone must find it.
            if len(word) > 1:
                yield encode(word[-1])
        else:
            yield encode(word)


def ends_unspaced(folded: str) -> bool:
    """Tell whether the last word of a folded text is a run of at least two signs of a script without blanks."""
    words = split(folded)
    return bool(words) and len(words[-1]) > 1 and is_unspaced(words[-1])


def extras(folded: str) -> set[str]:
    """Return the encoded words that are written apart or together elsewhere: `prn2041` for PRN-2041, and back."""
    together = {encode(_SEPARATORS.sub("", found)) for found in COMPOUNDS.findall(folded)}
    apart = {encode(part) for found in _CODES.findall(folded) for part in found}
    return together | apart
