"""What the log hears: each receiver writes exactly one entry, in the transaction of the change itself.

Signals are sent with `send`: an entry that can't be written takes its change down with it.
"""

from types import ModuleType

from activity.receivers import (
    attachments,
    comments,
    links,
    log,
    people,
    ratings,
    replies,
    saved_views,
    sorting,
    tickets,
    tokens,
    transfer,
    watching,
    webhooks,
)

MODULES: tuple[ModuleType, ...] = (
    tickets,
    comments,
    attachments,
    links,
    ratings,
    saved_views,
    replies,
    sorting,
    people,
    tokens,
    watching,
    transfer,
    log,
    webhooks,
)


def connect() -> None:
    """Connect every receiver, once."""
    for module in MODULES:
        for signal, receiver in module.RECEIVERS.items():
            signal.connect(receiver, dispatch_uid=f"activity.{receiver.__name__}")
