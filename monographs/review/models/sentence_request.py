"""Requests of editors that a reviewer signs a prepared sentence for patients."""

from django.conf import settings
from django.db import models

from monographs.editions.person import Person
from monographs.label_watch.models import UpdateTask


class SentenceRequest(models.Model):
    """An editor asks for the prepared sentence while the grave change of ``task`` is not answered."""

    task = models.ForeignKey(UpdateTask, on_delete=models.CASCADE, related_name="sentence_requests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asker = models.JSONField()
    asked_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=models.Q(signed_at=None),
                name="one_open_sentence_request_per_task",
            )
        ]

    def __str__(self) -> str:
        return f"sentence for {self.task}"

    @property
    def asker_person(self) -> Person:
        """Who asked, by value at the time."""
        return Person(**self.asker)
