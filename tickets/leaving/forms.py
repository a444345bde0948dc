"""The question where the tickets of somebody who leaves go."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.fields import AgentField
from tickets.forms import WriteForm
from tickets.leaving.services import Destination


class LeavingForm(WriteForm):
    """Where the tickets go."""

    destination = forms.ChoiceField(
        label=_("Where do their open tickets go?"),
        choices=Destination.choices,
        initial=Destination.NOBODY,
        widget=forms.RadioSelect,
    )
    agent = AgentField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].label = _("Agent")
        self.fields["agent"].help_text = _("Only if you chose “Another agent”.")

    def leave_out(self, users: Collection[User]) -> None:
        """Offer the tickets to nobody who leaves."""
        leaving = {user.pk for user in users}
        widget = cast("forms.Select", self.fields["agent"].widget)
        widget.choices = [choice for choice in widget.choices if choice[0] not in leaving]

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for `deactivate_agents`."""
        data = self.cleaned_data
        destination = data["destination"]
        return {"destination": destination, "agent": data["agent"] if destination == Destination.AGENT else None}
