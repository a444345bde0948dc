"""`manage.py work`: do what is to happen outside of the database."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser

from accounts.services.ways_in import forget_old_sessions
from activity.outbox.models import OutboxMessage
from activity.outbox.worker import Chore, Worker
from activity.webhooks.deliveries import forget_old_deliveries
from activity.webhooks.handlers import HANDLERS
from tickets.bulk.services import forget_old_runs
from tickets.figures.services import fold
from tickets.search import recent
from tms_site.lib.commands import OperatorCommand

CHORES = (
    Chore("fold the dashboard's figures", timedelta(minutes=5), fold),
    Chore("forget old deliveries of webhooks", timedelta(hours=6), forget_old_deliveries),
    Chore("forget old bulk actions", timedelta(hours=6), forget_old_runs),
    Chore("forget sessions that are over", timedelta(days=1), forget_old_sessions),
    Chore("forget documents that aren't recent any more", timedelta(days=1), recent.forget_older),
)


class Command(OperatorCommand):
    """Deliver what waits in the outbox, until told to stop."""

    help = (
        "Deliver what waits in the outbox (webhooks) and do small chores, until SIGTERM or Ctrl-C: then the thing in "
        "hand is finished. Any number of workers may run; one that's killed loses nothing, since what it had in hand "
        "is taken up by another one a minute later."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("--once", action="store_true", help="do what is due now, and end (for cron)")
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="end when the process that started this one has ended (as `make run` wants it)",
        )

    def handle(self, *args: Any, once: bool, with_parent: bool, **options: Any) -> None:
        """Work."""
        parent = os.getppid()
        worker = Worker(HANDLERS, CHORES, alive=lambda: not with_parent or os.getppid() == parent)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop.set())
        if once:
            done = worker.work_off()
            worker.do_chores()
            dead = OutboxMessage.objects.dead().count()
            self.stdout.write(f"{done} done or put off, {dead} given up.")
            return
        if not with_parent:
            self.stdout.write("Working. Ctrl-C stops.")
        worker.run()
