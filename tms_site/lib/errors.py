"""Errors that services raise for people."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ServiceError(Exception):
    """A rule refused a change. `message` is meant for people; `field` names the form field that it's about, if any."""

    # What forms know the refusal by, where it isn't one like any other.
    code: ClassVar[str | None] = None

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class ChangedMeanwhile(ServiceError):  # noqa: N818 - a reason that people read, not a failure
    """Somebody else changed it since the form was made."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this meanwhile. Open it again, and make your change there."))


class SentBefore(ServiceError):  # noqa: N818 - a reason that people read, not a failure
    """The same form was sent before and did something else. Under a new name it does what it says now."""

    code = "sent_before"


def require_version(stored: int, sent: int | None) -> None:
    """Raise ChangedMeanwhile unless a form was made from the stored version; None is meant whatever is stored."""
    if sent is not None and sent != stored:
        raise ChangedMeanwhile
