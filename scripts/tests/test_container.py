"""What the container image and the compose file promise, as far as their text tells."""

import re
import stat
from pathlib import Path

import pytest
import yaml

from scripts import container_secrets, env_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    site, database = tmp_path / "site", tmp_path / "database"
    site.mkdir()
    database.mkdir()
    monkeypatch.setenv("TMS_SECRETS_DIR", str(site))
    monkeypatch.setenv("TMS_DB_SECRETS_DIR", str(database))
    return site, database


def test_the_sites_secrets_are_random_private_and_fit_the_databases(folders):
    site, database = folders

    container_secrets.main()

    values = env_file.read(site / "tms.env")
    assert len(values["SECRET_KEY"]) > 60
    assert values["DATABASE_URL"] == f"mysql://tms:{(database / 'password').read_text()}@db:3306/tms"
    assert stat.S_IMODE((site / "tms.env").stat().st_mode) == 0o400
    assert (database / "password").read_text() != (database / "root_password").read_text()


def test_secrets_are_made_once(folders):
    site, database = folders
    container_secrets.main()
    before = [(site / "tms.env").read_text(), (database / "password").read_text()]

    container_secrets.main()

    assert [(site / "tms.env").read_text(), (database / "password").read_text()] == before


def test_a_lost_site_file_is_made_again_with_the_databases_password(folders):
    site, database = folders
    container_secrets.main()
    (site / "tms.env").unlink()

    container_secrets.main()

    assert (database / "password").read_text() in env_file.read(site / "tms.env")["DATABASE_URL"]


def test_the_compose_file_holds_no_secret():
    text = (ROOT / "docker-compose.yml").read_text()

    assert not re.search(r"(PASSWORD|SECRET_KEY): *[^\s$/]", text)
    assert "MYSQL_ALLOW_EMPTY_PASSWORD" not in text


# What the compose file decides itself, what only development knows, and what is asked for in one command.
DECIDED = {"DATABASE_URL", "DATA_DIR", "DEBUG", "PROMETHEUS_MULTIPROC_DIR", "SECRET_KEY", "STATIC_ROOT", "TMS_WORKER"}
DEVELOPMENT = {"TMS_API_EXAMPLES", "TMS_CHROMIUM", "TMS_MYSQL_URL", "TMS_REQUIRE", "TMS_SYSADMIN_PASSWORD"}


def test_each_variable_that_an_operator_may_set_reaches_the_containers():
    page = (ROOT / "docs" / "configuration.md").read_text()
    explained = set(re.findall(r"^\| `([A-Z0-9_]+)`", page, re.MULTILINE))
    compose = (ROOT / "docker-compose.yml").read_text()
    passed = set(re.findall(r"^ {4,6}([A-Z][A-Z0-9_]+):", compose, re.MULTILINE))
    interpolated = set(re.findall(r"\$\{([A-Z]+):-", compose))
    servers = {name for name in explained if name.startswith("RDS_")}
    assert explained - passed - interpolated - servers - DECIDED - DEVELOPMENT == set()


def test_the_compose_files_site_can_write_only_its_data_and_has_no_privileges():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    for name in ("web", "migrate", "demo", "secrets"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    assert "secrets:/srv/tms/secrets:ro" in services["web"]["volumes"]
    assert all(port.startswith("${HOST:-127.0.0.1}:") for port in services["web"]["ports"])


def test_only_what_the_site_needs_gets_into_the_image():
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    assert lines[1] == "*"
    assert "!.env" not in lines
    assert "**/.env*" in lines
