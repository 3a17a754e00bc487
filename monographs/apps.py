from django.apps import AppConfig


class MonographsConfig(AppConfig):
    name = "monographs"
    label = "monographs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs import checks  # noqa: F401, PLC0415  # registers the system checks
