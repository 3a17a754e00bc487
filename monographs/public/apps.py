from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, post_save


class PublicConfig(AppConfig):
    name = "monographs.public"
    label = "reading"

    def ready(self) -> None:
        from monographs.editions.models import Publication  # noqa: PLC0415  # models are loaded by now
        from monographs.public.search.text_index_sync import follow_publication  # noqa: PLC0415

        post_save.connect(follow_publication, sender=Publication, dispatch_uid="words of what is public")
        post_migrate.connect(index_after_migrating, sender=self, dispatch_uid="words of what was public")


def index_after_migrating(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: what was public before there was an index is found as well."""
    from monographs.public.models import Passage  # noqa: PLC0415
    from monographs.public.search.text_index_sync import index_everything  # noqa: PLC0415

    # Not there when migrations were taken back
    if Passage._meta.db_table in connections[using].introspection.table_names():
        index_everything()
