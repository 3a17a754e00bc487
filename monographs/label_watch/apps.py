from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_delete, post_migrate, post_save


class LabelWatchConfig(AppConfig):
    name = "monographs.label_watch"
    label = "label_watch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.editions.models import Publication  # noqa: PLC0415  # models load after apps
        from monographs.editions.verify import further_checks  # noqa: PLC0415
        from monographs.label_watch.label_faults import label_faults  # noqa: PLC0415
        from monographs.label_watch.label_tasks import close_answered_label_tasks  # noqa: PLC0415
        from monographs.label_watch.models import Citation, FollowedLabel  # noqa: PLC0415
        from monographs.label_watch.rested_versions import follow_label  # noqa: PLC0415
        from monographs.label_watch.watched_editions import follow_citation, follow_publication  # noqa: PLC0415

        further_checks.append(label_faults)
        for sender, receiver, name in (
            (Publication, follow_publication, "watch editions"),
            (Citation, follow_citation, "count citations"),
            (FollowedLabel, follow_label, "store followed labels"),
            (Publication, close_answered_label_tasks, "close answered label tasks"),
        ):
            post_save.connect(receiver, sender=sender, dispatch_uid=name)
        post_delete.connect(follow_label, sender=FollowedLabel, dispatch_uid="remove followed labels")
        post_migrate.connect(store_missing_rows, sender=self, dispatch_uid="store missing watched editions")


def store_missing_rows(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: store what was published before the rows existed."""
    from monographs.label_watch.models import RestedVersion  # noqa: PLC0415
    from monographs.label_watch.watched_editions import watch_missing_editions  # noqa: PLC0415

    # The table is missing when migrations were reversed
    if RestedVersion._meta.db_table in connections[using].introspection.table_names():
        watch_missing_editions()
