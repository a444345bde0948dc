"""What `import_tickets` is given: a file, or a folder with several, in whichever mapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tms_site.transfer.folders import open_folder
from tms_site.transfer.mappings import MAPPINGS
from tms_site.transfer.mappings.base import Mapping
from tms_site.transfer.problems import LineError, TransferError
from tms_site.transfer.reading import Head, Row, read
from tms_site.transfer.running import Item
from tms_site.transfer.tables import TABLES


@dataclass(frozen=True)
class Input:
    """What was given: its lines as our tables have them, whose keys they have, and where its files are."""

    items: Iterator[Item]
    source: str
    files: Path | None


def open_input(path: Path, *, mapping: str, table: str | None, files: Path | None) -> Input:
    """Return what is to be imported.

    Args:
        path: a file or a folder.
        mapping: whose export it is.
        table: which table a file holds, where its name doesn't say so.
        files: the folder of attached files, where it's another one.

    Raises:
        TransferError: it isn't there, or can't be read.
    """
    if not path.exists():
        raise TransferError(f"There is no file or folder {path}.")
    if path.is_dir():
        if mapping != "tms" or table:
            raise TransferError(
                f"{path} is a folder: only those of export_all are read, without --mapping and --table."
            )
        manifest = open_folder(path)
        names = [name for name in TABLES if name in manifest["tables"]]
        return Input(_of_folder(path, names), str(manifest.get("source") or "tms"), files or path)
    made: Mapping = MAPPINGS[mapping](path.stem, table)
    return Input(_of_file(path, made), mapping, files or made.files_of(path))


def _of_folder(path: Path, names: list[str]) -> Iterator[Item]:
    for name in names:
        yield from _of_file(path / f"{name}.jsonl", MAPPINGS["tms"](name, None))


def _of_file(path: Path, mapping: Mapping) -> Iterator[Item]:
    for found in read(path):
        if not isinstance(found, Head):
            yield from _mapped(found, mapping)
        elif problem := _problem_of(found, mapping):
            # Each line would have the same.
            yield problem
            return


def _problem_of(head: Head, mapping: Mapping) -> LineError | None:
    try:
        mapping.check_head(head)
    except LineError as error:
        return error
    return None


def _mapped(found: Row, mapping: Mapping) -> Iterator[Item]:
    if isinstance(found, LineError):
        yield found
        return
    line, cells = found
    try:
        yield from mapping.items(line, cells)
    except LineError as error:
        yield error
