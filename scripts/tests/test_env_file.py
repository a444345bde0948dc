import stat
from pathlib import Path

import pytest

from scripts import env_file


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMS_ENV_FILE", str(tmp_path / ".env"))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    return tmp_path / ".env"


def test_the_first_run_writes_a_configuration_that_only_its_owner_reads(file):
    assert env_file.ensure_local() is True

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    values = env_file.read(file)
    assert values["TMS_LOCAL"] == "1"
    assert values["ALLOWED_HOSTS"] == "127.0.0.1,localhost,[::1]"
    assert len(values["SECRET_KEY"]) > 60


def test_each_installation_gets_a_key_of_its_own(file):
    env_file.ensure_local()
    first = env_file.read(file)["SECRET_KEY"]
    file.unlink()
    env_file.ensure_local()

    assert env_file.read(file)["SECRET_KEY"] != first


def test_the_second_run_leaves_the_configuration_alone(file):
    env_file.ensure_local()
    before = file.read_text()

    assert env_file.ensure_local() is False
    assert file.read_text() == before


def test_a_copied_example_gets_its_key_filled_in_and_keeps_the_rest(file):
    file.write_text("# mine\nSECRET_KEY=\nALLOWED_HOSTS=tickets.example.com\n")

    assert env_file.ensure_local() is True
    assert env_file.read(file)["ALLOWED_HOSTS"] == "tickets.example.com"
    assert len(env_file.read(file)["SECRET_KEY"]) > 60
    assert file.read_text().startswith("# mine\n")


def test_a_file_without_a_key_gets_one_at_its_end(file):
    file.write_text("TMS_LOCAL=1")

    env_file.ensure_local()

    assert file.read_text().startswith("TMS_LOCAL=1\nSECRET_KEY=")


def test_the_environments_key_is_enough_for_a_file_that_has_none(file, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    file.write_text("TMS_LOCAL=1\n")

    assert env_file.ensure_local() is False
    assert file.read_text() == "TMS_LOCAL=1\n"


def test_an_empty_name_means_no_file(monkeypatch):
    monkeypatch.setenv("TMS_ENV_FILE", "")

    assert env_file.path() is None
    assert env_file.ensure_local() is False


def test_the_environment_wins_over_the_file(file, monkeypatch):
    file.write_text("PORT=8001\nHOST='192.0.2.7'\n# LOG_LEVEL=DEBUG\n")
    monkeypatch.setenv("PORT", "8002")
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.delenv("LOG_LEVEL", raising=False)

    assert env_file.setting("PORT") == "8002"
    assert env_file.setting("HOST") == "192.0.2.7"
    assert env_file.setting("LOG_LEVEL", "INFO") == "INFO"


def test_a_failed_write_leaves_the_file_as_it_was_and_no_draft(tmp_path):
    file = tmp_path / "tms.env"
    file.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        env_file.write_private(file, "\ud800")

    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
