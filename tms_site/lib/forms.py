"""What all forms that write have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tms_site.lib.fields import TokenField, new_token


def with_values(data: Mapping[str, Any], **values: str) -> QueryDict:
    """Return a copy of what was sent, with other values in some of its fields."""
    changed = QueryDict(mutable=True)
    changed.update(data)
    for name, value in values.items():
        changed[name] = value
    return changed


class SubmissionForm(forms.Form):
    """A form that names its submission. A name that isn't one of ours is refused and replaced."""

    client_token = TokenField()

    def full_clean(self) -> None:
        """Check the form; give it a new name when the old one was wrong."""
        super().full_clean()
        if not self.is_bound:
            return
        if isinstance(self.data, QueryDict):
            self._refuse_lists(self.data)
        if "client_token" in self.errors:
            self.renew_token()

    def _refuse_lists(self, data: QueryDict) -> None:
        # Django would take the last of several values without a word.
        for name, field in self.fields.items():
            if len(data.getlist(name)) > 1 and not isinstance(field, forms.MultipleChoiceField):
                self.add_error(name, _("This was sent more than once. Check it and send it again."))

    def renew_token(self) -> None:
        """Make the next submission a new one."""
        self.data = with_values(self.data, client_token=new_token())
