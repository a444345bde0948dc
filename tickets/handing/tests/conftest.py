"""A team of two, and what they have to do."""

import pytest

from accounts.models import User
from tickets.sorting import services
from tickets.sorting.models import Team


@pytest.fixture
def pair(sysadmin: User, agent: User, other_agent: User) -> Team:
    """John and Alex."""
    return services.create_team(actor=sysadmin, name="Pair", members=[agent, other_agent])
