"""The activity application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    """The activity log."""

    name = "activity"
    verbose_name = _("Activity")

    def ready(self) -> None:
        """Connect the receivers that write the log."""
        from activity import receivers  # noqa: PLC0415 - models can be imported only once the applications are ready

        receivers.connect()
