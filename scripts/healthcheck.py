"""Asks the server in this container whether it's alive; exit status 0 if so. Standard library only."""

import os
import sys
import urllib.request
from urllib.error import URLError

from scripts import env_file

TIMEOUT_SECONDS = 4


def main() -> int:
    """Return 0 if /healthz answers 200."""
    port = os.environ.get("PORT") or "8000"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": _allowed_host()})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - our own address
            return 0 if answer.status == 200 else 1  # noqa: PLR2004 - the one status that is fine
    except (URLError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _allowed_host() -> str:
    """Return a name that the site answers to: a forged one would get 400 (docs/security.md, row 18)."""
    name = env_file.setting("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    return "localhost" if name == "*" else name


if __name__ == "__main__":
    sys.exit(main())
