"""Where imported drafts come from: kept beside the page, and never shown to patients."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models

from monographs.core.db_clock import database_now
from monographs.imports.remarks import Remark


class ImportedText(models.Model):
    """A text that was imported into a page: its file, who imported it when, and what was remarked on it.

    It is no source: what patients read rests on sources that a writer chose. ``key`` is the page's,
    ``revision_id`` the draft that was written. ``replaced`` names the people whose unpublished drafts it
    replaced, which the page's history still holds.
    """

    key = models.UUIDField(db_index=True)
    revision_id = models.PositiveBigIntegerField()
    file_name = models.CharField(max_length=300)
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    form = models.CharField("read as", max_length=100)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.CharField("imported by", max_length=300, blank=True)
    at = models.DateTimeField(default=database_now)
    preview = models.CharField(max_length=64, blank=True, help_text="Which preview it was confirmed in.")
    created_page = models.BooleanField()
    replaced = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["preview"], condition=~models.Q(preview=""), name="imported_once_per_preview"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, imported by {self.by or 'a command'}"

    @classmethod
    def latest(cls, key: UUID, since: datetime | None) -> "ImportedText | None":
        """Return the last text that was imported into the page ``key``, if that was after ``since``."""
        texts = cls.objects.filter(key=key)
        return (texts.filter(at__gt=since) if since else texts).first()

    @property
    def open_remarks(self) -> list[Remark]:
        """The remarks that nobody has dismissed yet."""
        return [] if self.dismissed_at else [Remark(**fields) for fields in self.remarks]
