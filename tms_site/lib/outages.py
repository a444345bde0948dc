"""What the application sees when a server that it depends on is away: the database, or Redis where it's the cache."""

import contextlib

from django.db import InterfaceError, OperationalError

_errors: list[type[Exception]] = [OperationalError, InterfaceError]
# Redis' package comes with requirements-mysql.txt; without it the cache is a table of the database.
with contextlib.suppress(ImportError):
    from redis.exceptions import ConnectionError as RedisConnectionError
    from redis.exceptions import TimeoutError as RedisTimeoutError

    _errors += [RedisConnectionError, RedisTimeoutError]

AWAY: tuple[type[Exception], ...] = tuple(_errors)
