from django.db import migrations


class Migration(migrations.Migration):
    """What was emailed before there was a list in the admin is not news there."""

    dependencies = [("review", "0007_notices_in_the_admin")]

    operations = [
        migrations.RunSQL(
            "UPDATE review_notice SET read_at = created_at WHERE read_at IS NULL", migrations.RunSQL.noop
        )
    ]
