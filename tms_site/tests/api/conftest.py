"""What the tests of the API share."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tickets.attachments.tests.conftest import folder, stored  # noqa: F401 - fixtures


@pytest.fixture
def connection_stays() -> Iterator[None]:
    """Keep Django from closing the connection that holds the test's transaction, as a server would."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
