"""Say of the entries that are there already who meets them in a timeline.

In batches of their own transactions: a log of millions of entries is never rewritten in one go, and a migration that
was interrupted goes through when it's run again.
"""

from django.db import migrations
from django.db.models import Max, Q

BATCH = 10_000
OF_TICKETS = Q(target_type="ticket", activity_type__in=("create", "update", "restore"))
OF_COMMENTS = Q(target_type="comment", activity_type="delete")
OF_LINKS = Q(target_type="link", activity_type__in=("create", "delete"))
FOR_DESK = OF_LINKS | (OF_COMMENTS & Q(changes__has_key="is_internal"))


def fill(apps, schema_editor):
    entries = apps.get_model("activity", "ActivityLog").objects.using(schema_editor.connection.alias)
    last = entries.aggregate(last=Max("pk"))["last"] or 0
    for first in range(0, last + 1, BATCH):
        batch = entries.filter(pk__gte=first, pk__lt=first + BATCH)
        batch.filter(OF_TICKETS | OF_COMMENTS | OF_LINKS).update(in_timeline=True)
        batch.filter(FOR_DESK).update(for_desk=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("activity", "0008_timeline"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
