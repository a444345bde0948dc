"""Teams and categories as a small helpdesk has them."""

import pytest

from accounts.models import User
from tickets.sorting import services
from tickets.sorting.models import Category, Team


@pytest.fixture
def network(sysadmin: User, agent: User) -> Team:
    """John's team."""
    return services.create_team(actor=sysadmin, name="Network", members=[agent])


@pytest.fixture
def devices(sysadmin: User, other_agent: User) -> Team:
    """Alex's team."""
    return services.create_team(actor=sysadmin, name="Devices", members=[other_agent])


@pytest.fixture
def vpn(sysadmin: User, network: Team) -> Category:
    """What the network's team looks after, and urgently."""
    return services.create_category(actor=sysadmin, name="VPN and Wi-Fi", default_team=network, default_priority="high")


@pytest.fixture
def printers(sysadmin: User, devices: Team) -> Category:
    """What the team of devices looks after."""
    return services.create_category(actor=sysadmin, name="Printers", default_team=devices)


@pytest.fixture
def other(sysadmin: User) -> Category:
    """What nobody looks after by default."""
    return services.create_category(actor=sysadmin, name="Something else")
