from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

INDEXES = {
    "passage": {"passage_words": "words"},
    "listedpage": {"listed_conditions": "condition_keys", "listed_routes": "routes"},
}


def _of_readers(model: str, name: str, field: str) -> migrations.SeparateDatabaseAndState:
    """Return the operation after which an index takes in each entry at once.

    The setting of an index is changed without building it again. Entries that still wait are taken in.
    """
    index = GinIndex(fields=[field], name=name, fastupdate=False)
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER INDEX {name} SET (fastupdate = off)", f"ALTER INDEX {name} RESET (fastupdate)"
            ),
            migrations.RunSQL(f"SELECT gin_clean_pending_list('{name}'::regclass)", migrations.RunSQL.noop),
        ],
        state_operations=[
            migrations.RemoveIndex(model_name=model, name=name),
            migrations.AddIndex(model_name=model, index=index),
        ],
    )


class Migration(migrations.Migration):

    dependencies = [
        ("reading", "0001_release_1_0"),
    ]

    operations = [
        _of_readers(model, name, field) for model, indexes in INDEXES.items() for name, field in indexes.items()
    ]
