import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("reading", "0001_words_and_companions"),
        ("reading", "0002_cache_purges"),
        ("reading", "0003_listed_pages"),
    ]

    dependencies = [
        ('editions', '0001_release_1_0'),
    ]

    operations = [
        migrations.CreateModel(
            name='CachePurge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=200)),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('is_withdrawal', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('sent_at', models.DateTimeField(null=True)),
                ('repeated_at', models.DateTimeField(null=True)),
                ('expired_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('expired_at', None), ('repeated_at', None)), fields=['-is_withdrawal', 'id'], name='cache_purge_waiting'), models.Index(fields=['created_at'], name='cache_purge_created')],
            },
        ),
        migrations.CreateModel(
            name='ListedPage',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('path', models.CharField(max_length=300)),
                ('title', models.CharField(max_length=255)),
                ('brand_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
                ('class_key', models.UUIDField(null=True)),
                ('condition_keys', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('identifiers', models.JSONField()),
                ('routes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('changed', models.DateTimeField(db_index=True)),
                ('next_due', models.DateField(db_index=True)),
                ('withdrawn', models.BooleanField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editions.edition')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('withdrawn', False)), fields=['path'], include=('edition', 'changed'), name='listed_path'), models.Index(condition=models.Q(('withdrawn', False)), fields=['kind', 'path'], name='listed_kind'), models.Index(condition=models.Q(('withdrawn', False)), fields=['class_key', 'path'], name='listed_class'), django.contrib.postgres.indexes.GinIndex(fields=['condition_keys'], name='listed_conditions'), django.contrib.postgres.indexes.GinIndex(fields=['routes'], name='listed_routes')],
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(db_index=True)),
                ('section', models.CharField(blank=True, max_length=40)),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editions.edition')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='passage_words')],
            },
        ),
        migrations.CreateModel(
            name='UsedWith',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(db_index=True)),
                ('companion', models.UUIDField()),
                ('title', models.TextField(db_default='')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editions.edition')),
            ],
            options={
                'indexes': [models.Index(fields=['companion', 'title', 'key'], name='used_with_by_title')],
                'constraints': [models.UniqueConstraint(fields=('edition', 'companion'), name='used_with_once')],
            },
        ),
    ]
