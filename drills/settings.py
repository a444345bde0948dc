"""TMS's own settings, with an environment of their own that no .env file can change, and static files as they lie."""

import os

os.environ["TMS_ENV_FILE"] = ""
os.environ["SECRET_KEY"] = "only-for-drills-" + "d" * 40
os.environ["ALLOWED_HOSTS"] = "127.0.0.1,tickets.example.com"
os.environ["TMS_LOCAL"] = "1"
# The receiver of the webhooks is this machine.
os.environ["WEBHOOK_ALLOWED_NETWORKS"] = "127.0.0.0/8"
for _name in ("DEBUG", "EMAIL_URL", "REQUIRE_MFA_ROLES", "TIME_ZONE", "BASE_URL"):
    os.environ.pop(_name, None)

from tms_site.settings import *  # noqa: E402, F403 - the environment above must stand first

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405 - of the settings above
# Everybody knows the demo's passwords: to hash them well would take longer than all that is drilled.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
