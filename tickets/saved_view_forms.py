"""The form for a view: a list's filters and order under a name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.enums import PARAMETERS_MAX, VIEW_NAME_MAX
from tickets.fields import LineField
from tickets.services.saved_views import CHANGEABLE
from tms_site.lib.fields import VersionField
from tms_site.lib.forms import SubmissionForm


class SavedViewForm(SubmissionForm):
    """A view's name, what it shows, and for those who may: whether it's shared."""

    version = VersionField()
    name = LineField(label=_("Name"), missing=_("Enter a name."), max_length=VIEW_NAME_MAX)
    is_shared = forms.BooleanField(
        label=_("Share with the helpdesk"),
        required=False,
        help_text=_("Agents and SysAdmins find it in their menu. Nobody sees more tickets by it than they may."),
    )
    parameters = forms.CharField(widget=forms.HiddenInput, required=False, max_length=PARAMETERS_MAX)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not policies.can_share_views(actor):
            del self.fields["is_shared"]

    def values(self) -> dict[str, Any]:
        """Return the values for the services."""
        return {name: self.cleaned_data[name] for name in CHANGEABLE if name in self.fields}
