"""Programs that tests start begin with a database as the migrations left it, whatever other tests have committed."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from tickets import services


@pytest.mark.skipif(connection.vendor != "sqlite", reason="on a server programs migrate databases of their own")
def test_no_number_is_used_up_in_it_by_what_a_test_has_committed(transactional_db, requester, request):
    services.create_ticket(actor=requester, title="Printer", description="It's on fire.")
    with closing(sqlite3.connect(request.getfixturevalue("migrated_file"))) as database:
        assert database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'tickets_ticket'").fetchall() == []
        assert database.execute("SELECT COUNT(*) FROM django_migrations").fetchone() > (0,)
