from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save


class RulesConfig(AppConfig):
    name = "monographs.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.editions.models import Publication  # noqa: PLC0415  # models load after apps
        from monographs.rules.published_facts import build_missing_facts, update_facts  # noqa: PLC0415

        post_save.connect(update_facts, sender=Publication, dispatch_uid="update facts of public pages")
        post_migrate.connect(build_missing_facts, sender=self, dispatch_uid="build missing facts")
