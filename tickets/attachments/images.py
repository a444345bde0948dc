"""Previews of pictures: made anew from their pixels, so that nothing else of what somebody sent is in them."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageOps
from PIL.ExifTags import Base

logger = logging.getLogger(__name__)

# Decoders that are let near what somebody sent, whatever it calls itself.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# 50 megapixels are a big camera's; a bomb of a few kilobytes unpacks to more, and Pillow warns at more still.
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 960
TYPE = "image/webp"
QUALITY = 82
# The values of EXIF's orientation for a camera that was held upright.
ON_THEIR_SIDE = (5, 6, 7, 8)


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
        return _preview_of(file)
    except Exception:
        # Pillow's decoders raise whatever occurs to them at odd bytes. A file without a preview is still a file.
        logger.warning("No preview of an attached picture.", exc_info=True)
        return None


def _preview_of(file: IO[bytes]) -> Preview | None:
    with Image.open(file, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            return None
        # JPEG is decoded at a fraction of its size, which takes a fraction of the time.
        picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
        picture.seek(0)
        orientation = picture.getexif().get(Base.Orientation)
        has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        small = picture.convert("RGBA" if has_alpha else "RGB")
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # A picture of its own, which has pixels and no more.
        bare = Image.new(small.mode, small.size)
        bare.paste(small)
    if orientation in ON_THEIR_SIDE:
        width, height = height, width
    data = io.BytesIO()
    _upright(bare, orientation).save(data, "WEBP", quality=QUALITY, method=4)
    return Preview(data.getvalue(), width, height)


def _upright(bare: Image.Image, orientation: Any) -> Image.Image:
    """Turn a picture that has no metadata: with those of others Pillow would write them anew, and fail at odd ones."""
    bare.getexif()[Base.Orientation] = orientation
    turned = ImageOps.exif_transpose(bare)
    turned.getexif().clear()
    return turned
