"""Words of the activity log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityType(models.TextChoices):
    """What somebody did."""

    CREATE = "create", _("Created")
    READ = "read", _("Viewed")
    UPDATE = "update", _("Changed")
    DELETE = "delete", _("Deleted")
    MOVE = "move", _("Moved")
    RESTORE = "restore", _("Restored")
    EXPORT = "export", _("Exported")
    IMPORT = "import", _("Imported")
    LOGIN = "login", _("Logged in")
    LOGOUT = "logout", _("Logged out")
    LOGIN_FAILED = "login_failed", _("Failed to log in")


class TargetType(models.TextChoices):
    """What it was done to."""

    TICKET = "ticket", _("Ticket")
    TICKETS = "tickets", _("Ticket list")
    COMMENT = "comment", _("Comment")
    ATTACHMENT = "attachment", _("Attachment")
    USER = "user", _("User")
    LINK = "link", _("Link")
    RATING = "rating", _("Rating")
    WATCHER = "watcher", _("Watcher")
    VIEW = "view", _("View")
    REPLY = "reply", _("Canned reply")
    TEAM = "team", _("Team")
    CATEGORY = "category", _("Category")
    ACTIVITY = "activity", _("Activity log")
    WEBHOOK = "webhook", _("Webhook")
    TOKEN = "token", _("Personal access token")
