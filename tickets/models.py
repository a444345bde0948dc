"""Tickets, comments, and the revisions that edits are merged by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tickets import plans
from tickets.attachments import models as attachment_models
from tickets.bulk import models as bulk_models  # noqa: F401 - Django finds an application's models only here
from tickets.drafts import models as draft_models  # noqa: F401 - as above
from tickets.enums import (
    DESCRIPTION_MAX,
    PARAMETERS_MAX,
    PRIORITY_RANKS,
    STATUS_RANKS,
    TITLE_MAX,
    VIEW_NAME_MAX,
    Priority,
    Status,
)
from tickets.external import models as external_models  # noqa: F401 - as above
from tickets.figures import models as figure_models  # noqa: F401 - as above
from tickets.links import models as link_models  # noqa: F401 - as above
from tickets.merging import models as merge_models  # noqa: F401 - as above
from tickets.presence import models as presence_models  # noqa: F401 - as above
from tickets.querysets import CommentQuerySet, SavedViewQuerySet, TicketQuerySet, news_of
from tickets.ratings import models as rating_models  # noqa: F401 - as above
from tickets.replies import models as reply_models  # noqa: F401 - as above
from tickets.sorting.models import Category, Tag, Team, TeamMember, TicketTag
from tickets.trash import models as trash_models  # noqa: F401 - as above
from tickets.watching import models as watching_models  # noqa: F401 - as above
from tms_site.lib.fields import CLIENT_TOKEN_MAX
from tms_site.lib.fulltext import TermsField
from tms_site.lib.submissions import SubmissionField
from tms_site.lib.text import validate_text, validate_visible

__all__ = [
    "Category",
    "Comment",
    "CommentRevision",
    "RecentDocument",
    "SavedView",
    "SearchDocument",
    "Tag",
    "Team",
    "TeamMember",
    "Ticket",
    "TicketRevision",
    "TicketTag",
]

TEXT_VALIDATORS: list[Callable[[Any], None]] = [validate_text, validate_visible]
LONG_TEXT_VALIDATORS: list[Callable[[Any], None]] = [*TEXT_VALIDATORS, MaxLengthValidator(DESCRIPTION_MAX)]


def _rank(field: str, ranks: dict[str, int]) -> Case:
    whens = [When(**{field: value}, then=Value(rank)) for value, rank in ranks.items()]
    return Case(*whens, default=Value(0), output_field=models.SmallIntegerField())


def _sorted_indexes(name: str, *columns: str, but: str = "") -> list[models.Index]:
    """Return an index for each order of a list, among the tickets that have the same values in `columns`.

    By these names `plans` asks for them.
    """
    return [
        models.Index(fields=[*columns, column, "id"], name=f"{name}_{order}")
        for column, order in plans.ORDERS.items()
        if order != but
    ]


# A list asks for fifty of them.
@lru_cache(maxsize=4096)
def _ticket_path(number: int) -> str:
    return reverse("tickets:detail", args=[number])


class Ticket(models.Model):
    """A request for help. Its number is its id.

    Written only by tickets.services; `version` counts its changes, beginning with 1.
    """

    title = models.CharField(_("title"), max_length=TITLE_MAX, validators=TEXT_VALIDATORS)
    description = models.TextField(_("description"), validators=LONG_TEXT_VALIDATORS)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.OPEN)
    priority = models.CharField(_("priority"), max_length=20, choices=Priority, default=Priority.MEDIUM)
    creation_date = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)
    resolution_date = models.DateTimeField(_("resolution date"), null=True, blank=True)
    # When the desk first replied; what counts as that `CommentQuerySet.answers` says.
    first_response_at = models.DateTimeField(null=True, editable=False)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="requested_tickets", verbose_name=_("requester")
    )
    # Who typed it: an agent may open a ticket on behalf of a requester.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="created_tickets"
    )
    assigned_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name=_("assigned agent"),
    )
    # The ticket that it has become a part of: it goes on there (tickets.merging).
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_tickets", verbose_name=_("merged into")
    )
    # Their indexes below begin with them.
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="tickets",
        verbose_name=_("category"),
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, db_index=False, related_name="tickets", verbose_name=_("team")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX, null=True, editable=False)
    # What lists sort by, made by the database itself: one truth, and an index can serve it.
    status_rank = models.GeneratedField(
        expression=_rank("status", STATUS_RANKS), output_field=models.SmallIntegerField(), db_persist=True
    )
    priority_rank = models.GeneratedField(
        expression=_rank("priority", PRIORITY_RANKS), output_field=models.SmallIntegerField(), db_persist=True
    )
    # 1 while a ticket wants something from somebody, 0 once it's resolved: the few that matter are a part of their
    # own in an index, whatever lies resolved beside them.
    is_unresolved = models.GeneratedField(
        expression=Case(When(status=Status.RESOLVED, then=Value(0)), default=Value(1)),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    # Where it says what was searched for: only on the rows of a search (tickets.search.snippets).
    snippet = SafeString("")
    # Whether that's an internal note.
    snippet_is_note = False
    # The same of its title.
    marked_title = SafeString("")
    # The last answer to it: only where similar tickets are suggested (tickets.views.similar).
    answer = ""
    # The newest comment that the visitor may see: only where `with_news` found it.
    last_comment_id: int | None = None
    # The newest merge into it, undone or not: only where `with_seen` found it, which is for the desk.
    last_merge_id: int | None = None
    # The newest change of one of its comments, likewise.
    last_revision_id: int | None = None
    # How many watch it, and whether the visitor does: only where `with_watchers` found it, which is for the desk.
    watcher_count = 0
    is_watched = False
    # Whether it has them at all: only where `with_parts` found that out.
    has_links = True
    has_merges = True
    has_files = True
    # The names of the desk, which texts may mention: only where its page has read them for its form.
    colleagues: list[str] | None = None
    # The files that came with itself: only where `read_files` has read them.
    own_files: list[attachment_models.Attachment] | None = None
    # What the visitor has written on it and not sent: only where `with_draft` found it.
    draft_text: str | None = None
    draft_is_internal: bool | None = None
    draft_token: str | None = None
    draft_saved_at: datetime | None = None

    objects: ClassVar[models.Manager[Ticket]] = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = (models.UniqueConstraint(fields=["created_by", "client_token"], name="ticket_author_token"),)
        # A million tickets: each list is read from an index in its order, so that fifty rows cost fifty rows
        # (tests/test_plans.py). One family of the five orders for each condition that is rare enough to matter.
        indexes = (
            *_sorted_indexes("ticket"),
            # Status is the exception: the unresolved ones lie side by side in its order already.
            *_sorted_indexes("ticket_live", "is_unresolved", but="status"),
            *_sorted_indexes("ticket_agent", "assigned_agent"),
            *_sorted_indexes("ticket_requester", "requester"),
            # The oldest of an agent's tickets are resolved ones: without these a list would walk past them all.
            models.Index(
                fields=["assigned_agent", "is_unresolved", "creation_date", "id"], name="ticket_agent_live_created"
            ),
            models.Index(
                fields=["assigned_agent", "is_unresolved", "updated_at", "id"], name="ticket_agent_live_updated"
            ),
            models.Index(fields=["requester", "is_unresolved", "updated_at", "id"], name="ticket_requester_live"),
            models.Index(fields=["resolution_date", "id", "is_unresolved"], name="ticket_resolved"),
            # Counts need no order, but shall read nothing but the index.
            models.Index(fields=["status_rank", "priority_rank"], name="ticket_status_priority"),
            # By title they are sorted when it's asked for, which is seldom.
            *_sorted_indexes("ticket_category", "category", but="title"),
            models.Index(fields=["category", "is_unresolved", "updated_at", "id"], name="ticket_category_live"),
            *_sorted_indexes("ticket_team", "team", but="title"),
            models.Index(fields=["team", "is_unresolved", "creation_date", "id"], name="ticket_team_live_created"),
            models.Index(fields=["team", "is_unresolved", "updated_at", "id"], name="ticket_team_live_updated"),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the address of the ticket's page."""
        return _ticket_path(self.pk)

    @property
    def news(self) -> str:
        """What changes whenever the ticket or its conversation does; see `with_news`."""
        return news_of(self.version, self.updated_at, self.last_comment_id)

    @property
    def is_resolved(self) -> bool:
        """Whether the ticket is done."""
        return self.status == Status.RESOLVED

    @cached_property
    def tags(self) -> list[str]:
        """The names of its tags, sorted: the desk's alone. Read once, unless `attach_tags` has done so for many."""
        return sorted(TicketTag.objects.filter(ticket=self.pk).values_list("tag__name", flat=True))


class Comment(models.Model):
    """A contribution to the conversation on a ticket: a reply or an internal note. Written only by tickets.services."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="comments", verbose_name=_("ticket"))
    commented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments", verbose_name=_("author")
    )
    creation_date = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    description = models.TextField(_("comment"), validators=LONG_TEXT_VALIDATORS)
    # A note for the desk alone; whoever asked for the ticket never meets it.
    is_internal = models.BooleanField(_("internal note"), default=False, editable=False)
    # The number of the ticket that it was written on, if a merge or a split has moved it since.
    moved_from = models.BigIntegerField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX, null=True, editable=False)

    # The names of colleagues that a page marks in it: only where `attach_mentions` found some.
    mentions: tuple[str, ...] = ()

    objects: ClassVar[models.Manager[Comment]] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = (models.UniqueConstraint(fields=["commented_by", "client_token"], name="comment_author_token"),)
        indexes = (
            models.Index(fields=["ticket", "id"], name="comment_ticket"),
            # A conversation in the order of its dates: imported comments are older than their numbers.
            models.Index(fields=["ticket", "creation_date", "id"], name="comment_ticket_date"),
            # The same of replies alone, and of notes alone.
            models.Index(fields=["ticket", "is_internal", "creation_date", "id"], name="comment_ticket_kind_date"),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.description[:60]}"

    def get_absolute_url(self) -> str:
        """Return the address that shows the comment on its ticket's page, however long ago it was written."""
        return f"{_ticket_path(self.ticket_id)}?at=comment-{self.pk}#comment-{self.pk}"

    @property
    def is_answer(self) -> bool:
        """Whether it's the desk's answer: what `CommentQuerySet.answers` says in SQL. A test compares the two."""
        return not self.is_internal and self.commented_by_id != self.ticket.requester_id


class Revision(models.Model):
    """What the changed fields held before the change that led from `version` to the next one.

    From the current values and the revisions back to the version that a form was made from, an edit knows its
    base, and so which fields its author really changed (tms_site.lib.edits).
    """

    version = models.PositiveIntegerField()
    values: models.JSONField[dict[str, Any]] = models.JSONField()

    class Meta:
        abstract = True


class TicketRevision(Revision):
    """The values that one change of a ticket replaced."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="revisions")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ticket", "version"], name="ticket_revision"),)

    def __str__(self) -> str:
        return f"#{self.ticket_id} v{self.version}"


class CommentRevision(Revision):
    """The text that one change of a comment replaced."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="revisions")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["comment", "version"], name="comment_revision"),)

    def __str__(self) -> str:
        return f"{self.comment_id} v{self.version}"


class _Document(models.Model):
    """The terms of a ticket. Written only by tickets.search, and made again at any time."""

    ticket_id: int
    terms = TermsField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class SearchDocument(_Document):
    """What a search finds a ticket by."""

    # No constraint: rows are written in bulk, and check_integrity proves that none is left over.
    ticket = models.OneToOneField(
        Ticket, models.CASCADE, primary_key=True, db_constraint=False, related_name="search_document"
    )

    objects: ClassVar[models.Manager[SearchDocument]]


class RecentDocument(_Document):
    """The newest documents once more, where that makes searches quicker (tickets.search.recent)."""

    # tickets.search removes it with the ticket, for which no other engine shall ask.
    ticket = models.OneToOneField(
        Ticket, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="recent_document"
    )

    objects: ClassVar[models.Manager[RecentDocument]]


class SavedView(models.Model):
    """A list's filters and order that somebody keeps under a name. Written only by tickets.services."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=VIEW_NAME_MAX, validators=TEXT_VALIDATORS)
    slug = models.CharField(max_length=60, unique=True, editable=False)
    # The query string of the list's address, in one order.
    parameters = models.CharField(max_length=PARAMETERS_MAX, blank=True, validators=[validate_text])
    is_shared = models.BooleanField(_("shared"), default=False)
    is_default = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=1)
    # Counts changes of what it is called and shows, not of where it stands.
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects: ClassVar[models.Manager[SavedView]] = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        indexes = (
            models.Index(fields=["owner", "position"], name="view_owner_position"),
            models.Index(fields=["is_shared", "position"], name="view_shared_position"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the list that the view shows."""
        return f"{reverse('tickets:list')}?view={self.slug}"
