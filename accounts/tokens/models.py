"""Log-ins of programs, the refresh tokens that carry them on, and personal access tokens."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.tokens.querysets import ApiLoginQuerySet, PersonalTokenQuerySet, RefreshTokenQuerySet
from tms_site.lib.fields import CLIENT_TOKEN_MAX
from tms_site.lib.submissions import SubmissionField
from tms_site.lib.text import validate_text, validate_visible

NAME_MAX = 60
DIGEST_LENGTH = 64


class Scope(models.TextChoices):
    """What a token lets one do: never more than its owner may."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ApiLogin(models.Model):
    """One log-in of a program. Its access and refresh tokens end with this row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_logins")
    scope = models.CharField(max_length=10, choices=Scope)
    # What the person was like then (accounts.tokens.secret.fingerprint): another password, another log-in.
    fingerprint = models.CharField(max_length=DIGEST_LENGTH)
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ApiLogin]] = ApiLoginQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["user", "expires_at"], name="api_login_user"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at:%Y-%m-%d %H:%M}"


class RefreshToken(models.Model):
    """The digest of a refresh token. Used ones stay until their log-in ends: coming again, they give a thief away."""

    login = models.ForeignKey(ApiLogin, models.CASCADE, related_name="refresh_tokens")
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[RefreshToken]] = RefreshTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.login_id} {'used' if self.used_at else 'unused'}"


class PersonalToken(models.Model):
    """A token that somebody made for a program of theirs."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="personal_tokens")
    name = models.CharField(
        _("name"), max_length=NAME_MAX, validators=[validate_text, validate_visible], help_text=_("What it is for.")
    )
    scope = models.CharField(_("may"), max_length=10, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    fingerprint = models.CharField(max_length=DIGEST_LENGTH)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX, null=True, editable=False)

    objects: ClassVar[models.Manager[PersonalToken]] = PersonalTokenQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "client_token"], name="personal_token_submission"),)
        indexes = (models.Index(fields=["user", "id"], name="personal_token_user"),)

    def __str__(self) -> str:
        return self.name

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()
