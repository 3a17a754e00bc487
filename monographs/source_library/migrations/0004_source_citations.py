import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editions", "0009_vouchers_sign_apart"),
        ("source_library", "0003_edition_answered"),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceCitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(verbose_name="page")),
                ("statement", models.CharField(max_length=64, verbose_name="statement's key")),
                ("section", models.CharField(max_length=40)),
                ("words", models.TextField()),
                ("person", models.JSONField()),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_by", models.JSONField(null=True)),
                ("in_draft", models.BooleanField(default=True)),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editions.edition",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="source_library.librarysource",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["key"], name="source_citation_page")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("key", "statement", "source"),
                        name="source_cited_once_by_a_statement",
                    )
                ],
            },
        ),
    ]
