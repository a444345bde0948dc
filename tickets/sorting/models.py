"""Teams, categories and tags. Teams and categories are written only by tickets.sorting.services.

What tickets have been given stays: it's deactivated, not deleted, so that no history loses what it speaks of.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.querysets import UserQuerySet
from tickets.enums import Priority
from tickets.sorting.names import KEY_MAX, NAME_MAX, TAG_MAX, name_key
from tms_site.lib.text import validate_text, validate_visible

DESCRIPTION_MAX = 200


class Named(models.Model):
    """Something with a name of its own."""

    name = models.CharField(_("name"), max_length=NAME_MAX, validators=[validate_text, validate_visible])
    # The same for all spellings of a name, on every engine.
    name_key = models.CharField(max_length=KEY_MAX, unique=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the key of the name."""
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a name that is taken in another spelling; raises ValidationError."""
        super().clean()
        rows = type(self)._meta.base_manager.filter(name_key=name_key(self.name))
        if rows.exclude(pk=self.pk).exists():
            raise ValidationError({"name": ValidationError(_("There is one of this name already."), code="unique")})


class Team(Named):
    """Agents who look after tickets together."""

    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Only active teams are given tickets. Those that one has stay with it.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager[Team]] = models.Manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    @property
    def members(self) -> UserQuerySet:
        """The people who belong to it, those who have left the desk among them."""
        people: UserQuerySet = User.objects.filter(memberships__team=self)
        return people


class TeamMember(models.Model):
    """That somebody belongs to a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")

    objects: ClassVar[models.Manager[TeamMember]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["team", "user"], name="team_member"),)

    def __str__(self) -> str:
        return f"{self.team_id}: {self.user_id}"


class Category(Named):
    """What a ticket is about, in the requester's words; SysAdmins keep the list."""

    description = models.CharField(
        _("description"),
        max_length=DESCRIPTION_MAX,
        blank=True,
        validators=[validate_text],
        help_text=_("One line that helps a requester to choose."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Only active categories are offered. Tickets keep theirs.")
    )
    position = models.PositiveIntegerField(
        _("position"), default=100, help_text=_("Small numbers come first; equal ones go by name.")
    )
    default_team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="default_of",
        verbose_name=_("team by default"),
        help_text=_("Who looks after such a ticket unless somebody chooses another team."),
    )
    default_priority = models.CharField(
        _("priority by default"),
        max_length=20,
        blank=True,
        choices=Priority,
        help_text=_("What such a ticket begins with unless its requester chooses a priority."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager[Category]] = models.Manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class Tag(models.Model):
    """A word by which the desk finds tickets again; it comes into being when it's first used."""

    name = models.CharField(_("name"), max_length=TAG_MAX, validators=[validate_text, validate_visible])
    name_key = models.CharField(max_length=KEY_MAX, unique=True, editable=False)

    objects: ClassVar[models.Manager[Tag]] = models.Manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


class TicketTag(models.Model):
    """That a ticket has a tag."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="ticket_tags")
    # The index of a tag's tickets serves the key too.
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="ticket_tags", db_index=False)

    objects: ClassVar[models.Manager[TicketTag]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ticket", "tag"], name="ticket_tag"),)
        indexes = (models.Index(fields=["tag", "ticket"], name="tag_tickets"),)

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.tag_id}"
