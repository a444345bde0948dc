"""The forms of the ticket pages. They check what a text or a choice may be; who may do what, the services know."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies, workflow
from tickets.attachments.fields import FilesForm
from tickets.drafts.models import Draft
from tickets.enums import Priority, Status
from tickets.fields import (
    AgentField,
    BlockField,
    DescriptionField,
    MinuteField,
    PersonField,
    RequesterField,
    SeenField,
    TitleField,
)
from tickets.models import Category, Comment, Ticket
from tickets.replies.fields import MacroField, reply_of
from tickets.replies.models import CannedReply
from tickets.services.meanwhile import Seen, seen_of
from tickets.services.reading import ticket_values_at
from tickets.services.tickets import first_values, ticket_of_form, was_opened_with
from tickets.sorting.defaults import default_priority, default_team
from tickets.sorting.fields import CategoryField, ShelfField, TagsField, TeamField
from tickets.sorting.offered import Offered
from tms_site.lib.fields import VersionField, empty_messages, new_token
from tms_site.lib.forms import SubmissionForm, with_values
from tms_site.lib.listed import ListedField
from tms_site.lib.numbers import is_row_number
from tms_site.lib.options import CheapSelect

# A longer menu is no help: then one types the beginning of a name.
MENU_MAX = 200
MARKDOWN_HELP = _("Markdown works: **bold**, `code`, lists, links.")


class WriteForm(SubmissionForm):
    """A form that writes about tickets: its lists offer people, teams and categories."""

    # What its lists offer; see `offer_choices`.
    offered: Offered | None = None

    def hide_names_from(self, actor: User) -> None:
        """Keep from requesters what a category that they can't choose is called: it may never have been offered."""
        for _name, field in self._lists():
            field.hides_names = not policies.can_see_retired(actor)

    def know(self, ticket: Ticket) -> None:
        """Tell its lists what a ticket has, and had when the form was made: to send that back chooses nothing."""
        for name, field in self._lists():
            field.present = getattr(ticket, name)
            field.before = partial(self._value_before, ticket, name)

    def _value_before(self, ticket: Ticket, name: str) -> Any:
        version = str(self.data.get("version") or "")
        return ticket_values_at(ticket, int(version)).get(name) if is_row_number(version) else None

    def _lists(self) -> list[tuple[str, ListedField]]:
        return [(name, field) for name, field in self.fields.items() if isinstance(field, ListedField)]

    def offer_choices(self, actor: User) -> None:
        """Load what the form's lists of people, teams and categories offer, and keep in them what is chosen."""
        lists = self._lists()
        are_offered = any(isinstance(field, AgentField | ShelfField) for _name, field in lists)
        offered = self.offered = Offered.to(actor) if are_offered else None
        for name, field in lists:
            if isinstance(field, AgentField | ShelfField) and offered:
                field.offer_from(offered)
            elif isinstance(field, PersonField):
                field.offer_people()
            shown = self[name]
            field.keep_in_list(shown.value(), is_refused=name in self.errors)
            shown.help_text = field.help_text
            if isinstance(field, ShelfField) and not field.is_choice and name not in self.errors:
                del self.fields[name]


def _priority_field(**kwargs: Any) -> forms.ChoiceField:
    messages = {"required": _("Choose a priority.")}
    return forms.ChoiceField(
        label=_("Priority"), choices=Priority.choices, widget=CheapSelect, error_messages=messages, **kwargs
    )


class OpeningForm(WriteForm):
    """A form that becomes a ticket."""

    def show_sent(self, ticket: Ticket, values: dict[str, Any]) -> None:
        """Show what a ticket was opened with: that stays so, even where it couldn't be chosen anew."""
        shown = {name: values[name] for name in self.fields if name in values}
        for name, field in self._lists():
            field.present = shown.get(name)
        self.initial.update(shown, client_token=ticket.client_token)

    def text(self) -> dict[str, str]:
        """Return what somebody wrote, as `was_opened_with` compares it."""
        return {name: self.cleaned_data[name] for name in ("title", "description")}


class CreateForm(FilesForm, OpeningForm):
    """A new ticket. Whoever works at the desk also says whose it is and who works on it."""

    title = TitleField(help_text=_("What is wrong, in one line."))
    description = DescriptionField(
        help_text=_("What did you do, what happened, and since when? Markdown works: **bold**, `code`, lists."),
    )
    category = CategoryField()
    priority = _priority_field(initial=Priority.MEDIUM)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        # When what stands in it was saved as a draft.
        self.draft_saved_at: datetime | None = None
        self.fields["title"].widget.attrs["autofocus"] = True
        # One that was chosen while there was any is refused rather than left out.
        if self.data.get("category") or Category.objects.filter(is_active=True).exists():
            self._leave_priority_to_category()
        if policies.can_create_for_others(actor):
            self.fields["requester"] = RequesterField(people=User.objects.visible_to(actor).active())
            self.fields["team"] = TeamField()
            self.fields["assigned_agent"] = AgentField()
            self.fields["tags"] = TagsField()
        self.hide_names_from(actor)
        for name, field in self._lists():
            field.before = partial(self._opened_with, name)

    def _opened_with(self, name: str) -> Any:
        """Return what a ticket has got from this form already: sent again as it is, the form leads to that one."""
        ticket = ticket_of_form(self.actor, self.data.get("client_token"))
        return first_values(ticket).get(name) if ticket else None

    def _leave_priority_to_category(self) -> None:
        priority = self.fields["priority"]
        assert isinstance(priority, forms.ChoiceField)  # noqa: S101 - for the type checker
        priority.choices = [("", _("As usual for its category")), *Priority.choices]
        priority.required, priority.initial = False, ""

    def resume_draft(self) -> None:
        """Go on with what its author had written before; a title that was brought along stays."""
        draft = Draft.objects.filter(user=self.actor, ticket=None).first()
        if draft is None:
            return
        self.draft_saved_at = draft.updated_at
        title = self.initial.get("title") or draft.title
        self.initial.update(title=title, description=draft.text, client_token=draft.client_token or new_token())

    def show_sent(self, ticket: Ticket, values: dict[str, Any]) -> None:
        """Show what a ticket was opened with, and for whom."""
        super().show_sent(ticket, values)
        self.initial["requester"] = "" if ticket.requester_id == self.actor.pk else ticket.requester

    def has_become(self, ticket: Ticket) -> bool:
        """Tell whether a ticket was opened with just what this valid form says."""
        owner = self.cleaned_data.get("requester") or self.actor
        return ticket.requester_id == owner.pk and was_opened_with(ticket, **self._meant())

    def _meant(self) -> dict[str, Any]:
        """Return what somebody wrote and chose, as `was_opened_with` compares it.

        Without files nothing of theirs could be lost: a browser that goes back forgets which ones were chosen.
        """
        data, category = self.cleaned_data, self.cleaned_data.get("category")
        names = ("title", "description", "category", "assigned_agent")
        chosen: dict[str, Any] = {name: data[name] for name in names if name in data}
        chosen["priority"] = data["priority"] or default_priority(category)
        if "tags" in data:
            chosen |= {"tags": data["tags"], "team": data["team"] or default_team(category)}
        return chosen | ({"attachments": data["attachments"]} if data["attachments"] else {})


class EditForm(WriteForm):
    """Title, description, category and priority of a ticket."""

    version = VersionField()
    title = TitleField()
    description = DescriptionField(help_text=MARKDOWN_HELP, rows=12)
    category = CategoryField()
    priority = _priority_field()

    TEXTS = ("title", "description", "category", "priority")

    def __init__(self, data: Any = None, *, ticket: Ticket, actor: User) -> None:
        initial = {name: getattr(ticket, name) for name in ("version", "title", "description", "priority")}
        super().__init__(data, initial=initial | {"category": ticket.category_id or ""})
        self.hide_names_from(actor)
        self.know(ticket)
        self.sent = frozenset(data or ())

    def changes(self) -> dict[str, Any]:
        """Return the values for `update_ticket`; where nobody could choose a category, none is sent."""
        return {name: self.cleaned_data[name] for name in self.TEXTS if name != "category" or name in self.sent}


class QuickForm(WriteForm):
    """Properties of a ticket, each for itself: a field that isn't sent isn't meant."""

    version = VersionField()
    status = forms.ChoiceField(
        label=_("Status"),
        choices=Status.choices,
        widget=CheapSelect,
        error_messages={"required": _("Choose a status.")},
    )
    category = CategoryField()
    priority = _priority_field()
    team = TeamField()
    assigned_agent = AgentField()
    tags = TagsField()
    resolution_date = MinuteField(label=_("Resolved on"))

    PROPERTIES = ("status", "category", "priority", "team", "assigned_agent", "tags", "resolution_date")
    # Where on the ticket's page it stands.
    PLACE = "#quick-form"
    # Whether it shows what was sent too late: that has no effect yet.
    is_put_back = False

    def __init__(self, data: QueryDict | None = None, *, ticket: Ticket, actor: User) -> None:
        self.ticket = ticket
        self.sent = frozenset(data or ())
        mine = [name for name in self.PROPERTIES if policies.FIELD_POLICIES[name](actor, ticket)]
        super().__init__(data, initial={name: getattr(ticket, name) for name in ("version", *mine)}, auto_id="quick_%s")
        for name in self.PROPERTIES:
            if name not in mine:
                del self.fields[name]
        self._know_present_values()
        if data is not None:
            self._fill_what_was_not_sent(data)

    def _know_present_values(self) -> None:
        self.know(self.ticket)
        date = self.fields.get("resolution_date")
        if isinstance(date, MinuteField):
            date.present = self.ticket.resolution_date

    def _fill_what_was_not_sent(self, data: QueryDict) -> None:
        missing = [name for name in self.PROPERTIES if name in self.fields and name not in self.sent]
        present = {name: self.fields[name].prepare_value(self.initial[name]) for name in missing}
        self.data = with_values(data, **{name: str(value or "") for name, value in present.items()})

    def offer_choices(self, actor: User) -> None:
        """Offer agents, teams and categories, and the statuses that this ticket's leads to."""
        super().offer_choices(actor)
        status = self.fields.get("status")
        if isinstance(status, forms.ChoiceField):
            offered = workflow.next_statuses(self.ticket.status)
            # What was chosen stays chosen, also where the workflow refuses it by now.
            chosen = [each for each in Status if each == self["status"].value() and each not in offered]
            status.widget.choices = [(each.value, each.label) for each in [*offered, *chosen]]

    def changes(self) -> dict[str, Any]:
        """Return the values for `update_ticket`: those that were sent. A blank date means that none was given."""
        sent = {name: self.cleaned_data[name] for name in self.PROPERTIES if name in self.fields and name in self.sent}
        if sent.get("resolution_date", "") is None:
            del sent["resolution_date"]
        return sent


class CommentForm(FilesForm, WriteForm):
    """A new comment. Whoever works at the desk also says whether it's a reply or a note, and what follows."""

    REPLY, NOTE = "reply", "note"
    WORDLESS = _("Write a line of text.")
    FILES_ALONE = _("Write a line of text: a file can't go without one either.")

    description = BlockField(label=_("Comment"), rows=4, missing=WORDLESS)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        ticket: Ticket,
        actor: User,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, auto_id="comment_%s", initial=initial)
        self.actor = actor
        self.ticket = ticket
        # What others have said since its author last looked.
        self.answers: list[Comment] = []
        # When what stands in it was saved as a draft.
        self.draft_saved_at: datetime | None = None
        self._name_what_is_missing()
        self.fields["description"].widget.attrs["data-shortcut"] = "r"
        if policies.can_write_note(actor, ticket):
            kinds = [(self.REPLY, _("Public reply")), (self.NOTE, _("Internal note"))]
            # What doesn't say that it's internal is a reply, as for those who have no choice.
            self.fields["kind"] = forms.ChoiceField(choices=kinds, required=False)
            # Blank on a page that was made before TMS knew of it: then nothing is compared.
            self.fields["seen"] = SeenField()
            self.initial["seen"] = str(seen_of(ticket))
        if policies.can_change_status(actor, ticket):
            self.fields["status"] = forms.ChoiceField(choices=Status.choices, required=False, widget=CheapSelect)

        if policies.can_use_replies(actor):
            self.fields["macro"] = MacroField(actor=actor)

    def _name_what_is_missing(self) -> None:
        """Speak of files where some were chosen; the browser, which sees them come and go, is told both."""
        text = self.fields["description"]
        text.widget.attrs |= {"data-error-required": self.WORDLESS, "data-error-with-files": self.FILES_ALONE}
        if self.lost_files:
            text.error_messages |= empty_messages(self.FILES_ALONE)

    def resume_draft(self) -> None:
        """Go on with what its author had written before; a note only where they may still write one."""
        ticket = self.ticket
        if ticket.draft_saved_at is None or (ticket.draft_is_internal and "kind" not in self.fields):
            return
        self.draft_saved_at = ticket.draft_saved_at
        self.initial.update(
            description=ticket.draft_text,
            kind=self.NOTE if ticket.draft_is_internal else self.REPLY,
            client_token=ticket.draft_token or new_token(),
        )

    def replies(self) -> list[CannedReply]:
        """Return what the menu of canned replies offers; nothing to those who have none."""
        if "macro" not in self.fields:
            return []
        return list(CannedReply.objects.visible_to(self.actor).for_menu()[:MENU_MAX])

    @cached_property
    def chosen_macro(self) -> CannedReply | None:
        """The macro that goes along with the comment, as the form stands."""
        if "macro" not in self.fields:
            return None
        return reply_of(self.actor, str(self["macro"].value() or ""))

    def show_answers(self, comments: list[Comment], seen: Seen) -> None:
        """Show what others have said meanwhile; sent once more, the form says that its author has read it."""
        self.answers = comments
        self.data = with_values(self.data, seen=str(seen))

    @property
    def is_note(self) -> bool:
        """Whether the form, as it stands, writes a note."""
        return "kind" in self.fields and self["kind"].value() == self.NOTE

    def moves(self) -> list[Status]:
        """Return the statuses that a reply can lead to in one go."""
        if "status" not in self.fields:
            return []
        following = workflow.next_statuses(self.ticket.status)
        return [each for each in (Status.WAITING, Status.RESOLVED) if each in following and each != self.ticket.status]

    def contribution(self) -> dict[str, Any]:
        """Return the arguments for `add_comment`."""
        data = self.cleaned_data
        return {
            "description": data["description"],
            "is_internal": data.get("kind") == self.NOTE,
            "status": data.get("status", ""),
            "attachments": data["attachments"],
            "client_token": data["client_token"],
            "seen": data.get("seen"),
        }


class CommentEditForm(WriteForm):
    """The text of a reply or an internal note."""

    version = VersionField()
    description = BlockField(label=_("Comment"), missing=CommentForm.WORDLESS, help_text=MARKDOWN_HELP, rows=8)

    def __init__(self, data: Any = None, *, comment: Comment) -> None:
        super().__init__(data, initial={"version": comment.version, "description": comment.description})
        if comment.is_internal:
            self.fields["description"].label = _("Internal note")
