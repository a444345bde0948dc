"""What tests of files share."""

import pytest
from django.conf import settings as django_settings

from tickets.factories import TicketFactory
from tms_site import environment


@pytest.fixture
def folder(settings, tmp_path):
    """The folder that TMS would keep files in, empty."""
    attachments = environment.attachment_storage(tmp_path)
    settings.STORAGES = {**django_settings.STORAGES, "attachments": attachments}
    return tmp_path / "attachments"


@pytest.fixture
def stored(folder):
    """How many files lie in the folder."""
    return lambda: len([path for path in folder.rglob("*") if path.is_file()])


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)
