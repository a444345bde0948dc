"""Tells whether a MySQL or MariaDB server lets us in: `python database_answers.py mysql://root@127.0.0.1:3306/tms`.

Runs in .venv. With `--create` the named database is made if it's absent.
"""

import sys
from urllib.parse import unquote, urlsplit

import MySQLdb

SECONDS = 5


def main(url: str, *, create: bool = False) -> int:
    """Return 0 if the server lets us in; otherwise print the reason and return 1."""
    parts = urlsplit(url)
    try:
        connection = MySQLdb.connect(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 3306,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            connect_timeout=SECONDS,
        )
        if create:
            name = unquote(parts.path.strip("/")).replace("`", "``")
            connection.query(f"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4")
        connection.close()
    except MySQLdb.Error as error:
        sys.stderr.write(f"{error.args[-1]}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[-1], create="--create" in sys.argv))
