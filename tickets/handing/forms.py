"""The form by which a ticket is handed over."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
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
        for name in ("team", "assigned_agent"):
            self.fields[name].present = getattr(ticket, name)  # type: ignore[attr-defined] # both have it

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
