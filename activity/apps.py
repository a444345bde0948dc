"""The activity application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    """The activity log, and what follows from it outside."""

    name = "activity"
    verbose_name = _("Activity")

    def ready(self) -> None:
        """Connect the receivers that write the log, and those that tell webhooks."""
        # Models can be imported only once the applications are ready.
        from activity import receivers  # noqa: PLC0415
        from activity.webhooks import receivers as webhook_receivers  # noqa: PLC0415

        receivers.connect()
        webhook_receivers.connect()
