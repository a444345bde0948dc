"""What makes a password good enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tms_site.lib.text import validate_text

if TYPE_CHECKING:
    from accounts.models import User

# Far beyond any password, and far below what would keep a hasher busy.
PASSWORD_MAX_LENGTH = 256


def validate_new_password(password: str, user: User) -> None:
    """Refuse a password that's too long, has control characters, or that a validator of the settings refuses.

    Raises:
        ValidationError: with each reason.
    """
    if len(password) > PASSWORD_MAX_LENGTH:
        raise ValidationError(
            _("This password is too long. It may have at most %(max)d characters."),
            code="password_too_long",
            params={"max": PASSWORD_MAX_LENGTH},
        )
    validate_text(password)
    validate_password(password, user)


def validate_password_field(password: str, user: User) -> None:
    """Refuse a password as `validate_new_password` does, by the name of its field."""
    try:
        validate_new_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.error_list}) from error
