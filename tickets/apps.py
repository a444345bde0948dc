"""The tickets application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """Tickets and the conversation on them."""

    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        """Connect what tickets must do when people leave the desk, and search index and figures to the changes."""
        # Models can be imported only once the applications are ready.
        from tickets import receivers  # noqa: PLC0415
        from tickets.attachments import receivers as attachment_receivers  # noqa: PLC0415
        from tickets.bulk import receivers as bulk_receivers  # noqa: PLC0415 - needs the models
        from tickets.drafts import receivers as draft_receivers  # noqa: PLC0415 - as above
        from tickets.figures import receivers as figure_receivers  # noqa: PLC0415
        from tickets.search import receivers as search_receivers  # noqa: PLC0415
        from tickets.trash import files as _kept_files  # noqa: F401, PLC0415 - says which files the trash keeps
        from tickets.watching import receivers as watching_receivers  # noqa: PLC0415

        receivers.connect()
        attachment_receivers.connect()
        bulk_receivers.connect()
        draft_receivers.connect()
        watching_receivers.connect()
        search_receivers.connect()
        figure_receivers.connect()
