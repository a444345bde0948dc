from django.db import migrations

# As tickets.search.recent has it.
WINDOW = 131_072
STEP = WINDOW // 8
BATCH = 5_000


def fill(apps, schema_editor):
    """Copy the newest documents, where they are kept: what searches look for must be there from the beginning.

    In batches, each of which stays: who is stopped goes on. What a machine of the new release has written meanwhile
    stays as it is.
    """
    connection = schema_editor.connection
    if connection.vendor != "mysql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM tickets_ticket")
        [newest] = cursor.fetchone()
        # All that may be among them, whichever ticket is the newest when the first search comes.
        begin = max(WINDOW, (newest - 2 * WINDOW) // STEP * STEP)
        for first in range(begin, newest + 1, BATCH):
            cursor.execute(
                "INSERT IGNORE INTO tickets_recentdocument (ticket_id, terms) SELECT ticket_id, terms"
                " FROM tickets_searchdocument WHERE ticket_id >= %s AND ticket_id < %s",
                [first, first + BATCH],
            )


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("tickets", "0025_recent_document"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
