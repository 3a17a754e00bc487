from django.apps import AppConfig


class MonographsConfig(AppConfig):
    name = "monographs"
    label = "monographs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.models import Page  # noqa: PLC0415  # models are loaded now

        from monographs import checks  # noqa: F401, PLC0415
        from monographs.pages.action_log import log_action_refusals  # noqa: PLC0415
        from monographs.pages.permissions import permissions_for_user  # noqa: PLC0415

        # Page itself is not a ReviewedPage, and Wagtail has no setting for the tester, so its method is
        # replaced: Wagtail's own tester lets superusers publish
        Page.permissions_for_user = permissions_for_user
        log_action_refusals()
