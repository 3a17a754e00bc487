"""Notes between reviewers and writers, on a section or a passage of it."""

from django.conf import settings
from django.db import models

from monographs.core.db_clock import database_now
from monographs.editions.person import Person
from monographs.review.models.outside_link import OUTSIDE_EXPERT
from monographs.review.models.submission import Submission


class NoteStatus(models.TextChoices):
    """The state of a note; an open one keeps the text from being signed."""

    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Note(models.Model):
    """A reviewer's note on a section. It belongs to the page (``key``), so it survives a return.

    ``section`` is the type of a section or the name of another part of the redline. A passage is located by
    its text and context, as in the W3C's TextQuoteSelector (``quote``, ``prefix``, ``suffix``); a note on the
    whole section has none. ``outsider`` says whose words it has, if it was taken over from a Word file.
    """

    key = models.UUIDField(db_index=True)
    submission = models.ForeignKey(Submission, null=True, on_delete=models.SET_NULL, related_name="notes")
    section = models.CharField(max_length=60)
    quote = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    body = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_record = models.JSONField(help_text="The author by value.")
    #: The link by which an outside expert left it; then it has no author with an account.
    outside_link = models.ForeignKey(
        "review.OutsideLink", null=True, on_delete=models.SET_NULL, related_name="outside_notes"
    )
    outsider = models.CharField(max_length=300, blank=True, default="", db_default="")
    at = models.DateTimeField(default=database_now)
    status = models.CharField(max_length=20, choices=NoteStatus, default=NoteStatus.OPEN)
    closed_at = models.DateTimeField(null=True)
    closer = models.JSONField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["key", "status"], name="note_key_status")]

    def __str__(self) -> str:
        return f"{self.author_person.name} on {self.section}"

    @property
    def author_person(self) -> Person:
        """The author, by value at the time."""
        return Person(**self.author_record)

    @property
    def is_from_outside(self) -> bool:
        """Whether an outside expert left it, who has no account."""
        return self.author_person.field == OUTSIDE_EXPERT

    @property
    def closer_person(self) -> Person | None:
        """Who resolved or withdrew it, by value; None while it is open."""
        return Person(**self.closer) if self.closer else None

    @property
    def is_open(self) -> bool:
        """Whether it keeps the text from being signed."""
        return self.status == NoteStatus.OPEN


class NoteReply(models.Model):
    """An answer to a note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="replies")
    body = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_record = models.JSONField(help_text="The author by value.")
    at = models.DateTimeField(default=database_now)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "note replies"

    def __str__(self) -> str:
        return f"{self.author_person.name} answered"

    @property
    def author_person(self) -> Person:
        """The author, by value at the time."""
        return Person(**self.author_record)
