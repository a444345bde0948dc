"""Which files may be attached, and as what they're sent: by their extension, never by what they say of themselves."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.conf import settings

UNKNOWN = "application/octet-stream"
# What a browser might run or lay out (HTML, SVG, XML, PDF with scripts) is still sent as a download in a sandbox; the
# types of XML and its like aren't named at all.
TYPES = {
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eml": "message/rfc822",
    "gif": "image/gif",
    "gz": "application/gzip",
    "heic": "image/heic",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "log": "text/plain",
    "md": "text/plain",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rtf": "application/rtf",
    "tar": "application/x-tar",
    "txt": "text/plain",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
PICTURES = frozenset({"gif", "jpeg", "jpg", "png", "webp"})


def extension(name: str) -> str:
    """Return the last extension of a name, in small letters and without its dot."""
    return PurePosixPath(name).suffix[1:].lower()


def is_allowed(name: str) -> bool:
    """Tell whether a file of this name may be attached."""
    return extension(name) in settings.ATTACHMENT_EXTENSIONS


def content_type(name: str) -> str:
    """Return what a file is sent as."""
    return TYPES.get(extension(name), UNKNOWN)


def is_picture(name: str) -> bool:
    """Tell whether a preview is tried."""
    return extension(name) in PICTURES
