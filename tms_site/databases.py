"""Reads which database TMS works on, and what each engine needs so that both behave the same."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ

from tms_site.environment import env, number, refuse, text

MYSQL_SCHEMES = ("mysql", "mysql2", "mariadb")


def database_url(data_dir: Path) -> str:
    """Return the database's URL: DATABASE_URL, or one made of AWS's RDS_* variables, or SQLite in `data_dir`."""
    url = text("DATABASE_URL")
    if url:
        return url
    host = text("RDS_HOSTNAME")
    if not host:
        return f"sqlite:///{data_dir / 'tms.sqlite3'}"
    parts = {name: env.str(name, default="") for name in ("RDS_DB_NAME", "RDS_USERNAME", "RDS_PASSWORD")}
    for name, value in parts.items():
        if not value:
            refuse(name, "is not set, but RDS_HOSTNAME is.")
    port = number("RDS_PORT", default=3306, least=1, most=65535)
    user, password = quote(parts["RDS_USERNAME"], safe=""), quote(parts["RDS_PASSWORD"], safe="")
    return f"mysql://{user}:{password}@{host}:{port}/{quote(parts['RDS_DB_NAME'], safe='')}"


def database(data_dir: Path) -> dict[str, Any]:
    """Return Django's settings for the one database, the same behaviour on each engine."""
    url = database_url(data_dir)
    scheme = url.partition(":")[0].lower()
    if scheme not in ("sqlite", *MYSQL_SCHEMES):
        refuse("DATABASE_URL", f"begins with {scheme[:20]!r}; it takes mysql:// or sqlite://.")
    try:
        config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    except (ValueError, environ.ImproperlyConfigured):
        refuse("DATABASE_URL", "cannot be read; it takes mysql://user:password@host:3306/name or sqlite:///path.")
    if scheme == "sqlite":
        require_folder(config["NAME"])
        return config | sqlite_settings()
    require_server(config)
    return config | mysql_settings(config)


def require_folder(file: str) -> None:
    """Stop the start when SQLite's file couldn't be created."""
    if file != ":memory:" and not Path(file).parent.is_dir():
        refuse("DATABASE_URL", f"names {file}, but there is no folder {Path(file).parent}.")


def require_server(config: dict[str, Any]) -> None:
    """Stop the start when MySQL couldn't be asked: without its client, a host or a database."""
    if not config["NAME"] or not config["HOST"]:
        refuse("DATABASE_URL", "names no server or no database; it takes mysql://user:password@host:3306/name.")
    if find_spec("MySQLdb") is None:
        refuse("DATABASE_URL", "names MySQL, but its client is missing: pip install -r requirements-mysql.txt.")


def sqlite_settings() -> dict[str, Any]:
    """Return what SQLite needs so that several writers wait for each other instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        },
    }


def mysql_settings(config: dict[str, Any]) -> dict[str, Any]:
    """Return what MySQL and MariaDB need: utf8mb4, READ COMMITTED, strict, short lock waits."""
    return {
        "ENGINE": "django.db.backends.mysql",
        "CONN_MAX_AGE": number("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": config.get("OPTIONS", {})
        | {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "connect_timeout": 5,
            "init_command": (
                "SET sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,"
                "NO_ZERO_DATE,NO_ZERO_IN_DATE', innodb_lock_wait_timeout=5, time_zone='+00:00'"
            ),
        },
        "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_general_ci"},
    }
