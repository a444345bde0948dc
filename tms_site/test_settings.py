"""Settings of the tests: the real ones, with an environment of their own that no .env file can change."""

import hashlib
import os
import tempfile
from pathlib import Path

# Each checkout has its own, so that two of them can be tested at the same time.
_CHECKOUT = hashlib.sha256(os.fsencode(Path(__file__).resolve())).hexdigest()[:8]
_DATA = Path(tempfile.gettempdir()) / f"tms-test-{os.getuid()}-{_CHECKOUT}"

os.environ["TMS_ENV_FILE"] = ""
os.environ["DATA_DIR"] = str(_DATA)
for _name in ("DEBUG", "REDIS_URL", "EMAIL_URL", "SIGNUP_OPEN", "REQUIRE_MFA_ROLES", "TIME_ZONE", "BASE_URL"):
    os.environ.pop(_name, None)
os.environ["SECRET_KEY"] = "only-for-the-tests-" + "t" * 40
os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["TMS_LOCAL"] = "1"

from tms_site.settings import *  # noqa: E402, F403 - the environment above must stand first

# One fast hasher: the tests log in thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["attachments"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}  # noqa: F405
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
# The browser gets the files from where they are written, without collecting them first.
WHITENOISE_USE_FINDERS = True
# SQLite tests use a file, as threads with connections of their own share it.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # Nobody needs what the tests wrote after a power cut, so no commit waits for the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(_DATA / "test.sqlite3")}  # noqa: F405
