"""The accounts application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People: users, their roles, log-in and profile."""

    name = "accounts"
    verbose_name = _("People")
