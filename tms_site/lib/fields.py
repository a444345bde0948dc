"""The hidden fields of forms that write: from which version they were made, and which submission they are."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import ProhibitNullCharactersValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

OUT_OF_DATE = _("This form is out of date. Check it and send it again.")
# In place of Django's words; the browser says the same (templates/includes/texts.html).
TOO_LONG = _("This is too long: at most %(limit_value)d characters, and it has %(show_value)d.")
CLIENT_TOKEN_MAX = 64
MAX_VERSION = 2**31 - 1


def refuse_nul_once(field: forms.Field) -> None:
    """Leave NUL to `validate_text`, which refuses it among others: Django's own check would say so a second time."""
    field.validators = [each for each in field.validators if not isinstance(each, ProhibitNullCharactersValidator)]


def empty_messages(words: Any) -> dict[str, Any]:
    """Return `words` as the messages of a field in which nothing was typed, or nothing that can be seen."""
    return dict.fromkeys(("required", "blank"), words)


class TokenField(forms.CharField):
    """The name of one submission: the same form sent twice is one ticket or comment."""

    widget = forms.HiddenInput
    default_validators = [RegexValidator(r"\A[\w-]+\Z", OUT_OF_DATE)]  # noqa: RUF012 - Django reads it from the class

    def __init__(self) -> None:
        super().__init__(
            label="", required=False, max_length=CLIENT_TOKEN_MAX, empty_value=None, initial=new_token,
            error_messages={"max_length": OUT_OF_DATE},
        )  # fmt: skip

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A hidden input needs no limit."""
        return {}


def new_token() -> str:
    """Return a name for a submission that's about to be written."""
    return str(uuid4())


class VersionField(forms.IntegerField):
    """The version that a form was made from."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), OUT_OF_DATE)
        super().__init__(label="", required=False, min_value=1, max_value=MAX_VERSION, error_messages=messages)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A hidden input needs no limits."""
        return {}
