import django.db.models.deletion
from django.db import migrations, models

from tms_site.lib.migrations import AddEmptyForeignKey


def take_over_shelves(apps, schema_editor):
    """Earlier ratings are of the team and category that their tickets have now."""
    ratings = apps.get_model('tickets', 'Rating').objects.using(schema_editor.connection.alias)
    tickets = apps.get_model('tickets', 'Ticket').objects.filter(pk=models.OuterRef('ticket'))
    ratings.update(
        team=models.Subquery(tickets.values('team')[:1]), category=models.Subquery(tickets.values('category')[:1])
    )


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0022_reply_tags'),
    ]

    operations = [
        AddEmptyForeignKey(
            model_name='rating',
            name='category',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.category'),
        ),
        AddEmptyForeignKey(
            model_name='rating',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.team'),
        ),
        migrations.RunPython(take_over_shelves, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['month', 'agent', 'team', 'category', 'value'], name='rating_sums'),
        ),
        migrations.RemoveIndex(
            model_name='rating',
            name='rating_month',
        ),
    ]
