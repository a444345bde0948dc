"""The tickets application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """Tickets and the conversation on them."""

    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        """Connect what tickets must do when people leave the desk."""
        from tickets import receivers  # noqa: PLC0415 - models can be imported only once the applications are ready

        receivers.connect()
