from django.db import migrations

import tms_site.lib.fulltext


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0026_fill_recent_documents"),
    ]

    operations = [
        # It's made sooner once the rows are there.
        tms_site.lib.fulltext.AddFulltext("RecentDocument", "terms"),
    ]
