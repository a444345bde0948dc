"""Taking files from requests: only where a view asks for them, and never more bytes than the limits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest


def takes_files(request: HttpRequest) -> bool:
    """Tell whether the view that will answer says `takes_files = True`; whatever comes to others is passed over."""
    match = request.resolver_match
    view = getattr(match.func, "view_class", match.func) if match else None
    return bool(getattr(view, "takes_files", False))


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps files in temporary ones, which only TMS's own account may read.

    Of a file that's larger than ATTACHMENT_MAX_FILE, or comes when ATTACHMENT_MAX_COMMENT bytes are there already, the
    rest is counted but not kept: the form that gets it sees its true size, and refuses it in words. A body that's
    beyond all reason is refused before it's read.
    """

    wanted = False
    received = 0
    total = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse a body that can't be taken; the arguments are Django's.

        Raises:
            RequestDataTooBig: it's larger than a form with twice the files that are allowed, or than a form without.
        """
        self.wanted = self.request is not None and takes_files(self.request)
        most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if self.wanted:
            # Some room beyond the limit, so that who misses it by little gets the form back instead of an error page.
            most += 2 * settings.ATTACHMENT_MAX_COMMENT
        if content_length > most:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, or pass it over."""
        if not self.wanted:
            raise SkipFile
        self.received = 0
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece of the file, as long as the limits allow."""
        self.received += len(raw_data)
        self.total += len(raw_data)
        if self.received <= settings.ATTACHMENT_MAX_FILE and self.total <= settings.ATTACHMENT_MAX_COMMENT:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """Hand the file over, with the size that was sent."""
        return super().file_complete(self.received)
