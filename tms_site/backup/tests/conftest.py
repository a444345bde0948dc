"""Programs of TMS with databases of their own."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tms_site.environment import BASE_DIR

KEY = "for-backups-" + "b" * 50


@pytest.fixture
def manage(tmp_path):
    """Run manage.py on a database of that name, on the engine that the tests run on."""
    made = []

    def environment(name):
        data = tmp_path / name
        data.mkdir(exist_ok=True)
        url = f"sqlite:///{data}/tms.sqlite3"
        if connection.vendor == "mysql":
            database = f"{settings.DATABASES['default']['NAME']}_{os.getpid()}_{name}"
            url = server_url(database)
            if database not in made:
                made.append(database)
                run_sql(f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4")
        return os.environ | {
            "PYTHONUNBUFFERED": "1",
            "TMS_ENV_FILE": "",
            "TMS_LOCAL": "1",
            "DEBUG": "1",
            "SECRET_KEY": KEY,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATA_DIR": str(data),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tms_site.settings",
        }

    def start(name, *arguments):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=BASE_DIR, env=environment(name), **pipes)  # noqa: S603 - our own command

    def run(name, *arguments):
        process = start(name, *arguments)
        output, errors = process.communicate()
        assert process.returncode == 0, output + errors
        return output

    run.start = start
    yield run
    for database in made:
        run_sql(f"DROP DATABASE `{database}`")


@pytest.fixture
def old_database(tmp_path, migrated_file):
    """Let the database "old" have its tables already, where that's quicker than migrating."""
    if migrated_file:
        (tmp_path / "old").mkdir()
        shutil.copy(migrated_file, tmp_path / "old" / "tms.sqlite3")


def server_url(database):
    config = settings.DATABASES["default"]
    password = f":{config['PASSWORD']}" if config["PASSWORD"] else ""
    return f"mysql://{config['USER']}{password}@{config['HOST']}:{config['PORT'] or 3306}/{database}"


def run_sql(statement):
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 - the database of the name doesn't exist yet
        cursor.execute(statement)
