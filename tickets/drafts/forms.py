"""What the pages send of a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.enums import DESCRIPTION_MAX, TITLE_MAX
from tms_site.lib.fields import refuse_nul_once
from tms_site.lib.forms import SubmissionForm
from tms_site.lib.text import validate_text


class _TypedField(forms.CharField):
    """Text just as it was typed: somebody is in the midst of it, even of a blank."""

    default_validators = [validate_text]  # noqa: RUF012 - Django reads it from the class

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)
        refuse_nul_once(self)

    def to_python(self, value: Any) -> str:
        """Return the text with plain line breaks."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class DraftForm(SubmissionForm):
    """A comment or a new ticket that isn't finished."""

    title = _TypedField(label=_("Title"), max_length=TITLE_MAX)
    description = _TypedField(label=_("Description"), max_length=DESCRIPTION_MAX)
    kind = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")], required=False)

    def written(self) -> dict[str, Any]:
        """Return the arguments for `save_draft`."""
        data = self.cleaned_data
        return {
            "text": data["description"],
            "title": data["title"],
            "is_internal": data["kind"] == "note",
            "client_token": data["client_token"],
        }
