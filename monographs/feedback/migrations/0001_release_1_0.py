import monographs.feedback.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [("feedback", "0001_initial")]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('slug', models.CharField(max_length=255, verbose_name='page')),
                ('title', models.CharField(max_length=255, verbose_name='medicine')),
                ('number', models.PositiveIntegerField(verbose_name='edition')),
                ('sha256', models.CharField(max_length=64, verbose_name='hash of the edition')),
                ('answer', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unsure', 'Not sure')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='looking for')),
                ('at', models.DateTimeField(default=monographs.feedback.models.this_minute, editable=False, verbose_name='sent')),
            ],
            options={
                'verbose_name_plural': 'feedback',
                'ordering': ['-at', '-pk'],
                'default_permissions': ['view'],
                'indexes': [models.Index(fields=['at'], name='feedback_at'), models.Index(fields=['slug', 'number'], name='feedback_edition')],
            },
        ),
    ]
