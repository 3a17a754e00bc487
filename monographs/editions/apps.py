from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EditionsConfig(AppConfig):
    name = "monographs.editions"
    label = "editions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.editions.roles import grant_after_migrating  # noqa: PLC0415  # imports models, which are not loaded before ready()

        post_migrate.connect(grant_after_migrating, sender=self, dispatch_uid="grant_application")
