"""Versions of standard texts in drafts, for look-ups."""

from django.db import models

from monographs.blocks.standard_text_block import TextVersion


class DraftStandardText(models.Model):
    """A version of a standard text in the newest draft of a page. Derived with each stored revision."""

    key = models.UUIDField("page", db_index=True)
    text = models.UUIDField("standard text", db_index=True)
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"version {self.number} of {self.text} in the draft of {self.key}"

    @property
    def version(self) -> TextVersion:
        """The version as blocks store it."""
        return TextVersion(str(self.text), self.number, self.sha256)
