import django.db.models.deletion
from django.db import migrations, models

import tms_site.lib.fulltext


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
    ]
