"""`make bench`: prepares the databases, starts a server for each, asks them in turns, and reports."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.client import Answer, Client, MissingPageError, Seat, together
from benchmarks.figures import figures
from benchmarks.pages import PAGES, Desk, Page, Targets, targets_from
from benchmarks.report import Measured, Report
from benchmarks.servers import ROOT, Server, database_url, size_label

CLIENTS = 8
ROUNDS, ALONE, TOGETHER = 10, 10, 32


@dataclass(frozen=True)
class Amount:
    """How much is asked: rounds, and in each of them requests of one client and of several together."""

    rounds: int = ROUNDS
    alone: int = ALONE
    together: int = TOGETHER
    clients: int = CLIENTS


@dataclass
class Place:
    """One database with its server and the clients that are logged in to it."""

    url: str
    found: dict[str, Any]
    server: Server
    seats: list[Seat] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many tickets it had when it was prepared, without those made for the measuring."""
        tickets: int = self.found["tickets"]
        return tickets

    @property
    def targets(self) -> Targets:
        """What to ask it for."""
        return targets_from(self.found["targets"])


def measure(places: list[Place], pages: Iterable[Page], amount: Amount, say: Any) -> Report:
    """Ask every page of every place, in turns: one round of everything after another."""
    report = Report(places[0].found["engine"], amount.rounds)
    alone: dict[tuple[str, int], list[float]] = defaultdict(list)
    crowd: dict[tuple[str, int], list[float]] = defaultdict(list)
    answers: dict[tuple[str, int], Answer] = {}
    pages = list(_existing(places, pages, answers, report))
    for writes in (False, True):
        kind = [page for page in pages if page.writes == writes]
        for number in range(amount.rounds):
            say(f"{'Writing' if writes else 'Reading'}, round {number + 1} of {amount.rounds} …")
            for page in kind:
                for place in places:
                    place.seats[0].begin(page)
                for _ in range(amount.alone):
                    for place in places:
                        alone[page.key, place.size].append(place.seats[0].once(page))
                for place in places:
                    crowd[page.key, place.size] += together(place.seats[1:], page, amount.together)
    for page in pages:
        for place in places:
            key = page.key, place.size
            report.rows.append(
                Measured(
                    page=page.key,
                    size=place.size,
                    one=figures(alone[key], 1),
                    eight=figures(crowd[key], amount.clients),
                    queries=place.found["queries"].get(page.key),
                    wire=answers[key].size,
                    plain=len(answers[key].body),
                )
            )
    return report


def _existing(
    places: list[Place], pages: Iterable[Page], answers: dict[tuple[str, int], Answer], report: Report
) -> Iterator[Page]:
    for page in pages:
        try:
            for place in places:
                # Every worker shall have seen the page once.
                for seat in place.seats:
                    seat.client.reconnect()
                    answers[page.key, place.size] = seat.ask(page)
        except MissingPageError:
            report.missing.append(page.title)
        else:
            yield page


def helper(url: str, *arguments: str) -> dict[str, Any]:
    """Let benchmarks.prepare work on a database and return what it found; raises SystemExit when it fails."""
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    command = [sys.executable, "-m", "benchmarks.prepare", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The database {url.rpartition('@')[2]} could not be prepared.")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(
    base: str, sizes: list[int], amount: Amount, *, folder: Path, pages: Iterable[Page] = PAGES, say: Any = print
) -> Report:
    """Measure, and return the report.

    Args:
        base: the database's address; with sizes, what the names of theirs begin with.
        sizes: numbers of tickets; none measures the one database as it is.
        amount: how often to ask.
        folder: where the servers' messages go.
        pages: what to ask for.
        say: takes a line for the person who waits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = list(pages)
    rows = ["--pages", *(page.key for page in pages)]
    with ExitStack() as stack:
        places = []
        for size in sizes or [None]:
            url = database_url(base, size)
            say(f"Preparing {url.rpartition('@')[2]} …")
            wanted = ["--size", str(size)] if size else []
            found = helper(url, "make", "--desks", str(amount.clients + 1), *rows, *wanted)
            stack.callback(helper, url, "tidy")
            server = Server(url, folder / f"gunicorn-{size_label(size) if size else 'one'}.log")
            stack.callback(server.stop)
            places.append(Place(url, found, server))
        for place in places:
            place.server.wait()
            for tickets in place.targets.desks:
                client = stack.enter_context(closing(Client(place.server.port, place.targets.token)))
                client.log_in(place.targets.email, place.targets.password)
                place.seats.append(Seat(client, Desk(place.targets, tickets)))
        report = measure(places, pages, amount, say)
        report.memory = {place.size: place.server.memory() for place in places}
        report.notes += [
            f"“Page 1,000” is page {place.targets.cursor_page:,}, the last one, at {place.size:,} tickets."
            for place in places
            if place.targets.cursor_page < 1_000  # noqa: PLR2004 - the page that the row is named after
        ]
    return report


def main() -> None:
    """Do what the command line says, print the report and write it to a file."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of tickets, each a database of its own")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=ALONE, help="of one client, in each round")
    parser.add_argument("--together", type=int, default=TOGETHER, help="of eight clients together, in each round")
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "bench")
    options = parser.parse_args()
    # Who is told to end stops the servers and tidies up, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    base = os.environ.get("DATABASE_URL") or f"sqlite:///{options.folder / 'tms.sqlite3'}"
    options.folder.mkdir(parents=True, exist_ok=True)
    amount = Amount(options.rounds, options.requests, options.together)
    report = run(base, options.sizes, amount, folder=options.folder)
    for line in report.lines():
        print(line)
    file = options.folder / f"bench-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps(report.as_json(), indent=1) + "\n")
    print(f"\nWritten to {file}.")


if __name__ == "__main__":
    main()
