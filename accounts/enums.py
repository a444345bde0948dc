"""Words of the accounts domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a user is here for. The role alone decides every right."""

    REQUESTER = "requester", _("Requester")
    AGENT = "agent", _("Helpdesk Agent")
    SYSADMIN = "sysadmin", _("SysAdmin")


# The roles that work on everybody's tickets.
DESK_ROLES = frozenset({Role.AGENT, Role.SYSADMIN})


class Theme(models.TextChoices):
    """The colours of the pages."""

    SYSTEM = "system", _("Like my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
