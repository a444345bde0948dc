"""The permission table: what each role may do, asked of the policies themselves.

It's shown at /permissions/ and written down in docs/permissions.md; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import policies as account_policies
from accounts.enums import Role
from accounts.models import User
from activity import policies as activity_policies
from tickets import policies as ticket_policies
from tickets.attachments.models import Attachment
from tickets.enums import Status
from tickets.models import Comment, Ticket
from tms_site.lib.permissions import Decision

ALL, OWN, NO = _("all"), _("own"), _("no")
YES = _("yes")

Text = str | Promise


@dataclass(frozen=True)
class Row:
    """One action, and how far each role may go with it: all, own, yes or no."""

    action: Text
    cells: dict[Role, Text]

    @property
    def in_order(self) -> list[Text]:
        """The cells in the order of the roles."""
        return [self.cells[role] for role in Role]


@dataclass(frozen=True)
class Group:
    """The rows about one kind of thing."""

    title: Text
    rows: list[Row]


def _persona(role: Role, pk: int = 1) -> User:
    return User(pk=pk, role=role, username="x", email=f"user{pk}@example.com")


def _ticket(requester: int, *, status: Status = Status.OPEN) -> Ticket:
    resolved = timezone.now() - timedelta(minutes=1) if status is Status.RESOLVED else None
    return Ticket(pk=requester, requester_id=requester, status=status, resolution_date=resolved)


def _reach(own: Decision, other: Decision) -> Text:
    if other:
        return ALL
    return OWN if own else NO


def _on_tickets(action: Text, policy: Callable[[User, Ticket], Decision], status: Status = Status.OPEN) -> Row:
    def cell(role: Role) -> Text:
        actor = _persona(role)
        return _reach(policy(actor, _ticket(1, status=status)), policy(actor, _ticket(2, status=status)))

    return Row(action, {role: cell(role) for role in Role})


def _on_comments(action: Text, policy: Callable[[User, Comment], Decision]) -> Row:
    def cell(role: Role) -> Text:
        actor, ticket = _persona(role), _ticket(1)
        own, other = Comment(ticket=ticket, commented_by_id=1), Comment(ticket=ticket, commented_by_id=2)
        return _reach(policy(actor, own), policy(actor, other))

    return Row(action, {role: cell(role) for role in Role})


def _on_files(action: Text, policy: Callable[[User, Attachment], Decision]) -> Row:
    def cell(role: Role) -> Text:
        actor, ticket = _persona(role), _ticket(1)
        own, other = (Attachment(ticket=ticket, uploaded_by_id=number) for number in (1, 2))
        return _reach(policy(actor, own), policy(actor, other))

    return Row(action, {role: cell(role) for role in Role})


def _on_users(action: Text, policy: Callable[[User, User], Decision]) -> Row:
    def cell(role: Role) -> Text:
        actor = _persona(role)
        return _reach(policy(actor, actor), policy(actor, _persona(Role.REQUESTER, pk=2)))

    return Row(action, {role: cell(role) for role in Role})


def _plain(action: Text, policy: Callable[[User], Decision]) -> Row:
    return Row(action, {role: YES if policy(_persona(role)) else NO for role in Role})


def permission_table() -> list[Group]:
    """Return the whole table, grouped."""
    return [
        Group(
            _("Tickets"),
            [
                _on_tickets(_("See a ticket and its timeline"), ticket_policies.can_view),
                _plain(_("See the list of tickets assigned to oneself"), ticket_policies.can_list_assigned),
                _plain(_("See the dashboard"), ticket_policies.can_see_dashboard),
                _plain(_("Keep views of lists"), ticket_policies.can_save_views),
                _plain(
                    _("Share views with the helpdesk, change those that one shares"), ticket_policies.can_share_views
                ),
                _plain(_("Use, keep and share canned replies"), ticket_policies.can_use_replies),
                _plain(_("Open a ticket"), ticket_policies.can_create),
                _plain(_("Open a ticket on behalf of somebody"), ticket_policies.can_create_for_others),
                _on_tickets(_("Change title, description, category and priority"), ticket_policies.can_edit),
                _on_tickets(_("Change the status"), ticket_policies.can_change_status),
                _on_tickets(_("Assign a team and an agent"), ticket_policies.can_assign),
                _on_tickets(_("See and change the tags"), ticket_policies.can_tag),
                _on_tickets(_("Set the resolution date"), ticket_policies.can_set_resolution_date),
                _on_tickets(
                    _("Reopen a resolved ticket (its requester by commenting, for a limited time)"),
                    ticket_policies.can_reopen,
                    Status.RESOLVED,
                ),
                _on_tickets(_("Rate how a ticket was resolved"), ticket_policies.can_rate, Status.RESOLVED),
                _on_tickets(_("Link a ticket to others"), ticket_policies.can_link),
                _on_tickets(_("Merge tickets, undo that, split a conversation"), ticket_policies.can_merge),
                _on_tickets(_("Watch a ticket, see who does, name colleagues in texts"), ticket_policies.can_watch),
                _on_tickets(_("See who else looks at a ticket or answers it"), ticket_policies.can_see_presence),
                _on_tickets(_("Delete a ticket"), ticket_policies.can_delete),
                _plain(_("Change many tickets at once"), ticket_policies.can_act_in_bulk),
                _plain(_("Delete many tickets at once"), ticket_policies.can_delete_in_bulk),
                _plain(_("See the trash, restore deleted tickets"), ticket_policies.can_see_trash),
                _plain(_("Keep the lists of teams and categories"), ticket_policies.can_keep_lists),
            ],
        ),
        Group(
            _("Comments"),
            [
                _on_tickets(_("Comment on a ticket"), ticket_policies.can_comment),
                _on_tickets(_("Read and write internal notes"), ticket_policies.can_write_note),
                _on_comments(_("Edit a comment"), ticket_policies.can_edit_comment),
                _on_comments(_("Delete a comment"), ticket_policies.can_delete_comment),
                _on_tickets(_("Attach a file to a ticket"), ticket_policies.can_attach),
                _on_files(_("Remove an attached file"), ticket_policies.can_delete_attachment),
            ],
        ),
        Group(
            _("People"),
            [
                _on_users(_("Edit the profile: name, time zone, theme"), account_policies.can_edit_profile),
                _plain(_("Say that one is away, and get no tickets by load"), account_policies.can_be_away),
                _plain(_("Use the API, and make personal access tokens for it"), account_policies.can_use_tokens),
                _plain(_("Create users"), account_policies.can_create_user),
                _on_users(_("Change e-mail address and role"), account_policies.can_change_user),
                _on_users(_("Deactivate, anonymise or delete a user"), account_policies.can_delete_user),
            ],
        ),
        Group(
            _("Activity log and webhooks"),
            [
                _plain(_("Read the whole log"), activity_policies.can_see_log),
                _plain(_("Purge old entries"), activity_policies.can_purge),
                _plain(_("Keep webhooks"), activity_policies.can_manage_webhooks),
            ],
        ),
    ]
