"""Credentials of reviewers."""

from django.conf import settings
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet

from monographs.core.db_clock import database_today


@register_snippet
class ReviewerProfile(models.Model):
    """A reviewer's credentials, shown to patients beside their name.

    An account without a profile, or past its last valid day, cannot sign.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviewer_profile"
    )
    credentials = models.CharField(max_length=200, help_text="As patients read it, e.g. PharmD, BCOP.")
    field = models.CharField(max_length=200, blank=True, help_text="E.g. haematology pharmacy.")
    expires_on = models.DateField(
        "valid until",
        null=True,
        blank=True,
        help_text="The last day on which this person may sign, e.g. when the registration must be renewed.",
    )

    panels = [FieldPanel(name) for name in ("user", "credentials", "field", "expires_on")]

    def __str__(self) -> str:
        return f"{self.user}: {self.credentials}"

    @property
    def expired(self) -> bool:
        """Whether the last valid day (UTC) has passed."""
        return self.expires_on is not None and self.expires_on < database_today()
