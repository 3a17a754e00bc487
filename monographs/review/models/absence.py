"""Days on which a person is away, and their delegate."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Absence(models.Model):
    """Days on which a person is away and has a delegate: ``starts_on`` to ``ends_on``, both included (UTC).

    The delegate gets the person's assignments and reminders as well, and no right of theirs.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["ends_on"], name="absence_ends")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start"),
            models.CheckConstraint(condition=~Q(user=F("delegate")), name="absence_has_another_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is away until {self.ends_on}; {self.delegate} stands in"
