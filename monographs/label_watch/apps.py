from django.apps import AppConfig


class LabelWatchConfig(AppConfig):
    name = "monographs.label_watch"
    label = "label_watch"
    default_auto_field = "django.db.models.BigAutoField"
