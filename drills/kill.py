"""`make drill`: kills web server, worker and database under load, again and again, and counts what was lost.

Source of the promise: nothing acknowledged is lost, nothing is there twice (docs/security.md, data safety).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from drills.databases import Database, MariaDB, Sqlite
from drills.load import Receiver, Tally, Visitor
from drills.processes import Process, Tms, Web

ROUNDS = 20
LEAST_SECONDS, MOST_SECONDS = 1.0, 3.0
# A killed worker's lease runs out after a minute.
DELIVERED_SECONDS = 180
PEOPLE = ("jane.doe@example.com", "michael.brown@example.com", "john.smith@example.com", "alex.johnson@example.com")

REGISTER = """
from accounts.models import User
from activity.webhooks.services import create_webhook
from tickets.models import Ticket
admin = User.objects.get(email="admin@example.com")
values = {"name": "Drill", "url": URL, "events": ["ticket.created", "comment.created"], "is_active": True}
create_webhook(actor=admin, values=values)
for email in PEOPLE:
    person = User.objects.get(email=email)
    print(Ticket.objects.filter(requester=person).exclude(status="resolved").values_list("pk", flat=True).first()
          or Ticket.objects.exclude(status="resolved").values_list("pk", flat=True).first())
"""
LOOK = """
import json
from activity.outbox.models import OutboxMessage
from activity.webhooks.models import WebhookDelivery
from tickets.models import Comment, Ticket
tokens = lambda model: list(model.objects.exclude(client_token=None).values_list("client_token", flat=True))
print(json.dumps({
    "tickets": tokens(Ticket), "comments": tokens(Comment), "waiting": OutboxMessage.objects.count(),
    "deliveries": [[key, payload["event"], payload.get("comment", payload["ticket"]).get("id")
                    or payload["ticket"]["number"]]
                   for key, payload in WebhookDelivery.objects.values_list("key", "payload")],
}))
"""


@dataclass(frozen=True)
class Result:
    """What one database's drill has shown."""

    engine: str
    kills: dict[str, int]
    acknowledged: int
    again: int
    lost: int
    doubled: int
    told: int
    told_lost: int
    told_doubled: int
    repeated: int
    odd: dict[int, int]

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, nothing doubled, and nobody met an error page."""
        return not (self.lost or self.doubled or self.told_lost or self.told_doubled or self.odd)

    def row(self) -> str:
        """Return a row of the table in docs/operations.md."""
        kills = ", ".join(f"{name} {count}" for name, count in self.kills.items())
        cells = (self.engine, kills, self.acknowledged, self.lost, self.doubled, self.told, self.told_lost)
        return f"| {' | '.join(map(str, (*cells, self.told_doubled)))} |"


HEAD = (
    "| engine | killed | acknowledged | lost | doubled | webhook events | lost | doubled |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def drill(database: Database, folder: Path, rounds: int, rng: random.Random, say: Callable[[str], None]) -> Result:
    """Let people work while one process after the other is killed; return what remained of what was acknowledged."""
    with ExitStack() as ends:
        receiver = Receiver()
        ends.callback(receiver.stop)
        tms = Tms(database.url, folder)
        ends.callback(tms.stop)
        tms.prepare()
        about = f"URL, PEOPLE = {receiver.url!r}, {PEOPLE!r}\n"
        tickets = [int(line) for line in tms.script(about + REGISTER).split()]
        web, worker = tms.web(), tms.worker()
        web.wait()
        people = [Visitor(web.port, email, ticket) for email, ticket in zip(PEOPLE, tickets, strict=True)]
        with _at_work(people):
            kills = _kill(_targets(database, web, worker), web, rounds, rng, say)
        found = _wait_for_deliveries(tms, receiver)
        tms.manage("check_integrity")
    return compare(database.name, kills, [person.tally for person in people], found, receiver)


@contextmanager
def _at_work(people: list[Visitor]) -> Iterator[None]:
    """Let people work meanwhile, and wait until each has finished what they have in hand."""
    for person in people:
        person.start()
    try:
        yield
    finally:
        for person in people:
            person.stop()
        for person in people:
            person.join()


def _targets(database: Database, web: Web, worker: Process) -> dict[str, Callable[[], None]]:
    targets = {"web process": web.kill_one_worker, "web server": web.kill, "worker": worker.kill}
    return targets if isinstance(database, Sqlite) else {**targets, "database": database.kill}


def _kill(
    targets: dict[str, Callable[[], None]], web: Web, rounds: int, rng: random.Random, say: Callable[[str], None]
) -> dict[str, int]:
    kills = dict.fromkeys(targets, 0)
    for number in range(rounds):
        time.sleep(rng.uniform(LEAST_SECONDS, MOST_SECONDS))
        # Each is killed as often as the others, in an order of chance.
        name = rng.choice([each for each in targets if kills[each] == min(kills.values())])
        say(f"  {number + 1} of {rounds}: {name}")
        targets[name]()
        kills[name] += 1
        web.wait()
    time.sleep(MOST_SECONDS)
    return kills


def _wait_for_deliveries(tms: Tms, receiver: Receiver) -> dict[str, list[str]]:
    """Return what the database holds once the worker has told everything."""
    end = time.monotonic() + DELIVERED_SECONDS
    while True:
        found: dict[str, list[str]] = json.loads(tms.script(LOOK))
        if not found["waiting"] or time.monotonic() > end:
            return found
        time.sleep(1)


def compare(
    engine: str, kills: dict[str, int], tallies: list[Tally], found: dict[str, list[str]], receiver: Receiver
) -> Result:
    """Compare what was acknowledged and told with what is there.

    Args:
        engine: the database's name.
        kills: how often each process was killed.
        tallies: what each of the people noted.
        found: what the database holds, as LOOK prints it.
        receiver: who was told of it.
    """
    lost = doubled = 0
    for kind in ("tickets", "comments"):
        acknowledged = set().union(*(getattr(tally, kind) for tally in tallies))
        there = found[kind]
        lost += len(acknowledged - set(there))
        doubled += len(there) - len(set(there))
    events = [(event, about) for _key, event, about in found["deliveries"]]
    return Result(
        engine=engine,
        kills=kills,
        acknowledged=sum(tally.acknowledged for tally in tallies),
        again=sum(tally.again for tally in tallies),
        lost=lost,
        doubled=doubled,
        told=len(events),
        told_lost=sum(1 for key, _event, _about in found["deliveries"] if key not in receiver.deliveries),
        # The same delivery may come twice, under one key; one event has one delivery.
        told_doubled=len(events) - len(set(events)),
        repeated=sum(count - 1 for count in receiver.deliveries.values()),
        odd=dict(sum((tally.odd for tally in tallies), Counter())),
    )


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    """Do what the command line says; return 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how many kills on each engine ({ROUNDS})")
    parser.add_argument("--seed", type=int, default=1, help="another number, another order of kills")
    parser.add_argument("--engine", choices=("sqlite", "mariadb"), action="append", help="both unless given")
    options = parser.parse_args()
    makers = {"sqlite": Sqlite, "mariadb": MariaDB}
    results = []
    for engine in options.engine or makers:
        with ExitStack() as ends:
            folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="tms-drill-")))
            # MariaDB's own account has to come in.
            folder.chmod(0o711)
            database = makers[engine](folder)
            ends.callback(database.stop)
            _say(f"{database.name}: {options.rounds} kills under the load of {len(PEOPLE)} people …")
            results.append(drill(database, folder, options.rounds, random.Random(options.seed), _say))
    print(HEAD)
    for result in results:
        print(result.row())
    for result in results:
        print(
            f"{result.engine}: sent again {result.again:,} times, {result.repeated} deliveries came twice under the "
            f"same key, other errors: {result.odd or 'none'}."
        )
    return 0 if all(result.is_good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
