"""What people are told by mail, and how they wish to be told."""

from django.conf import settings
from django.db import models


class NoticePreference(models.Model):
    """How an account wishes to be told of reviews; without a row, each notice is a mail of its own."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference"
    )
    digest = models.BooleanField(
        "one mail a day",
        default=False,
        help_text="Gather notices into one mail a day. What cannot wait is sent at once all the same.",
    )

    def __str__(self) -> str:
        return f"{self.user}: {'one mail a day' if self.digest else 'a mail each'}"


class Notice(models.Model):
    """One event told to one person, at most once. ``sent_at`` is empty while it waits for a digest."""

    event = models.CharField(max_length=40)
    about = models.CharField(max_length=120, help_text="What makes it this event and no other.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "about", "user"], name="one_notice_per_event_and_person")
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(sent_at__isnull=True), name="notice_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.user}"
