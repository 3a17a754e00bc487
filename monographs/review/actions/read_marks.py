"""Marking what was read and ticking what was checked: kept per person, told to the ledger when they sign."""

from typing import Any

from django.utils import timezone

from monographs.redline import SectionRedline
from monographs.review import policy
from monographs.review.actions.base import SubmissionAction
from monographs.review.models import Look, SectionRead, Submission, Tick
from monographs.review.progress import progress_of
from monographs.review.refusals import ReviewRefused, Rule


class _ReadMarkAction(SubmissionAction[SectionRedline]):
    """An attempt to mark a section. ``digest`` is of the change that was on the screen."""

    def __init__(self, user: Any, submission: Submission, *, section: str, digest: str) -> None:
        super().__init__(user, submission)
        self.section = section
        self.digest = digest

    def perform(self) -> SectionRedline:
        submission = self.locked()
        policy.may_review(self.user, submission).enforce()
        for section in progress_of(self.user, submission).to_read:
            if (section.anchor, section.digest) == (self.section, self.digest):
                self.change(section)
                return section
        raise ReviewRefused(
            Rule.NOT_TO_READ,
            "This change is not part of the text in review. Reload the page, read it, then mark it.",
        )

    def change(self, section: SectionRedline) -> None:
        """Keep the mark, or take it away."""
        raise TypeError(f"{type(self).__name__} must say what it does")


class MarkRead(_ReadMarkAction):
    """Say that one has read what changed in a section."""

    name = "mark as read"

    def change(self, section: SectionRedline) -> None:
        SectionRead.objects.update_or_create(
            key=self.submission.key,
            user=self.user,
            section=section.anchor,
            digest=section.digest,
            defaults={"at": timezone.now()},
        )


class MarkUnread(_ReadMarkAction):
    """Take the mark back, to read it again."""

    name = "mark as unread"

    def change(self, section: SectionRedline) -> None:
        SectionRead.objects.filter(
            key=self.submission.key, user=self.user, section=section.anchor, digest=section.digest
        ).delete()


class TickStatement(SubmissionAction[None]):
    """Tick a statement of the submission's checklist, or take the tick away."""

    name = "tick"

    def __init__(self, user: Any, submission: Submission, *, statement: str, ticked: bool = True) -> None:
        super().__init__(user, submission)
        self.statement = statement
        self.ticked = ticked

    def perform(self) -> None:
        submission = self.locked()
        policy.may_review(self.user, submission).enforce()
        if self.statement not in submission.checklist:
            raise ReviewRefused(
                Rule.NOT_ON_THE_LIST, "This statement is not on the checklist of this text. Reload the page."
            )
        if self.ticked:
            Tick.objects.get_or_create(submission=submission, user=self.user, statement=self.statement)
        else:
            Tick.objects.filter(submission=submission, user=self.user, statement=self.statement).delete()


def record_view(user: Any, submission: Submission) -> None:
    """Remember that ``user`` opened ``submission``."""
    Look.objects.update_or_create(submission=submission, user=user)
