"""The stages of a page in the review process, and the next step at each."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.urls import reverse

from monographs.editions.models import PublicationState
from monographs.editions.withdrawal_reasons import RETIREMENT_REASONS
from monographs.review.models import SubmissionStatus

#: A review counts as due soon this many days before its due date: when the first reminder is sent.
DUE_SOON_DAYS = 30


class PageStage(StrEnum):
    """The stage of a page. Each page is at exactly one; ``dashboard_sql.PAGES`` decides which."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The name shown in the admin."""
        return _LABELS[self]

    @property
    def due_label(self) -> str:
        """What the due date of a page at this stage means."""
        match self:
            case PageStage.IN_REVIEW:
                return "Sign by"
            case PageStage.SCHEDULED:
                return "Public on"
            case _:
                return "Next review"


_LABELS = {
    PageStage.DRAFT: "Draft",
    PageStage.IN_REVIEW: "In review",
    PageStage.SCHEDULED: "Signed and scheduled",
    PageStage.OVERDUE: "Review overdue",
    PageStage.DUE_SOON: "Review due soon",
    PageStage.PUBLISHED: "Published",
    PageStage.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True, slots=True)
class StageDetails:
    """The stage of a page and the facts that its remark and its next step depend on.

    ``publication`` is the page's ``PublicationState``, ``ended`` the status of a submission that was returned
    or recalled since the last edition, ``cause`` the reason of its standing withdrawal; each is empty where
    there is none. ``page_id`` is 0 for a page whose row is missing in Wagtail's table.
    """

    stage: PageStage
    page_id: int
    key: UUID
    submission_id: int | None
    edition: int | None
    publication: str
    ended: str
    cause: str = ""
    #: Whether another draft is set aside (``models.SetAsideDraft``).
    set_aside: bool = False

    def remark(self) -> str:
        """Return what the name of the stage leaves open; empty when nothing."""
        if self.stage == PageStage.WITHDRAWN and self.cause in RETIREMENT_REASONS:
            return "Retired"
        if not self.page_id:
            return "Deleted in the admin; its history remains"
        remarks = (self._remark_on_stage(), "Another draft is set aside" if self.set_aside else "")
        return ". ".join(filter(None, remarks))

    def _remark_on_stage(self) -> str:
        match self.stage:
            case PageStage.DRAFT if self.ended == SubmissionStatus.RETURNED:
                return "Returned by a reviewer"
            case PageStage.DRAFT if self.ended == SubmissionStatus.RECALLED:
                return "Recalled"
            case PageStage.DRAFT if self.edition is None:
                return "Never submitted"
            case PageStage.DRAFT:
                return f"Changed since edition {self.edition}"
            case PageStage.IN_REVIEW | PageStage.SCHEDULED if self.publication == PublicationState.WITHDRAWN:
                return "Withdrawn until it is published again"
            case _:
                return ""

    def next_step(self, may_edit: bool) -> tuple[str, str]:
        """Return the label and the URL of the next step for a user who may or may not edit the page."""
        match self.stage:
            case PageStage.IN_REVIEW | PageStage.SCHEDULED if self.submission_id:
                return "Open its review", reverse("review:review", args=[self.submission_id])
            case PageStage.DRAFT if may_edit:
                return "Open in the editor", reverse("wagtailadmin_pages:edit", args=[self.page_id])
            case _:
                return "Open its history", reverse("review:record", args=[self.key])
