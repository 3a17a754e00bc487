from django.apps import AppConfig
from django.db.models.signals import post_save


class LabelWatchConfig(AppConfig):
    name = "monographs.label_watch"
    label = "label_watch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.editions.models import Publication  # noqa: PLC0415  # models load after apps
        from monographs.editions.verify import further_checks  # noqa: PLC0415
        from monographs.label_watch.label_faults import label_faults  # noqa: PLC0415
        from monographs.label_watch.update_tasks import close_answered_tasks  # noqa: PLC0415

        further_checks.append(label_faults)
        post_save.connect(close_answered_tasks, sender=Publication, dispatch_uid="close answered label tasks")
