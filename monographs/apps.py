from django.apps import AppConfig


class MonographsConfig(AppConfig):
    name = "monographs"
    label = "monographs"
    default_auto_field = "django.db.models.BigAutoField"
