import django.db.models.deletion
import monographs.core.db_clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [("imports", "0001_where_drafts_come_from")]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(db_index=True)),
                ('revision_id', models.PositiveBigIntegerField()),
                ('file_name', models.CharField(max_length=300)),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file')),
                ('size', models.PositiveIntegerField(help_text='Bytes.')),
                ('form', models.CharField(max_length=100, verbose_name='read as')),
                ('by', models.CharField(blank=True, max_length=300, verbose_name='imported by')),
                ('at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
                ('preview', models.CharField(blank=True, help_text='Which preview it was confirmed in.', max_length=64)),
                ('created_page', models.BooleanField()),
                ('replaced', models.JSONField(default=list)),
                ('remarks', models.JSONField(default=list)),
                ('left_out', models.JSONField(default=list)),
                ('dismissed_at', models.DateTimeField(null=True)),
                ('dismissed_by', models.CharField(blank=True, max_length=300)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('preview', ''), _negated=True), fields=('preview',), name='imported_once_per_preview')],
            },
        ),
    ]
