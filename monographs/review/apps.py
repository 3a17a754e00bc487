from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "monographs.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.review import contributions, doors, workflow_signals  # noqa: F401, PLC0415
        from monographs.review.notices import stock  # noqa: PLC0415

        stock.take_over()
