from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0023_rating_shelves'),
    ]

    operations = [
        migrations.AddField(
            model_name='savedview',
            name='version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
    ]
