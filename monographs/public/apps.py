from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, post_save


class PublicConfig(AppConfig):
    name = "monographs.public"
    label = "reading"

    def ready(self) -> None:
        from monographs.editions.models import PreparedSentence, Publication  # noqa: PLC0415  # after apps
        from monographs.label_watch.models import UpdateTask  # noqa: PLC0415
        from monographs.public.search.text_index_sync import update_text_index  # noqa: PLC0415
        from monographs.public.shared_cache import purge_outbox  # noqa: PLC0415

        post_save.connect(update_text_index, sender=Publication, dispatch_uid="update text index")
        for sender, receiver in (
            (Publication, purge_outbox.store_purges),
            (PreparedSentence, purge_outbox.store_sentence_purges),
            (UpdateTask, purge_outbox.store_label_task_purges),
        ):
            post_save.connect(receiver, sender=sender, dispatch_uid=f"purges after {sender.__name__}")
        post_migrate.connect(build_missing_index, sender=self, dispatch_uid="build missing text index")


def build_missing_index(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: index what was published before the indexes existed."""
    from monographs.public.listed_pages import store_missing_listed_pages  # noqa: PLC0415
    from monographs.public.models import ListedPage, Passage  # noqa: PLC0415
    from monographs.public.search.text_index_sync import index_missing_editions  # noqa: PLC0415

    # A table is missing when migrations were reversed
    tables = connections[using].introspection.table_names()
    if Passage._meta.db_table in tables:
        index_missing_editions()
    if ListedPage._meta.db_table in tables:
        store_missing_listed_pages()
