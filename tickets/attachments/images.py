"""Previews of pictures: made anew from their pixels, so that nothing else of what somebody sent is in them."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from threading import Lock
from typing import IO, Any

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import Base

logger = logging.getLogger(__name__)

# Decoders that are let near what somebody sent, whatever it calls itself.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# 50 megapixels are a big camera's, of which JPEG is decoded at a fraction. Two kilobytes of the other formats unpack
# to as many: of what is decoded whole, a picture may have fewer, and all that are sent together not many more.
MOST_PIXELS, MOST_DECODED, DECODED_TOGETHER = 50_000_000, 16_000_000, 64_000_000
# Pillow makes these smaller as they are; the others it would only thin out.
SMOOTH_MODES = ("L", "LA", "RGB", "RGBA")
LONGEST_SIDE = 960
TYPE = "image/webp"
QUALITY = 82
# The values of EXIF's orientation for a camera that was held upright.
ON_THEIR_SIDE = (5, 6, 7, 8)

# A picture takes up to 300 MB while it's unpacked: one at a time in each process.
_unpacking = Lock()


@dataclass
class Allowance:
    """How many pixels may still be decoded of the pictures that are sent together."""

    pixels: int = field(default_factory=lambda: DECODED_TOGETHER)

    def covers(self, pixels: int) -> bool:
        """Tell whether so many may be decoded, and take them off if so."""
        if pixels > min(self.pixels, MOST_DECODED):
            return False
        self.pixels -= pixels
        return True


@dataclass(frozen=True)
class Preview:
    """A small picture, and the size of the one that it was made from."""

    data: bytes
    width: int
    height: int


def preview_of(file: IO[bytes], allowance: Allowance) -> Preview | None:
    """Return a preview of a picture: its first frame, turned the right way up, without any of its metadata.

    None for what isn't a picture after all, is broken, or would unpack to more than is allowed.
    """
    try:
        with _unpacking:
            return _preview_of(file, allowance)
    except UnidentifiedImageError:
        # Somebody calls a picture what is none: nothing that an operator could mend.
        return None
    except Exception:
        # Pillow's decoders raise whatever occurs to them at odd bytes. A file without a preview is still a file.
        logger.warning("No preview of an attached picture.", exc_info=True)
        return None


def _preview_of(file: IO[bytes], allowance: Allowance) -> Preview | None:
    with Image.open(file, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            return None
        # JPEG is decoded at a fraction of its size, which takes a fraction of the time.
        picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
        if not allowance.covers(picture.width * picture.height):
            return None
        picture.seek(0)
        orientation = picture.getexif().get(Base.Orientation)
        has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        if picture.mode in SMOOTH_MODES and "transparency" not in picture.info:
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
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
