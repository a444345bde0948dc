"""Reads TMS's configuration from the environment, strictly.

Every value is parsed once, here; a missing or impossible one raises `ConfigurationError` with one line that
names the variable and says what it should be. docs/configuration.md lists the variables; a test compares.
"""

import os
import re
from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

BASE_DIR = Path(__file__).resolve().parent.parent
ROLES = ("requester", "agent", "sysadmin")
HOST = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*\.?|\[[0-9a-fA-F:.]+\]")
ORIGIN = re.compile(r"https?://(\*\.)?[\w.:\[\]-]+")
BASE = re.compile(r"https?://[\w.:\[\]-]+(/[^\s?#]*)?")
REDIS = re.compile(r"(rediss?://[^/]+|unix://).*")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
EXTENSION = re.compile(r"[a-z0-9]{1,10}")
# No SVG, HTML or scripts: what a browser or a system runs when somebody opens it.
EXTENSIONS = (
    "bmp csv doc docx eml gif gz heic jpeg jpg json log md mov mp3 mp4 odp ods odt pdf png ppt pptx rtf tar txt wav "
    "webm webp xls xlsx zip"
)
STATIC_MANIFEST = "staticfiles.json"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SECRET_KEY_LEAST = 50
RSA_LEAST_BITS = 2048
SERVER_LOG_LEVELS = tuple(level.lower() for level in LOG_LEVELS)

env = environ.Env()


class ConfigurationError(SystemExit):
    """Stops the start: its text is the one line that the operator sees."""


def refuse(name: str, problem: str) -> NoReturn:
    """Stop the start because of the variable `name`."""
    message = f"TMS cannot start: {name} {problem} See docs/configuration.md."
    raise ConfigurationError(message)


def read_env_file() -> None:
    """Read the file that TMS_ENV_FILE names (.env beside manage.py by default; empty for none).

    Variables that are set already win over the file.
    """
    name = os.environ.get("TMS_ENV_FILE", str(BASE_DIR / ".env"))
    if not name:
        return
    if Path(name).is_file():
        environ.Env.read_env(name)
    elif "TMS_ENV_FILE" in os.environ:
        refuse("TMS_ENV_FILE", f"names {name}, which is not a file.")


def flag(name: str, *, default: bool) -> bool:
    """Return a yes-or-no variable; anything but 1/0, true/false, yes/no, on/off stops the start."""
    raw = env.str(name, default="").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    refuse(name, f"is {raw!r}; it takes 1 or 0.")


def number(name: str, *, default: int, least: int = 0, most: int = 2**31 - 1) -> int:
    """Return a whole number between `least` and `most`."""
    raw = env.str(name, default="").strip()
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        refuse(name, f"is {raw!r}; it takes a whole number.")
    if not least <= value <= most:
        refuse(name, f"is {value}; it takes a number from {least} to {most}.")
    return value


def keep_files_private() -> None:
    """Let this process write files that only its own account may read: database, mails, sessions.

    docs/security.md, row 31.

    SQLite gives the files of its write-ahead log the mode of the database itself.
    """
    os.umask(0o077)


def words(name: str) -> list[str]:
    """Return a comma-separated list without blanks."""
    return [word.strip() for word in env.str(name, default="").split(",") if word.strip()]


def choice(name: str, allowed: tuple[str, ...], *, default: str) -> str:
    """Return one of the `allowed` words."""
    value = text(name, default=default)
    if value not in allowed:
        refuse(name, f"is {value!r}; it takes one of {', '.join(allowed)}.")
    return value


def roles(name: str) -> list[str]:
    """Return a list of role values."""
    values = words(name)
    for value in values:
        if value not in ROLES:
            refuse(name, f"has {value!r}; it takes a list of {', '.join(ROLES)}.")
    return values


def make_private_directory(path: Path) -> Path:
    """Create `path` for this account only, if it's absent, and return it."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        refuse("DATA_DIR", f"names {path}, which cannot be created: {error.strerror}.")
    return path


def secret_key(*, debug: bool) -> str:
    """Return SECRET_KEY; it's required unless DEBUG is on."""
    value = text("SECRET_KEY")
    if 0 < len(value) < SECRET_KEY_LEAST:
        refuse("SECRET_KEY", f"has {len(value)} characters; it takes {SECRET_KEY_LEAST} random ones or more.")
    if value:
        return value
    if debug:
        return "debug-only-" + "x" * 50
    refuse("SECRET_KEY", "is not set. `make run` makes one; any long random text will do.")


def allowed_hosts(*, debug: bool) -> list[str]:
    """Return ALLOWED_HOSTS; it's required unless DEBUG is on."""
    value = words("ALLOWED_HOSTS")
    for host in value:
        if not HOST.fullmatch(host):
            refuse("ALLOWED_HOSTS", f"has {host!r}; it takes names like tickets.example.com, without scheme or port.")
    if value or debug:
        return value
    refuse("ALLOWED_HOSTS", "is not set; it takes the host names that TMS is reached by.")


def text(name: str, *, default: str = "") -> str:
    """Return a text variable without surrounding blanks."""
    return str(env.str(name, default="")).strip() or default


def data_dir() -> Path:
    """Return the folder for the embedded database, collected static files and local mails."""
    return Path(text("DATA_DIR", default=str(BASE_DIR / "data"))).expanduser().resolve()


def static_root(data: Path) -> Path:
    """Return where collectstatic puts the hashed files that WhiteNoise serves.

    Files that have been collected may well be out of reach for writing; a folder that can neither be read nor made
    stops the start.
    """
    root = Path(text("STATIC_ROOT", default=str(data / "static")))
    # Path.exists() fails on a folder that may not be entered; this doesn't.
    if os.access(root / STATIC_MANIFEST, os.R_OK):
        return root
    there = next(folder for folder in (root, *root.absolute().parents) if os.access(folder, os.F_OK))
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        refuse("STATIC_ROOT", f"names {root}, which has no collected files and cannot be written.")
    return root


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return a list of IP addresses or networks."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        refuse(name, f"is no list of addresses or networks: {error}.")


def time_zone() -> str:
    """Return TIME_ZONE, the zone of people who haven't chosen their own."""
    name = text("TIME_ZONE", default="UTC")
    if name not in available_timezones():
        refuse("TIME_ZONE", f"is {name!r}; it takes a name such as Europe/Vienna.")
    return name


def email_url(*, local: bool, data_dir: Path) -> str:
    """Return EMAIL_URL; in local mode mails go to files in the data folder unless it's set."""
    default = f"filemail:///{data_dir / 'mail'}" if local else "smtp://localhost:25"
    url = text("EMAIL_URL", default=default)
    try:
        known, _port = urlsplit(url).scheme in environ.Env.EMAIL_SCHEMES, urlsplit(url).port
    except ValueError:
        known = False
    if not known:
        refuse("EMAIL_URL", "cannot be read; it takes smtp+tls://user:password@host:587.")
    return url


def sender(name: str, *, default: str) -> str:
    """Return the address that mails come from, with or without a name before it."""
    value = text(name, default=default)
    if "@" not in parseaddr(value)[1] or not value.isprintable():
        refuse(name, f"is {value!r}; it takes TMS <helpdesk@example.com>.")
    return value


def origins(name: str) -> list[str]:
    """Return a list of scheme and host, as browsers send them in Origin."""
    values = words(name)
    for value in values:
        if not ORIGIN.fullmatch(value):
            refuse(name, f"has {value!r}; it takes https://tickets.example.com.")
    return values


def exact_origins(name: str) -> list[str]:
    """Return a list of origins, none of which stands for several."""
    values = origins(name)
    for value in values:
        if "*" in value:
            refuse(name, f"has {value!r}; it takes whole names, without “*”.")
    return values


def private_key(algorithm: str) -> str:
    """Return the key that the file JWT_PRIVATE_KEY_FILE holds, where access tokens are signed with RS256."""
    file = text("JWT_PRIVATE_KEY_FILE")
    if algorithm != "RS256":
        return ""
    if not file:
        refuse("JWT_PRIVATE_KEY_FILE", "is not set, but JWT_ALGORITHM is RS256.")
    try:
        pem = Path(file).read_bytes()
        key = load_pem_private_key(pem, password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < RSA_LEAST_BITS:
        refuse("JWT_PRIVATE_KEY_FILE", f"names {file}, which holds no RSA key of 2048 bits or more in PEM.")
    return pem.decode()


def origin(name: str) -> str:
    """Return one scheme and host, or nothing."""
    value = text(name).rstrip("/")
    if value and (not ORIGIN.fullmatch(value) or "*" in value):
        refuse(name, f"is {value!r}; it takes https://static.example.com.")
    return value


def redis_url() -> str:
    """Return REDIS_URL, or nothing for a cache in the database."""
    url = text("REDIS_URL")
    if url and not REDIS.fullmatch(url):
        refuse("REDIS_URL", "cannot be read; it takes redis://host:6379/0.")
    if url and find_spec("redis") is None:
        refuse("REDIS_URL", "is set, but the client is missing: pip install -r requirements-mysql.txt.")
    return url


def shared_cache(table: str, redis: str) -> dict[str, Any]:
    """Return the settings of a cache that all workers share: in Redis, or else in a table."""
    if redis:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis}
    # Beyond so many entries Django throws away some that aren't over yet. It counts them with each write, which takes
    # 3 ms for as many as these, so there aren't more.
    most = {"MAX_ENTRIES": 10_000}
    return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": table, "OPTIONS": most}


def base_url(*, local: bool, hosts: list[str], https: bool) -> str:
    """Return BASE_URL, which links in mails begin with: never a name that a request claims.

    docs/security.md, row 18.
    """
    url = text("BASE_URL")
    if url and not BASE.fullmatch(url):
        refuse("BASE_URL", f"is {url!r}; it takes https://tickets.example.com.")
    if url:
        return url.rstrip("/")
    if local or not hosts:
        return f"http://{text('HOST', default='127.0.0.1')}:{text('PORT', default='8000')}"
    return f"{'https' if https else 'http'}://{hosts[0].lstrip('.*')}"


def extensions(name: str) -> frozenset[str]:
    """Return the endings of files that may be attached, in small letters and without dots."""
    values = [word.lower().removeprefix(".") for word in words(name)] or EXTENSIONS.split()
    for value in values:
        if not EXTENSION.fullmatch(value):
            refuse(name, f"has {value!r}; it takes endings such as pdf,png.")
    return frozenset(values)


def attachment_storage(data: Path) -> dict[str, Any]:
    """Return where attached files lie: a bucket that speaks S3, or a folder that nobody but TMS reads."""
    bucket = text("ATTACHMENTS_S3_BUCKET")
    if not bucket:
        options = {
            "location": data / "attachments",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    if not BUCKET.fullmatch(bucket):
        refuse("ATTACHMENTS_S3_BUCKET", f"is {bucket!r}; it takes the name of a bucket.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        refuse("ATTACHMENTS_S3_BUCKET", "is set, but its client is missing: pip install -r requirements-s3.txt.")
    endpoint = text("ATTACHMENTS_S3_ENDPOINT")
    if endpoint and not BASE.fullmatch(endpoint):
        refuse("ATTACHMENTS_S3_ENDPOINT", f"is {endpoint!r}; it takes https://s3.example.com.")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": text("ATTACHMENTS_S3_PREFIX", default="attachments"),
            "region_name": text("ATTACHMENTS_S3_REGION") or None,
            "endpoint_url": endpoint or None,
            "default_acl": None,  # the bucket's own rules hold: nothing of it is public
            "file_overwrite": False,
            "signature_version": "s3v4",
        },
    }
