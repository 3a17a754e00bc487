"""Marking changes as read and ticking the checklist: stored per user, recorded in the ledger on signing."""

from abc import abstractmethod
from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.pages.refusals import PolicyError, Rule
from monographs.redline import SectionRedline
from monographs.review import policy
from monographs.review.actions.base import SubmissionAction
from monographs.review.models import SectionRead, Submission, SubmissionView, Tick
from monographs.review.progress import progress_of

NOT_TO_READ = "This change is not part of the text in review. Reload the page, read it, then mark it."


class _ReadMarkAction(SubmissionAction[SectionRedline]):
    """An attempt to mark a section; ``digest`` is of the change that was on the screen."""

    def __init__(self, user: User, submission: Submission, *, section: str, digest: str) -> None:
        super().__init__(user, submission)
        self.section = section
        self.digest = digest

    def perform(self) -> SectionRedline:
        submission = self.locked()
        policy.user_can_review(self.user, submission).enforce()
        for section in progress_of(self.user, submission).to_read:
            if (section.anchor, section.digest) == (self.section, self.digest):
                self.change(section)
                return section
        raise PolicyError(Rule.NOT_TO_READ, NOT_TO_READ)

    @abstractmethod
    def change(self, section: SectionRedline) -> None:
        """Store or delete the mark."""


class MarkRead(_ReadMarkAction):
    """Mark the change of a section as read."""

    name = "mark as read"

    def change(self, section: SectionRedline) -> None:
        SectionRead.objects.update_or_create(
            key=self.submission.key,
            user=self.user,
            section=section.anchor,
            digest=section.digest,
            defaults={"at": database_now()},
        )


class MarkUnread(_ReadMarkAction):
    """Delete the mark, to read the change again."""

    name = "mark as unread"

    def change(self, section: SectionRedline) -> None:
        SectionRead.objects.filter(
            key=self.submission.key, user=self.user, section=section.anchor, digest=section.digest
        ).delete()


def changes_digest(sections: Iterable[SectionRedline]) -> str:
    """Return the hash of changes that are marked as read together."""
    return sha256_hex(canonical_json(sorted([section.anchor, section.digest] for section in sections)))


def mark_sections(user: User, key: UUID, sections: Iterable[SectionRedline]) -> None:
    """Store that ``user`` has read these changes of the page with ``key``. One query."""
    SectionRead.objects.bulk_create(
        [
            SectionRead(key=key, user=user, section=section.anchor, digest=section.digest)
            for section in sections
        ],
        update_conflicts=True,  # a mark from before the current edition is renewed
        unique_fields=["key", "user", "section", "digest"],
        update_fields=["at"],
    )


class MarkAllRead(SubmissionAction[None]):
    """Mark all changes of a submission as read; ``digest`` is that of the changes on the screen."""

    name = "mark all as read"

    def __init__(self, user: User, submission: Submission, *, digest: str) -> None:
        super().__init__(user, submission)
        self.digest = digest

    def perform(self) -> None:
        submission = self.locked()
        policy.user_can_review(self.user, submission).enforce()
        sections = progress_of(self.user, submission).to_read
        if changes_digest(sections) != self.digest:
            raise PolicyError(Rule.NOT_TO_READ, NOT_TO_READ)
        mark_sections(self.user, submission.key, sections)


class TickStatement(SubmissionAction[None]):
    """Tick or untick a statement of the submission's checklist."""

    name = "tick"

    def __init__(self, user: User, submission: Submission, *, statement: str, ticked: bool = True) -> None:
        super().__init__(user, submission)
        self.statement = statement
        self.ticked = ticked

    def perform(self) -> None:
        submission = self.locked()
        policy.user_can_review(self.user, submission).enforce()
        if self.statement not in submission.checklist:
            raise PolicyError(
                Rule.NOT_ON_THE_LIST, "This statement is not on the checklist of this text. Reload the page."
            )
        if self.ticked:
            Tick.objects.get_or_create(submission=submission, user=self.user, statement=self.statement)
        else:
            Tick.objects.filter(submission=submission, user=self.user, statement=self.statement).delete()


def record_view(user: User, *submissions: Submission) -> None:
    """Store that ``user`` has ``submissions`` on the screen. One query once they were opened."""
    views, now = SubmissionView.objects.filter(submission__in=submissions, user=user), database_now()
    if views.update(last_at=now) < len(submissions):
        SubmissionView.objects.bulk_create(
            [SubmissionView(submission=submission, user=user, last_at=now) for submission in submissions],
            update_conflicts=True,
            unique_fields=["submission", "user"],
            update_fields=["last_at"],
        )
