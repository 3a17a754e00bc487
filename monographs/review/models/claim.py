"""Claims: who is reviewing a submission now, so that two reviewers do not do the same work."""

from django.conf import settings
from django.db import models

from monographs.review.models.submission import Submission


class ReviewClaim(models.Model):
    """A reviewer's claim on a submission, until a moment. It keeps nobody from reviewing or signing."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="claim")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} until {self.until:%Y-%m-%d %H:%M}"
