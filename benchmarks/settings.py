"""TMS's own settings, with an environment of their own that no .env file can change, and the bare page's address."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent

os.environ["TMS_ENV_FILE"] = ""
os.environ["SECRET_KEY"] = "only-for-benchmarks-" + "b" * 40
os.environ["ALLOWED_HOSTS"] = "127.0.0.1"
os.environ["TMS_LOCAL"] = "1"
os.environ.setdefault("DATA_DIR", str(HERE.parent / "data" / "bench"))
for _name in ("DEBUG", "EMAIL_URL", "REQUIRE_MFA_ROLES", "TIME_ZONE", "BASE_URL"):
    os.environ.pop(_name, None)

from tms_site.settings import *  # noqa: E402, F403 - the environment above must stand first

ROOT_URLCONF = "benchmarks.urls"
TEMPLATES[0]["DIRS"].append(HERE / "templates")  # noqa: F405
# Each of several clients logs in from one machine, in run after run.
ACCOUNT_RATE_LIMITS = False
# Compressing them takes longer than a whole small round, in which nobody asks for them.
if os.environ.get("BENCH_UNCOMPRESSED"):
    PLAIN = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    STORAGES["staticfiles"]["BACKEND"] = PLAIN  # noqa: F405 - of the settings that were imported above
