"""Errors that services raise for people."""

from django.utils.functional import Promise


class ServiceError(Exception):
    """A rule refused a change. `message` is meant for people; `field` names the form field that it's about, if any."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
