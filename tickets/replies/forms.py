"""The form for a canned reply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.enums import Priority, Status
from tickets.fields import AgentField, BlockField, LineField
from tickets.forms import WriteForm
from tickets.replies.models import BODY_MAX, NAME_MAX, SHORTCUT_MAX, Assignment, CannedReply
from tickets.replies.placeholders import validate_placeholders
from tickets.replies.services import CHANGEABLE
from tickets.services.agents import UNKNOWN_AGENT
from tickets.sorting.fields import TagsField
from tms_site.lib.fields import VersionField

AS_IT_IS = ("", _("Leave as it is"))


class ReplyForm(WriteForm):
    """A canned reply, and what using it changes."""

    version = VersionField()
    name = LineField(label=_("Name"), missing=_("Enter a name."), max_length=NAME_MAX)
    shortcut = LineField(
        label=_("Shortcut"),
        required=False,
        max_length=SHORTCUT_MAX,
        help_text=_("What you type after a slash to insert it, such as /thanks. Empty: made of the name."),
    )
    body = BlockField(label=_("Text"), missing=_("Enter the text of the reply."), max_length=BODY_MAX, rows=8)
    is_shared = forms.BooleanField(
        label=_("Share with the helpdesk"), required=False, help_text=_("Everybody at the desk can use it.")
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[AS_IT_IS, *Status.choices])
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=[AS_IT_IS, *Priority.choices])
    assignment = forms.ChoiceField(label=_("Assign to"), required=False, choices=Assignment.choices)
    tags = TagsField(label=_("Add tags"))

    def __init__(self, data: Any = None, *, reply: CannedReply | None = None) -> None:
        initial = {name: getattr(reply, name) for name in ("version", *CHANGEABLE)} if reply else None
        super().__init__(data, initial=initial)
        agent = AgentField()
        agent.label = _("Agent")
        agent.present = reply.assigned_agent if reply else None
        self.fields["assigned_agent"] = agent
        self.fields["body"].validators.append(validate_placeholders)

    def clean_shortcut(self) -> str:
        """Return the shortcut without the slash that people may type before it."""
        return str(self.cleaned_data["shortcut"]).removeprefix("/").lower()

    def clean(self) -> dict[str, Any]:
        """Ask for the agent where one is meant."""
        data = super().clean() or self.cleaned_data
        if data.get("assignment") == Assignment.AGENT and not data.get("assigned_agent"):
            self.add_error("assigned_agent", UNKNOWN_AGENT)
        return data

    def values(self) -> dict[str, Any]:
        """Return the values for the services."""
        return {name: self.cleaned_data[name] for name in CHANGEABLE}
