import django.db.models.deletion
import monographs.core.db_clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("rules", "0001_initial"),
        ("rules", "0002_database_clock"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=2000, unique=True)),
                ('outcome', models.CharField(choices=[('answers', 'Answers'), ('gone', 'Says that there is nothing'), ('silent', 'Does not answer'), ('unclear', 'Does not let a program see'), ('not_asked', 'Not an address we ask')], max_length=20)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('checked_at', models.DateTimeField()),
                ('first_failed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Overrule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('rule', models.CharField(max_length=60)),
                ('anchor', models.CharField(blank=True, max_length=100)),
                ('fingerprint', models.CharField(max_length=64)),
                ('excerpt', models.TextField(blank=True)),
                ('reason', models.CharField(max_length=500)),
                ('person', models.JSONField()),
                ('at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.JSONField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('key', 'rule', 'anchor', 'fingerprint'), name='overruled_once_per_place')],
            },
        ),
    ]
