"""Importing a batch."""

from tms_site.tests.faults.case import Prepare
from tms_site.transfer.problems import Line
from tms_site.transfer.running import Importer, Options, Record

ROWS = [
    ("users", {"key": "3", "email": "rui@example.org"}),
    ("teams", {"name": "Network", "members": ["rui@example.org"]}),
    ("tickets", {"key": "7", "title": "A", "description": "B", "requester": "3", "team": "network", "tags": "x"}),
    ("tickets", {"key": "8", "title": "A", "description": "B", "requester": "3", "status": "resolved"}),
    ("comments", {"key": "1", "ticket": "7", "text": "C"}),
    ("links", {"source": "7", "kind": "relates", "target": "8"}),
    ("merges", {"source": "8", "target": "7"}),
    ("ratings", {"ticket": "8", "value": "good"}),
    ("watchers", {"ticket": "7", "user": "3"}),
    ("views", {"slug": "x", "owner": "3", "name": "X"}),
]


def import_batch(people):
    records = [Record(Line("x.jsonl", number), *row) for number, row in enumerate(ROWS, start=1)]

    def run():
        report = Importer(Options(source="x"), print, print).run(records)
        assert report.problems == 0

    return run


SERVICES: list[Prepare] = [import_batch]
