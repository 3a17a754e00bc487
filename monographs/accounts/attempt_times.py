"""Times of the rows of django-axes by the database's clock; its models take the web server's."""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models.signals import post_save

from monographs.core.db_clock import database_now


def connect() -> None:
    """Connect to the models that count attempts."""
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        post_save.connect(_set_time, sender=model, dispatch_uid=f"{model.__name__}_time")


def _set_time(sender: Any, instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        instance.attempt_time = database_now()
        sender.objects.filter(pk=instance.pk).update(attempt_time=instance.attempt_time)
