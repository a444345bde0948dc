"""Makes the secrets of a container installation once, each in a volume that only its readers mount.

TMS_SECRETS_DIR (tms.env: SECRET_KEY and DATABASE_URL) is the site's, TMS_DB_SECRETS_DIR (the passwords) the
database's. What is there already stays: a lost password would lock the site out of its own data.
"""

import os
import secrets
from pathlib import Path

from scripts.console import say
from scripts.env_file import write_private

PASSWORD_FILES = ("password", "root_password")
# The database server reads its files under an account of its own; nothing else mounts that volume.
READABLE_IN_VOLUME = 0o444


def main() -> None:
    """Write what is missing."""
    site, database = Path(os.environ["TMS_SECRETS_DIR"]), Path(os.environ["TMS_DB_SECRETS_DIR"])
    for name in PASSWORD_FILES:
        _make(database / name, secrets.token_urlsafe(32), READABLE_IN_VOLUME)
    password = (database / "password").read_text(encoding="utf-8")
    url = f"mysql://tms:{password}@db:3306/tms"
    _make(site / "tms.env", f"SECRET_KEY={secrets.token_urlsafe(50)}\nDATABASE_URL={url}\n", 0o400)


def _make(file: Path, text: str, mode: int) -> None:
    if file.is_file():
        return
    write_private(file, text, mode)
    say(f"Made {file}.")


if __name__ == "__main__":
    main()
