"""Notices sent to users by email, and how each user wishes to receive them."""

from django.conf import settings
from django.db import models

from monographs.core.db_clock import database_now


class NoticePreference(models.Model):
    """How a user receives notices about reviews; without a row, each notice is a separate email."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference"
    )
    digest = models.BooleanField(
        "one email a day",
        default=False,
        help_text="Collect notices into one email a day. Urgent ones are sent at once all the same.",
    )

    def __str__(self) -> str:
        return f"{self.user}: {'one email a day' if self.digest else 'an email each'}"


class Notice(models.Model):
    """A notice of one event to one user, sent at most once; ``sent_at`` is empty while it waits."""

    event = models.CharField(max_length=40)
    about = models.CharField(max_length=120, help_text="Identifies the event among others of its kind.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    #: The path in the admin of what it is about; empty where there is none.
    path = models.CharField(max_length=500, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=database_now)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True, help_text="When it was read in the admin.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "about", "user"], name="one_notice_per_event_and_person")
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(sent_at__isnull=True), name="notice_waiting"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.user}"
