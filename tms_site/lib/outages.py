"""What the application sees when a server that it depends on is away: the database, or Redis where it's the cache."""

import contextlib

from django.db import InterfaceError, OperationalError

# Not every DatabaseError: values that don't fit or a missing table are nothing that waiting mends.
DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError)
_errors: list[type[Exception]] = [*DATABASE_AWAY]
# Redis' package comes with requirements-mysql.txt; without it the cache is a table of the database.
with contextlib.suppress(ImportError):
    from redis.exceptions import ConnectionError as RedisConnectionError
    from redis.exceptions import TimeoutError as RedisTimeoutError

    _errors += [RedisConnectionError, RedisTimeoutError]

AWAY: tuple[type[Exception], ...] = tuple(_errors)
