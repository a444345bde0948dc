from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0007_other_ticket"),
    ]

    operations = [
        migrations.AddField(
            model_name="activitylog",
            name="in_timeline",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="activitylog",
            name="for_desk",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="activitylog",
            index=models.Index(fields=["ticket_id", "in_timeline", "activity_date", "id"], name="activity_timeline"),
        ),
        migrations.AddIndex(
            model_name="activitylog",
            index=models.Index(
                fields=["other_ticket_id", "in_timeline", "activity_date", "id"], name="activity_other_timeline"
            ),
        ),
        migrations.RemoveIndex(
            model_name="activitylog",
            name="activity_other_ticket",
        ),
    ]
