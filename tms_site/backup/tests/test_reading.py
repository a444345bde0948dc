"""A backup is read through before anything is emptied for it; what's wrong with it is told in one line."""

import json
import random
import zipfile
from contextlib import nullcontext, suppress

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from tickets.attachments import files
from tms_site.backup import restoring, saving, state
from tms_site.backup.reading import RestoreError, open_backup

pytestmark = pytest.mark.django_db
USERS = "rows/accounts.User.jsonl"


@pytest.fixture
def entries(requester, tmp_path, monkeypatch, settings):
    """Return what a real backup of one person and one file consists of, by name."""
    # A storage of its own: other tests of this process have left files in theirs.
    settings.STORAGES = {**settings.STORAGES}
    files.storage().save("ab/kept", ContentFile(b"\x00\xff"))
    # A test has one connection.
    monkeypatch.setattr(saving, "snapshot", lambda: nullcontext("default"))
    saving.save(tmp_path / "whole.zip", lambda text: None)
    with zipfile.ZipFile(tmp_path / "whole.zip") as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


@pytest.fixture
def refusal(entries, tmp_path):
    """Tell what is said about a backup of these entries, the name of the file left out."""

    def refusal():
        path = tmp_path / "odd.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries.items():
                archive.writestr(name, content)
        with pytest.raises(RestoreError) as error:
            open_backup(path, lambda text: None)
        text = str(error.value)
        assert "\n" not in text
        assert text.startswith(f"{path} ")
        return text.removeprefix(f"{path} ")

    return refusal


def change_manifest(entries, **values):
    manifest = json.loads(entries["manifest.json"])
    entries["manifest.json"] = json.dumps(manifest | values).encode()


def change_user(entries, column, value):
    columns = json.loads(entries["manifest.json"])["models"]["accounts.User"]["columns"]
    row = json.loads(entries[USERS])
    row[columns.index(column)] = value
    entries[USERS] = json.dumps(row).encode() + b"\n"


def test_a_whole_backup_is_read_through_and_says_so_even_if_somebody_packed_it_again(entries, tmp_path):
    path, told = tmp_path / "again.zip", []
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {"files/": b"", "files/ab/": b"", **entries}.items():
            archive.writestr(name, content)
    archive, manifest = open_backup(path, told.append)
    archive.close()
    assert (manifest["files"], manifest["models"]["accounts.User"]["rows"]) == (1, 1)
    assert told == ["Reading the backup through, before anything is emptied …"]


def test_a_backup_is_compared_with_the_models_of_its_own_time():
    early = [("accounts", "0001_initial"), ("accounts", "0002_user_version")]
    user = state.models_after(early).get_model("accounts", "User")
    assert (hasattr(user, "version"), hasattr(user, "shortcuts")) == (True, False)


@pytest.mark.parametrize("manifest", [b"[]", b"null", b'"text"', b"7"])
def test_a_manifest_of_another_kind_is_told_of(entries, refusal, manifest):
    entries["manifest.json"] = manifest
    assert refusal() == "has no manifest that can be read."


@pytest.mark.parametrize("manifest", [b"{", b"\xff", b""])
def test_a_manifest_that_is_no_json_is_told_of(entries, refusal, manifest):
    entries["manifest.json"] = manifest
    assert refusal().startswith("is no backup of TMS, or a damaged one: ")


@pytest.mark.parametrize("key", ["made_at", "migrations", "next_numbers", "models", "files", "vanished"])
def test_a_manifest_without_one_of_its_keys_or_with_another_kind_of_value_is_told_of(entries, refusal, key):
    whole = json.loads(entries["manifest.json"])
    for odd in (None, {"a": "b"}, [["a"]], -1, {"a": {"columns": ["id"]}}):
        change_manifest(entries, **{key: odd})
        assert refusal() == f"is damaged: {key} in its manifest isn't what it should be."
    del whole[key]
    entries["manifest.json"] = json.dumps(whole).encode()
    assert refusal() == f"is incomplete: its manifest has no {key}."


def test_a_backup_without_people_is_none(entries, refusal):
    change_manifest(entries, models={})
    assert refusal() == "is incomplete: it has no accounts.User."
    change_manifest(entries, migrations=[])
    assert refusal() == "is incomplete: it has no accounts.User."


def test_missing_rows_are_told_of(entries, refusal):
    rows = entries.pop(USERS)
    assert refusal() == f"is incomplete: {USERS} is missing."
    entries[USERS] = b""
    assert refusal() == f"is damaged: {USERS} has 0 rows instead of 1."
    entries[USERS] = rows * 2
    assert refusal() == f"is damaged: {USERS} has 2 rows instead of 1."


def test_a_column_that_is_missing_is_told_of(entries, refusal):
    models = json.loads(entries["manifest.json"])["models"]
    models["accounts.User"]["columns"].remove("email")
    change_manifest(entries, models=models)
    assert refusal() == f"is incomplete: {USERS} has no email."


def test_a_line_that_is_no_row_is_told_of(entries, refusal):
    row = json.loads(entries[USERS])
    for line in (
        entries[USERS][:-9],
        b"\n",
        b"{}",
        b"null",
        json.dumps(row[1:]).encode(),
        json.dumps([*row, 1]).encode(),
    ):
        entries[USERS] = line
        assert refusal() == f"is damaged: line 1 of {USERS} is no row of accounts.User."


@pytest.mark.parametrize(
    ("column", "value"),
    [("id", None), ("id", "x"), ("email", None), ("email", ["a"]), ("date_joined", "soon"), ("is_active", {"a": 1})],
)
def test_a_value_of_another_kind_is_told_of(entries, refusal, column, value):
    change_user(entries, column, value)
    assert refusal() == f"is damaged: line 1 of {USERS} is no row of accounts.User."


def test_missing_and_odd_files_are_told_of(entries, refusal):
    content = entries.pop("files/ab/kept")
    assert refusal() == "is damaged: it has 0 files instead of 1."
    entries["files/../kept"] = content
    assert refusal() == "has a file of a name that can't be: '../kept'."


def test_whatever_byte_is_changed_it_is_told_of_or_does_not_matter(entries, tmp_path):
    content = (tmp_path / "whole.zip").read_bytes()
    damaged, choose, whole = tmp_path / "damaged.zip", random.Random(8), 0  # noqa: S311 - the same ones each time
    for _each in range(40):
        place = choose.randrange(len(content))
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with suppress(RestoreError):
            open_backup(damaged, lambda text: None)[0].close()
            whole += 1
    # The rest was where it doesn't matter, such as an entry's time.
    assert whole < 20


@pytest.mark.parametrize("entry", ["manifest.json", USERS])
def test_nothing_is_emptied_for_a_damaged_backup(entries, tmp_path, monkeypatch, entry):
    monkeypatch.setattr(restoring, "_empty_database", lambda: pytest.fail("Emptied."))
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, b"[" if name == entry else content)
    with pytest.raises(CommandError, match=r"odd\.zip is"):
        call_command("restore", path, "--overwrite")
