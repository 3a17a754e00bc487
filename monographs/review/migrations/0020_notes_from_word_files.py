from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0019_review_assignments'),
    ]

    operations = [
        migrations.AddField(
            model_name='note',
            name='outsider',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
    ]
