from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "monographs.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.review import contribution_tracking  # noqa: F401, PLC0415
        from monographs.review.wagtail_integration import (  # noqa: F401, PLC0415
            blocked_routes,
            workflow_emails,
            workflow_signals,
        )

        workflow_emails.replace_workflow_notifiers()
