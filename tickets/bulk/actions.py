"""What can be done to many tickets: to one of them, as a pure description of the change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from tickets import policies, workflow
from tickets.enums import Priority, Status
from tickets.models import Team, Ticket
from tickets.sorting.names import name_key
from tickets.workflow import WorkflowError
from tms_site.lib.permissions import Decision, Denied

AGENT, TEAM, STATUS, PRIORITY, TAG, UNTAG, DELETE = "agent", "team", "status", "priority", "tag", "untag", "delete"
# Has a page of its own, which the numbers are sent to.
MERGE = "merge"
LABELS = {
    AGENT: _("Assign to an agent"),
    TEAM: _("Give to a team"),
    STATUS: _("Set the status"),
    PRIORITY: _("Set the priority"),
    TAG: _("Add tags"),
    UNTAG: _("Remove tags"),
    DELETE: _("Delete"),
}
FIELDS = {
    AGENT: "assigned_agent",
    TEAM: "team",
    STATUS: "status",
    PRIORITY: "priority",
    TAG: "tags",
    UNTAG: "tags",
}


@dataclass(frozen=True)
class Action:
    """What shall be done.

    Args:
        kind: one of the names above.
        value: what the field becomes: a row, None, a word, or the tags that come or go.
    """

    kind: str
    value: User | Team | str | None = None
    tags: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The action in words."""
        shown = self._shown()
        return f"{LABELS[self.kind]}: {shown}" if shown else str(LABELS[self.kind])

    def _shown(self) -> str:
        if self.kind in (TAG, UNTAG):
            return ", ".join(self.tags)
        if self.kind == STATUS:
            return str(Status(str(self.value)).label)
        if self.kind == PRIORITY:
            return str(Priority(str(self.value)).label)
        if self.kind == DELETE:
            return ""
        return str(self.value) if self.value is not None else gettext("nobody")

    def changes(self, ticket: Ticket) -> dict[str, Any]:
        """Return the new value of the field that it changes on this ticket; tags are the same in any spelling."""
        if self.kind == TAG:
            return {"tags": [*ticket.tags, *self._without(self.tags, ticket.tags)]}
        if self.kind == UNTAG:
            return {"tags": self._without(ticket.tags, self.tags)}
        return {FIELDS[self.kind]: self.value}

    @staticmethod
    def _without(names: list[str], others: list[str]) -> list[str]:
        keys = {name_key(name) for name in others}
        return [name for name in names if name_key(name) not in keys]

    def decision(self, actor: Actor, ticket: Ticket) -> Decision:
        """Return whether it can be done to this ticket, with the reason if not."""
        if self.kind == DELETE:
            return policies.can_delete(actor, ticket)
        may = policies.FIELD_POLICIES[FIELDS[self.kind]](actor, ticket)
        if not may or self.kind != STATUS:
            return may
        try:
            workflow.check_transition(ticket.status, str(self.value))
        except WorkflowError as error:
            return Denied(str(error.message))
        return may

    def changes_nothing(self, ticket: Ticket) -> bool:
        """Whether the ticket is so already."""
        if self.kind == DELETE:
            return False
        return all(getattr(ticket, name) == value for name, value in self.changes(ticket).items())
