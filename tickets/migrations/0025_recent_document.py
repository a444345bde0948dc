import django.db.models.deletion
from django.db import migrations, models

import tms_site.lib.fulltext

# As tickets.search.recent has it.
WINDOW = 131_072
STEP = WINDOW // 8


def fill(apps, schema_editor):
    """Copy the newest documents, where they are kept: what searches look for must be there from the beginning."""
    connection = schema_editor.connection
    if connection.vendor != "mysql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM tickets_ticket")
        [newest] = cursor.fetchone()
        # All that may be among them, whichever ticket is the newest when the first search comes.
        begin = max(WINDOW, ((newest or 0) - 2 * WINDOW) // STEP * STEP)
        if newest is None or newest < begin:
            return
        cursor.execute(
            "INSERT INTO tickets_recentdocument (ticket_id, terms)"
            " SELECT ticket_id, terms FROM tickets_searchdocument WHERE ticket_id >= %s",
            [begin],
        )


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0024_view_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecentDocument",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="recent_document",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("terms", tms_site.lib.fulltext.TermsField()),
            ],
        ),
        # The index is made sooner once the rows are there.
        migrations.RunPython(fill, migrations.RunPython.noop),
        tms_site.lib.fulltext.AddFulltext("RecentDocument", "terms"),
    ]
