"""The form by which a ticket is handed over."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.fields import AgentField, BlockField
from tickets.forms import WriteForm
from tickets.models import Ticket
from tickets.sorting.fields import TeamField
from tickets.sorting.offered import Offered
from tms_site.lib.fields import VersionField
from tms_site.lib.options import CheapSelect

BY_LOAD = "load"


class HeirField(AgentField):
    """An agent, nobody, or whoever of the team has least to do."""

    def to_python(self, value: Any) -> Any:
        """Return a user, None, or BY_LOAD; raises ValidationError."""
        return BY_LOAD if value == BY_LOAD else super().to_python(value)

    def offer_from(self, offered: Offered) -> None:
        """Offer everybody at the desk, and the least loaded."""
        super().offer_from(offered)
        assert isinstance(self.widget, CheapSelect)  # noqa: S101 - for the type checker
        nobody, *people = list(self.widget.choices)
        least = [(BY_LOAD, _("Whoever of the team has least to do"))] if offered.teams else []
        self.widget.choices = [nobody, *least, *people]


class HandOverForm(WriteForm):
    """Team, agent, and what they should know."""

    version = VersionField()
    team = TeamField()
    assigned_agent = HeirField()
    note = BlockField(
        label=_("Internal note"),
        required=False,
        rows=5,
        help_text=_("What whoever takes it should know. Only the helpdesk sees it."),
    )

    def __init__(self, data: QueryDict | None = None, *, ticket: Ticket) -> None:
        initial = {name: getattr(ticket, name) for name in ("version", "team", "assigned_agent")}
        super().__init__(data, initial=initial)
        self.ticket = ticket
        self.know(ticket)

    def clean(self) -> dict[str, Any]:
        """Ask for somebody where the form came back as it was shown for a ticket that nobody has."""
        data = super().clean() or self.cleaned_data
        if not self.errors and self._says_nothing(data):
            self.add_error("assigned_agent", gettext("Choose who takes the ticket, or a team."))
        return data

    def _says_nothing(self, data: dict[str, Any]) -> bool:
        """Tell whether nobody had the ticket and nobody gets it; by its version, not where the form is sent again."""
        ticket = self.ticket
        is_nobodys = data["assigned_agent"] is None and ticket.assigned_agent_id is None
        same_team = data.get("team") == ticket.team
        return is_nobodys and same_team and not data["note"].strip() and data["version"] == ticket.version

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for `hand_over`."""
        data = self.cleaned_data
        agent: User | str | None = data["assigned_agent"]
        by_load = agent == BY_LOAD
        return {
            "team": data.get("team"),
            "agent": None if by_load else agent,
            "by_load": by_load,
            "note": data["note"],
            "version": data["version"],
            "client_token": data["client_token"],
        }
