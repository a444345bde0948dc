"""What the worker does with what webhooks put into the outbox."""

from activity.outbox.worker import Handler
from activity.webhooks.deliveries import KIND
from activity.webhooks.sending import deliver

HANDLERS: dict[str, Handler] = {KIND: deliver}
