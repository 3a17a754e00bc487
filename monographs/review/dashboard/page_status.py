"""The stages of a page, and what follows from each."""

from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse

from monographs.editions.models import PublicationState
from monographs.review.models import SubmissionStatus

#: A review counts as due soon this many days before its day: when the first reminder goes out.
DUE_SOON_DAYS = 30


class PageStatus(StrEnum):
    """Where a page stands; ``sql.DESK`` decides it, and each page is at exactly one."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """As people read it."""
        return _LABELS[self]

    @property
    def due_label(self) -> str:
        """What falls on the due date of a page at this stage."""
        match self:
            case PageStatus.IN_REVIEW:
                return "Sign by"
            case PageStatus.SCHEDULED:
                return "Public on"
            case _:
                return "Next review"


_LABELS = {
    PageStatus.DRAFT: "Draft",
    PageStatus.IN_REVIEW: "In review",
    PageStatus.SCHEDULED: "Signed and scheduled",
    PageStatus.OVERDUE: "Review overdue",
    PageStatus.DUE_SOON: "Review due soon",
    PageStatus.PUBLISHED: "Published",
    PageStatus.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True, slots=True)
class PageStatusDetail:
    """What decides what may follow: the stage, and what the page has behind it."""

    stage: PageStatus
    page_id: int
    key: str
    submission_id: int | None
    edition: int | None
    publication: str
    ended: str

    def note(self) -> str:
        """What the stage alone does not say."""
        match self.stage:
            case PageStatus.DRAFT if self.ended == SubmissionStatus.RETURNED:
                return "Returned by a reviewer"
            case PageStatus.DRAFT if self.ended == SubmissionStatus.RECALLED:
                return "Recalled"
            case PageStatus.DRAFT if self.edition is None:
                return "Never submitted"
            case PageStatus.DRAFT:
                return f"Changed since edition {self.edition}"
            case PageStatus.IN_REVIEW | PageStatus.SCHEDULED if (
                self.publication == PublicationState.WITHDRAWN
            ):
                return "Withdrawn until it is published again"
            case _:
                return ""

    def follows(self, may_edit: bool) -> tuple[str, str]:
        """The next thing to do with the page, and where: words and address."""
        match self.stage:
            case PageStatus.IN_REVIEW | PageStatus.SCHEDULED if self.submission_id:
                return "Open its review", reverse("review:review", args=[self.submission_id])
            case PageStatus.DRAFT if may_edit:
                return "Open in the editor", reverse("wagtailadmin_pages:edit", args=[self.page_id])
            case _:
                return "Open its record", reverse("review:record", args=[self.key])
