"""The form for a personal access token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.tokens.models import NAME_MAX, Scope
from accounts.tokens.services import LIFETIMES
from tms_site.lib.fields import TOO_LONG, empty_messages, refuse_nul_once
from tms_site.lib.forms import SubmissionForm
from tms_site.lib.text import validate_text, validate_visible


class PersonalTokenForm(SubmissionForm):
    """What the token is for, what it may, and for how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_MAX,
        help_text=_("What it is for, such as “Nightly report”."),
        error_messages={"max_length": TOO_LONG, **empty_messages(_("Enter a name."))},
    )
    scope = forms.ChoiceField(
        label=_("May"),
        choices=Scope.choices,
        initial=Scope.READ,
        help_text=_("A token never may more than you do yourself."),
        error_messages={"required": _("Choose what it may.")},
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        choices=[(days, _("%d days") % days) for days in LIFETIMES],
        initial=90,
        error_messages={"required": _("Choose for how long it's good.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators += [validate_text, validate_visible]
        refuse_nul_once(self.fields["name"])
