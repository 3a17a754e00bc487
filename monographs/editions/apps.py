from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_migrate


class EditionsConfig(AppConfig):
    name = "monographs.editions"
    label = "editions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.core.db_pooler import refuse_pooler  # noqa: PLC0415
        from monographs.editions.models import Publication  # noqa: PLC0415  # models load after apps
        from monographs.editions.name_conflicts import store_public_names  # noqa: PLC0415
        from monographs.editions.roles import grant_after_migrating  # noqa: PLC0415  # imports models, which are not loaded before ready()

        post_save.connect(store_public_names, sender=Publication, dispatch_uid="store public names")
        pre_migrate.connect(
            lambda **kwargs: refuse_pooler("migrate"), sender=self, weak=False, dispatch_uid="no pooler"
        )
        post_migrate.connect(grant_after_migrating, sender=self, dispatch_uid="grant_application")
