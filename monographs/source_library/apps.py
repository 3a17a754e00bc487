from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, post_save


class SourceLibraryConfig(AppConfig):
    name = "monographs.source_library"
    label = "source_library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.editions.models import Publication  # noqa: PLC0415  # models load after apps
        from monographs.source_library.shown_sources import follow_shown_sources  # noqa: PLC0415

        post_save.connect(follow_shown_sources, sender=Publication, dispatch_uid="follow shown sources")
        post_migrate.connect(store_missing_sources, sender=self, dispatch_uid="store missing shown sources")


def store_missing_sources(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: store the sources of what was published before the rows existed."""
    from monographs.source_library.models import SourceCitation  # noqa: PLC0415
    from monographs.source_library.shown_sources import show_missing_editions  # noqa: PLC0415

    # A table is missing when migrations were reversed
    if SourceCitation._meta.db_table in connections[using].introspection.table_names():
        show_missing_editions()
