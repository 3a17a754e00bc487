from django.apps import AppConfig


class SchedulerConfig(AppConfig):
    name = "monographs.scheduler"
    label = "scheduler"
    default_auto_field = "django.db.models.BigAutoField"
