"""Previews of pictures: made anew from their pixels, so that nothing else of what somebody sent is in them."""

from __future__ import annotations

import io
import logging
import warnings
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps

logger = logging.getLogger(__name__)

# Decoders that are let near what somebody sent, whatever it calls itself.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# 50 megapixels are a big camera's; a bomb of a few kilobytes unpacks to more.
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 960
TYPE = "image/webp"
QUALITY = 82


@dataclass(frozen=True)
class Preview:
    """A small picture, and the size of the one that it was made from."""

    data: bytes
    width: int
    height: int


def preview_of(file: IO[bytes]) -> Preview | None:
    """Return a preview of a picture: its first frame, turned the right way up, without any of its metadata.

    None for what isn't a picture after all, is broken, or would unpack to more than MOST_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            # What Pillow only warns of is none of our pictures either.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _preview_of(file)
    except (OSError, ValueError, SyntaxError, EOFError, Warning, Image.DecompressionBombError) as error:
        logger.info("No preview of an attached picture: %s", error)
        return None


def _preview_of(file: IO[bytes]) -> Preview | None:
    with Image.open(file, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            return None
        # JPEG is decoded at a fraction of its size, which takes a fraction of the time.
        picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
        picture.seek(0)
        turned = ImageOps.exif_transpose(picture)
        if turned.size != picture.size:
            width, height = height, width
        has_alpha = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
        small = turned.convert("RGBA" if has_alpha else "RGB")
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # A picture of its own, which has pixels and no more.
        bare = Image.new(small.mode, small.size)
        bare.paste(small)
    data = io.BytesIO()
    bare.save(data, "WEBP", quality=QUALITY, method=4)
    return Preview(data.getvalue(), width, height)
