"""Tasks about changes of labels, and their signed answers."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monographs.core.db_clock import database_today
from monographs.editions.functions import TextSha256
from monographs.editions.models import Edition, iso
from monographs.editions.models.returned_fields import ReturnedDateTimeField
from monographs.editions.triggers import append_only
from monographs.label_watch.label_triggers import ANSWER_SIGNED, ANSWER_TIME
from monographs.label_watch.models.label_version import CLASSES, SET_ID_LENGTH, LabelVersion
from monographs.label_watch.task_labels import LabelledTask, LabelTaskManager, LabelTaskOutcome


class UpdateTask(LabelledTask):
    """A task for a page whose label differs from the version that the page rests on.

    There is one open task per page and label. Newer versions fold into it: it always shows the sum from
    ``from_version`` to ``to_version``. ``reasons`` and ``sections`` are as in ``LabelStep``. A step that
    changed nothing a page rests on is stored as a closed task, so that it is seen to have been looked at.
    """

    key = models.UUIDField("page")
    title = models.CharField("medicine", max_length=255)
    set_id = models.CharField("set id", max_length=SET_ID_LENGTH)
    #: The edition that rests on ``from_version``.
    edition = models.PositiveIntegerField()
    from_version = models.PositiveIntegerField("rests on version")
    to_version = models.PositiveIntegerField("newest version")
    change_class = models.CharField("how grave", max_length=10, choices=CLASSES, blank=True)
    sections = ArrayField(models.CharField(max_length=40), default=list)
    reasons = models.JSONField(default=list)
    #: The page's statements that cite changed sentences: section, words, class and what changed.
    statements = models.JSONField(default=list)
    opened_at = models.DateTimeField("open since")
    due_on = models.DateField("due", null=True)
    closed_at = models.DateTimeField("closed", null=True)
    outcome = models.CharField(max_length=20, choices=LabelTaskOutcome, blank=True)

    objects = LabelTaskManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "set_id"], condition=Q(closed_at=None), name="one_open_task_per_page_and_label"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_task_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["key", "set_id", "-id"], name="update_task_newest"),
            # How long signed answers took is read without what changed
            models.Index(
                fields=["change_class"],
                include=["set_id", "to_version", "opened_at", "closed_at"],
                condition=Q(outcome__in=["edition", "answered"]),
                name="update_task_signed",
            ),
        ]
        ordering = ["due_on", "title", "pk"]

    def __str__(self) -> str:
        return f"{self.title}: label version {self.from_version} → {self.to_version}"

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its due date has passed."""
        return self.closed_at is None and self.due_on is not None and self.due_on < database_today()

    @property
    def is_compared(self) -> bool:
        """Whether what changed is known: a version that is not stored gives a reason without a code."""
        return all(reason["code"] for reason in self.reasons)

    @property
    def main_reason(self) -> str:
        """The gravest reason in a line: part of the label, what happened to it, the words; may be empty."""
        if not self.reasons:
            return ""
        first = self.reasons[0]
        words = ", ".join(first["words"])
        parts = [first["heading"], first["why"], f"“{words}”" if words else ""]
        return ": ".join(part for part in parts if part)


class LabelAnswer(models.Model):
    """A reviewer's signed answer that a page needs no change for a version of its label, immutable.

    ``canonical`` is the text that was signed: the edition as patients read it, the version of the label by
    its hash, and the ``reason``.
    """

    uuid = models.UUIDField(unique=True)
    key = models.UUIDField("page")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="label_answers")
    label = models.ForeignKey(LabelVersion, on_delete=models.PROTECT, related_name="answers")
    from_version = models.PositiveIntegerField("rested on version")
    reason = models.TextField()
    canonical = models.TextField()
    sha256 = models.CharField("hash", max_length=64)
    at = ReturnedDateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=TextSha256(F("canonical"))), name="label_answer_hash_is_of_its_text"
            )
        ]
        indexes = [models.Index(fields=["key", "label"], name="label_answer_page")]
        triggers = [*append_only(), ANSWER_TIME, ANSWER_SIGNED]

    def __str__(self) -> str:
        return f"no change needed in {self.edition} for {self.label}"

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column but ``canonical``, which its hash stands for."""
        return {
            "label_answer": self.pk,
            "uuid": str(self.uuid),
            "key": str(self.key),
            "edition": self.edition_id,
            "label": self.label_id,
            "from_version": self.from_version,
            "reason": self.reason,
            "sha256": self.sha256,
            "at": iso(self.at),
        }
