"""Configuration: strict, private, and refused in one clear line."""

import os
import re
import runpy
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tms_site import databases, environment
from tms_site.environment import ConfigurationError

SETTINGS = environment.BASE_DIR / "tms_site" / "settings.py"
READERS = (SETTINGS, Path(environment.__file__), Path(databases.__file__))
NAMES = frozenset(re.findall(r'"([A-Z][A-Z_]{3,})"', "".join(path.read_text() for path in READERS)))
KEY = "k3y-" + "unguessable-enough-" * 3
PRODUCTION = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "tickets.example.com"}


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Load the settings from an environment in which only the given variables are set."""

    def settings(**variables):
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        variables = {"TMS_ENV_FILE": "", "DATA_DIR": str(tmp_path / "data")} | variables
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    umask = os.umask(0o022)
    os.umask(umask)
    yield settings
    os.umask(umask)


@pytest.fixture
def with_clients(monkeypatch):
    """Pretend that the clients of MySQL and Redis are installed, whatever the machine has."""
    for module in (databases, environment):
        monkeypatch.setattr(module, "find_spec", lambda name: name)


IMPOSSIBLE = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "x" * 49),
    ("STATIC_HOST", "static.example.com"),
    ("STATIC_HOST", "https://*.example.com"),
    ("STATIC_ROOT", __file__),
    ("STATIC_ROOT", f"{__file__}/static"),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", " , "),
    ("ATTACHMENT_MAX_FILE", "10 MB"),
    ("ATTACHMENT_MAX_COMMENT", "0"),
    ("ATTACHMENT_EXTENSIONS", "pdf,tar.gz"),
    ("ATTACHMENTS_S3_BUCKET", "My Bucket"),
    ("ALLOWED_HOSTS", "https://tickets.example.com"),
    ("ALLOWED_HOSTS", "tickets.example.com:8000"),
    ("ALLOWED_HOSTS", "two words"),
    ("DEBUG", "maybe"),
    ("TMS_LOCAL", "2"),
    ("TMS_HTTPS", "ja"),
    ("SIGNUP_OPEN", "closed"),
    ("SECURE_SSL_REDIRECT", "-1"),
    ("TRASH_DAYS", "a month"),
    ("RATING_DAYS", "-1"),
    ("REOPEN_DAYS", "two weeks"),
    ("REOPEN_DAYS", "-1"),
    ("REOPEN_DAYS", "99999"),
    ("REOPEN_DAYS", "1.5"),
    ("SECURE_HSTS_SECONDS", "-5"),
    ("DATA_UPLOAD_MAX_MEMORY_SIZE", "10"),
    ("DATA_UPLOAD_MAX_MEMORY_SIZE", "2 MB"),
    ("REQUIRE_MFA_ROLES", "admin"),
    ("LOG_LEVEL", "loud"),
    ("WEB_CONCURRENCY", "many"),
    ("WEB_THREADS", "0"),
    ("GUNICORN_LOG_LEVEL", "loud"),
    ("TIME_ZONE", "Mars/Olympus"),
    ("TIME_ZONE", "../../etc/passwd"),
    ("TRUSTED_PROXIES", "proxy.example.com"),
    ("TRUSTED_PROXIES", "10.0.0.1/8"),
    ("CSRF_TRUSTED_ORIGINS", "tickets.example.com"),
    ("CORS_ORIGINS", "tickets.example.com"),
    ("CORS_ORIGINS", "https://*.example.com"),
    ("JWT_ALGORITHM", "none"),
    ("BASE_URL", "tickets.example.com"),
    ("BASE_URL", "javascript:alert(1)"),
    ("BASE_URL", "https://tickets.example.com/?x=1"),
    ("BASE_URL", "https://"),
    ("EMAIL_URL", "mail.example.com"),
    ("EMAIL_URL", "smtp://mail.example.com:port"),
    ("EMAIL_URL", "gopher://mail.example.com"),
    ("DEFAULT_FROM_EMAIL", "TMS"),
    ("DEFAULT_FROM_EMAIL", "TMS <tms@example.com>\nBcc: eve@example.com"),
    ("REDIS_URL", "127.0.0.1:6379"),
    ("REDIS_URL", "http://127.0.0.1"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "postgres://user@host/name"),
    ("DATABASE_URL", "mysql://user@host:port/name"),
    ("DATABASE_URL", "mysql://user@host"),
    ("DATABASE_URL", "mysql:///name"),
    ("DATABASE_URL", "sqlite:////nowhere/at/all/tms.sqlite3"),
    ("CONN_MAX_AGE", "forever"),
    ("DATA_DIR", "/dev/null/data"),
    ("TMS_ENV_FILE", "/nowhere/.env"),
]


@pytest.mark.parametrize(("name", "value"), IMPOSSIBLE)
def test_an_impossible_value_stops_the_start_and_is_named_in_one_line(load, with_clients, name, value):
    needed = {"DATABASE_URL": "mysql://u:p@h/d"} if name == "CONN_MAX_AGE" else {}
    with pytest.raises(ConfigurationError) as stopped:
        load(**PRODUCTION | needed | {name: value})
    line = str(stopped.value)
    assert "\n" not in line
    assert line.startswith(f"TMS cannot start: {name} ")
    assert line.endswith(" See docs/configuration.md.")


@pytest.mark.parametrize("missing", ["RDS_DB_NAME", "RDS_USERNAME", "RDS_PASSWORD"])
def test_half_of_the_rds_variables_stop_the_start(load, missing):
    rds = {name: "x" for name in ("RDS_HOSTNAME", "RDS_DB_NAME", "RDS_USERNAME", "RDS_PASSWORD") if name != missing}
    with pytest.raises(ConfigurationError, match=missing):
        load(**PRODUCTION, **rds)


@pytest.mark.parametrize("port", ["0", "65536", "mysql"])
def test_an_impossible_rds_port_stops_the_start(load, port):
    rds = dict.fromkeys(("RDS_HOSTNAME", "RDS_DB_NAME", "RDS_USERNAME", "RDS_PASSWORD"), "x")
    with pytest.raises(ConfigurationError, match="RDS_PORT"):
        load(**PRODUCTION, **rds, RDS_PORT=port)


@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_URL", "mysql://user:password@host/name"), ("REDIS_URL", "redis://127.0.0.1")]
)
def test_a_missing_client_of_a_server_stops_the_start_and_says_what_to_install(load, monkeypatch, name, value):
    for module in (databases, environment):
        monkeypatch.setattr(module, "find_spec", lambda _name: None)
    with pytest.raises(ConfigurationError, match=f"{name} .*pip install -r requirements-mysql.txt"):
        load(**PRODUCTION | {name: value})


def test_no_line_shows_a_password(load):
    with pytest.raises(ConfigurationError) as stopped:
        load(**PRODUCTION, DATABASE_URL="mysql://user:s3cret@host:port/name")
    assert "s3cret" not in str(stopped.value)


def test_rds_variables_make_a_mysql_configuration_that_behaves_like_sqlite(load, with_clients):
    settings = load(
        **PRODUCTION,
        RDS_HOSTNAME="db.example.com",
        RDS_PORT="3307",
        RDS_DB_NAME="tms",
        RDS_USERNAME="tms",
        RDS_PASSWORD="p@ss/w:rd#%",
    )
    database = settings["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.mysql"
    assert [database[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")] == [
        "db.example.com",
        3307,
        "tms",
        "tms",
        "p@ss/w:rd#%",
    ]
    assert database["CONN_MAX_AGE"] == 600
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["OPTIONS"]["charset"] == "utf8mb4"
    assert database["OPTIONS"]["isolation_level"] == "read committed"
    assert "STRICT_TRANS_TABLES" in database["OPTIONS"]["init_command"]


@pytest.mark.parametrize("scheme", ["mysql", "mysql2", "mariadb"])
def test_a_database_url_selects_the_server_and_wins_over_rds(load, with_clients, scheme):
    settings = load(
        **PRODUCTION, DATABASE_URL=f"{scheme}://u:p@one.example.com:3306/tms", RDS_HOSTNAME="two.example.com"
    )
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.mysql"
    assert settings["DATABASES"]["default"]["HOST"] == "one.example.com"


def test_without_a_url_the_database_is_sqlite_in_the_data_folder(load, tmp_path):
    database = load(**PRODUCTION)["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(tmp_path / "data" / "tms.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_debug_alone_needs_neither_key_nor_hosts(load):
    assert load(DEBUG="1")["ALLOWED_HOSTS"] == []


def test_the_data_folder_and_what_is_written_are_private(load, tmp_path):
    os.umask(0o022)
    data = load(**PRODUCTION)["DATA_DIR"]
    (data / "tms.sqlite3").touch()
    (data / "mail").mkdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (data, data / "tms.sqlite3", data / "mail")] == [
        0o700,
        0o600,
        0o700,
    ]


def test_the_file_of_the_tests_own_database_is_private(db, settings):
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        pytest.skip("SQLite only")
    for file in Path(database["NAME"]).parent.glob(f"{Path(database['NAME']).name}*"):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


@pytest.mark.parametrize(("https", "prefix"), [("1", "__Host-"), ("0", "")])
def test_cookies_and_hsts_follow_https(load, https, prefix):
    settings = load(**PRODUCTION, TMS_HTTPS=https)
    secure = https == "1"
    for cookie in ("SESSION", "CSRF"):
        assert settings[f"{cookie}_COOKIE_SECURE"] is secure
        assert settings[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert settings[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        assert settings[f"{cookie}_COOKIE_NAME"].startswith("__Host-") is secure
    assert settings["SECURE_SSL_REDIRECT"] is secure
    assert settings["SECURE_HSTS_SECONDS"] == (31_536_000 if secure else 0)
    assert settings["BASE_URL"] == f"http{'s' if secure else ''}://tickets.example.com"


def test_https_is_the_default_unless_local(load):
    assert load(**PRODUCTION)["HTTPS"] is True
    assert load(**PRODUCTION, TMS_LOCAL="1")["HTTPS"] is False


def test_local_mode_writes_mails_into_the_data_folder(load, tmp_path):
    settings = load(**PRODUCTION, TMS_LOCAL="1")
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert Path(settings["EMAIL_FILE_PATH"]) == tmp_path / "data" / "mail"
    assert settings["BASE_URL"] == "http://127.0.0.1:8000"


def test_redis_holds_the_cache_when_it_is_named(load, with_clients):
    assert load(**PRODUCTION)["CACHES"]["default"]["BACKEND"].endswith("DatabaseCache")
    settings = load(**PRODUCTION, REDIS_URL="redis://127.0.0.1:6379/3")
    assert settings["CACHES"]["default"]["BACKEND"].endswith("RedisCache")
    assert settings["SESSION_ENGINE"].endswith("cached_db")


def test_lists_of_the_environment_are_read_without_blanks(load):
    settings = load(
        **PRODUCTION
        | {
            "ALLOWED_HOSTS": "a.example.com, .example.org ,[::1],*",
            "REQUIRE_MFA_ROLES": "agent, sysadmin",
            "SECRET_KEY_FALLBACKS": "old,older",
            "TRUSTED_PROXIES": "10.0.0.0/8,::1",
            "CSRF_TRUSTED_ORIGINS": "https://*.example.com,http://localhost:8000",
        }
    )
    assert settings["ALLOWED_HOSTS"] == ["a.example.com", ".example.org", "[::1]", "*"]
    assert settings["REQUIRE_MFA_ROLES"] == ["agent", "sysadmin"]
    assert settings["SECRET_KEY_FALLBACKS"] == ["old", "older"]
    assert [str(network) for network in settings["TRUSTED_PROXIES"]] == ["10.0.0.0/8", "::1/128"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://*.example.com", "http://localhost:8000"]


def test_a_file_supplies_what_the_environment_does_not(load, tmp_path):
    file = tmp_path / "tms.env"
    file.write_text(f"SECRET_KEY={KEY}\nALLOWED_HOSTS=file.example.com\nREOPEN_DAYS=3\n")
    settings = load(TMS_ENV_FILE=str(file), REOPEN_DAYS="5")
    assert (settings["ALLOWED_HOSTS"], settings["REOPEN_DAYS"]) == (["file.example.com"], 5)


def manage(*arguments, **variables):
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=environment.BASE_DIR,
        env=clean | {"DJANGO_SETTINGS_MODULE": "tms_site.settings", "TMS_ENV_FILE": ""} | variables,
    )


@pytest.mark.parametrize(
    "variables",
    [{"ALLOWED_HOSTS": "localhost"}, PRODUCTION | {"DATABASE_URL": "nonsense"}],
    ids=["no key", "no database"],
)
def test_a_real_start_with_a_bad_configuration_prints_one_line_and_fails(variables, tmp_path):
    done = manage("check", DATA_DIR=str(tmp_path), **variables)
    assert done.returncode != 0
    assert done.stdout == ""
    assert re.fullmatch(r"TMS cannot start: [^\n]+\n", done.stderr), done.stderr


def test_djangos_checks_for_deployment_find_nothing_and_the_database_is_private(tmp_path):
    done = manage(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        "--database",
        "default",
        DATA_DIR=str(tmp_path / "data"),
        **PRODUCTION,
    )
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE((tmp_path / "data" / "tms.sqlite3").stat().st_mode) == 0o600


def test_static_files_that_are_collected_need_not_be_writable(load, tmp_path, monkeypatch):
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: access(path, mode) and not (path == tmp_path and mode & os.W_OK)
    )
    refusal = "STATIC_ROOT names .*, which has no collected files and cannot be written"
    with pytest.raises(ConfigurationError, match=refusal):
        load(**PRODUCTION, STATIC_ROOT=str(tmp_path))
    (tmp_path / "staticfiles.json").write_text("{}")
    assert load(**PRODUCTION, STATIC_ROOT=str(tmp_path))["STATIC_ROOT"] == tmp_path


def rsa_key(path, bits=2048, password=None):
    secrecy = BestAvailableEncryption(password) if password else NoEncryption()
    key = rsa.generate_private_key(65537, bits)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secrecy))
    return str(path)


def test_access_tokens_can_be_signed_with_a_key_whose_other_half_is_public(load, tmp_path):
    file = rsa_key(tmp_path / "key.pem")
    settings = load(**PRODUCTION, JWT_ALGORITHM="RS256", JWT_PRIVATE_KEY_FILE=file)
    assert settings["JWT_PRIVATE_KEY"].startswith("-----BEGIN PRIVATE KEY-----")
    assert load(**PRODUCTION)["JWT_PRIVATE_KEY"] == ""


@pytest.mark.parametrize("flaw", ["no file", "too short", "with a password", "no key", "not named"])
def test_a_key_that_cannot_sign_stops_the_start(load, tmp_path, flaw):
    file = tmp_path / "key.pem"
    if flaw == "too short":
        rsa_key(file, 1024)
    if flaw == "with a password":
        rsa_key(file, password=b"secret")
    if flaw == "no key":
        file.write_text("nonsense")
    variables = {} if flaw == "not named" else {"JWT_PRIVATE_KEY_FILE": str(file)}
    with pytest.raises(ConfigurationError, match="JWT_PRIVATE_KEY_FILE"):
        load(**PRODUCTION, JWT_ALGORITHM="RS256", **variables)


def test_static_files_may_come_from_a_host_of_their_own_and_the_policy_allows_that_one_only(load):
    settings = load(**PRODUCTION, STATIC_HOST="https://d111.cloudfront.net/")
    assert settings["STATIC_URL"] == "https://d111.cloudfront.net/static/"
    assert settings["WHITENOISE_STATIC_PREFIX"] == "/static/"
    directives = settings["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    for name in ("script-src", "style-src", "img-src", "font-src"):
        assert "https://d111.cloudfront.net" in directives[name]
    for name in ("default-src", "connect-src", "form-action"):
        assert "https://d111.cloudfront.net" not in directives[name]
    assert load(**PRODUCTION)["STATIC_URL"] == "static/"
