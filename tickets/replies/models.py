"""Canned replies. Written only by tickets.replies.services; imported by tickets.models."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tickets.enums import Priority, Status
from tickets.replies.placeholders import validate_placeholders
from tms_site.lib.fields import CLIENT_TOKEN_MAX
from tms_site.lib.submissions import SubmissionField
from tms_site.lib.text import validate_text, validate_visible

if TYPE_CHECKING:
    from accounts.actors import Actor

NAME_MAX = 60
SHORTCUT_MAX = 30
BODY_MAX = 20_000


class Assignment(models.TextChoices):
    """Whom a macro gives the ticket to."""

    NOBODY_ELSE = "", _("Leave as it is")
    ME = "me", _("Whoever uses it")
    AGENT = "agent", _("A certain agent")


class CannedReplyQuerySet(models.QuerySet["CannedReply"]):
    """Named, chainable reads of canned replies."""

    def visible_to(self, actor: Actor) -> Self:
        """Replies that `actor` may use: at the desk, their own and shared ones."""
        if not actor.is_active or not actor.works_at_desk:
            return self.none()
        return self.filter(Q(owner=actor.pk) | Q(is_shared=True))

    def for_menu(self) -> Self:
        """What the menu beside a comment shows, in its order."""
        return self.only("name", "shortcut", "is_shared").order_by("name", "pk")

    def matching(self, words: str) -> Self:
        """Replies in which these words stand."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(shortcut__icontains=word) | Q(body__icontains=word))
        return found


class CannedReply(models.Model):
    """A text for comments, and what using it changes about the ticket."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="canned_replies")
    name = models.CharField(_("name"), max_length=NAME_MAX, validators=[validate_text, validate_visible])
    # What's typed after a slash.
    shortcut = models.CharField(
        _("shortcut"),
        max_length=SHORTCUT_MAX,
        validators=[RegexValidator(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use small letters, digits and hyphens."))],
    )
    body = models.TextField(
        _("text"), validators=[validate_text, validate_visible, MaxLengthValidator(BODY_MAX), validate_placeholders]
    )
    is_shared = models.BooleanField(_("shared"), default=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, blank=True)
    priority = models.CharField(_("priority"), max_length=20, choices=Priority, blank=True)
    assignment = models.CharField(_("assignment"), max_length=10, choices=Assignment, blank=True)
    assigned_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("agent")
    )
    # Their names: a tag that nobody has used yet comes into being with the first ticket that gets it.
    tags: models.JSONField[list[str]] = models.JSONField(_("tags"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX, null=True, editable=False)

    objects: ClassVar[models.Manager[CannedReply]] = CannedReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        constraints = (models.UniqueConstraint(fields=["owner", "client_token"], name="reply_owner_token"),)
        indexes = (models.Index(fields=["is_shared", "name"], name="reply_shared"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its form."""
        return reverse("tickets:reply_edit", args=[self.pk])

    @property
    def is_macro(self) -> bool:
        """Whether using it changes the ticket."""
        return bool(self.status or self.priority or self.assignment or self.tags)

    def effects(self) -> list[str]:
        """Return what using it changes, in words."""
        found = []
        if self.status:
            found.append(gettext("sets the status to %(value)s") % {"value": Status(self.status).label})
        if self.priority:
            found.append(gettext("sets the priority to %(value)s") % {"value": Priority(self.priority).label})
        if self.assignment == Assignment.ME:
            found.append(gettext("assigns the ticket to whoever uses it"))
        elif self.assignment == Assignment.AGENT and self.assigned_agent is not None:
            found.append(gettext("assigns the ticket to %(value)s") % {"value": self.assigned_agent})
        if self.tags:
            words = ngettext("adds the tag %(value)s", "adds the tags %(value)s", len(self.tags))
            found.append(words % {"value": ", ".join(self.tags)})
        return found
