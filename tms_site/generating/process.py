"""Making rows in a process of its own, while this one writes them: two cores instead of one."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection

import django

from tms_site.generating.plan import Batch, Plan


def batches_of(plan: Plan) -> Iterator[Batch]:
    """Yield the rows of a plan, made by another process.

    Raises RuntimeError when that process ends early; it has said why on standard error.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(plan, sender), daemon=True)
    process.start()
    sender.close()
    try:
        while True:
            try:
                batch = receiver.recv()
            except EOFError:
                msg = "the process that makes the rows has ended early"
                raise RuntimeError(msg) from None
            if batch is None:
                return
            yield batch
    finally:
        receiver.close()
        process.terminate()
        process.join()


def _make(plan: Plan, sender: Connection) -> None:
    # Ctrl-C goes to both processes, and the other one ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The new process knows nothing yet: models may be imported once Django is set up.
    django.setup()
    from tms_site.generating.organisation import Organisation  # noqa: PLC0415 - see above

    for batch in Organisation(plan).batches():
        sender.send(batch)
    sender.send(None)
