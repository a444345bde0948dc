"""The user."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.emails import email_key
from accounts.enums import DESK_ROLES, Role, Theme
from accounts.querysets import UserManager
from accounts.tokens import models as token_models  # noqa: F401 - Django finds an application's models only here
from tms_site.lib.text import validate_text, validate_visible

# An address of 254 characters grows when its domain is written in ASCII; a key that doesn't fit is refused.
EMAIL_KEY_MAX = 320
EMAIL_TAKEN = _("A user with this e-mail address already exists.")


@cache
def time_zone_names() -> frozenset[str]:
    """Return the names of all time zones; looked up once, because that reads the disk."""
    return frozenset(available_timezones())


def validate_email_length(value: str) -> None:
    """Refuse an address that's too long once its domain is written in ASCII; raises ValidationError."""
    if len(email_key(value)) > EMAIL_KEY_MAX:
        raise ValidationError(_("This e-mail address is too long."), code="max_length")


def validate_time_zone(value: str) -> None:
    """Refuse a zone that isn't in the time zone database; raises ValidationError."""
    if value not in time_zone_names():
        raise ValidationError(_("Choose a time zone from the list."), code="invalid")


def default_time_zone() -> str:
    """Return the zone of people who haven't chosen one: the setting TIME_ZONE."""
    return settings.TIME_ZONE


class User(AbstractBaseUser):
    """Somebody who asks for help or gives it. The e-mail address is the log-in name.

    Staff and superuser rights are not stored: they are what the role says.
    """

    email = models.EmailField(_("e-mail address"), max_length=254, validators=[validate_text, validate_email_length])
    email_key = models.CharField(max_length=EMAIL_KEY_MAX, unique=True, editable=False)
    username = models.CharField(
        _("name"),
        max_length=150,
        help_text=_("The name that others see."),
        validators=[validate_text, validate_visible],
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.REQUESTER)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Deactivated people can't log in; their tickets and comments stay.")
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    shortcuts = models.BooleanField(
        _("single-key shortcuts"),
        default=True,
        help_text=_("Press ? on a page to see them. Ctrl-Enter and Ctrl-K work in any case."),
    )
    is_away = models.BooleanField(
        _("away"),
        default=False,
        help_text=_("Tickets that are given to whoever has least to do pass by whoever is away."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["username"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        indexes = (
            models.Index(fields=["role", "is_active", "username"], name="user_role_active_name"),
            models.Index(fields=["username"], name="user_name"),
        )

    def __str__(self) -> str:
        return self.username or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the normalised address, whichever way the address came in."""
        self.email = self.email.strip()
        self.email_key = email_key(self.email)
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and "email" in update_fields:
            kwargs["update_fields"] = {*update_fields, "email_key"}
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse an address that somebody else has in another spelling; raises ValidationError."""
        super().clean()
        if type(self).objects.with_email(self.email).exclude(pk=self.pk).exists():
            raise self.email_taken()

    @staticmethod
    def email_taken() -> ValidationError:
        """Return the error for an address that is somebody's already."""
        error = ValidationError(EMAIL_TAKEN, code="unique")
        return ValidationError({"email": error})

    @property
    def label(self) -> str:
        """The name under which this user stands in the activity log."""
        return str(self)

    @property
    def works_at_desk(self) -> bool:
        """Whether the role works on everybody's tickets. For policies and QuerySets, not for templates."""
        return self.role in DESK_ROLES

    @property
    def is_assignable(self) -> bool:
        """Whether a ticket can be assigned to them as they stand here: what `UserQuerySet.assignable` says in SQL."""
        return self.is_active and self.works_at_desk

    @property
    def runs_the_place(self) -> bool:
        """Whether the role is SysAdmin. For policies and QuerySets, not for templates."""
        return self.role == Role.SYSADMIN

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin opens: for SysAdmins."""
        return self.is_active and self.runs_the_place

    @property
    def is_superuser(self) -> bool:
        """Whether Django's own permission checks pass: for SysAdmins."""
        return self.is_active and self.runs_the_place

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Answer Django's permission check by the role alone."""
        return self.is_superuser

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        """Answer Django's permission check by the role alone."""
        return self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        """Answer Django's permission check by the role alone."""
        return self.is_superuser

    def get_full_name(self) -> str:
        """Return the name shown, where Django and allauth ask for it."""
        return self.username

    def get_short_name(self) -> str:
        """Return the name shown, where Django and allauth ask for it."""
        return self.username


class UserRevision(models.Model):
    """What the changed fields of a user held before the change that led from `version` to the next one.

    From these a stale form's base is known (tms_site.lib.edits). Whoever is anonymised loses them.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    values: models.JSONField[dict[str, Any]] = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "version"], name="user_revision"),)

    def __str__(self) -> str:
        return f"{self.user_id} v{self.version}"
