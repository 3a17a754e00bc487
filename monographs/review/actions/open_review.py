"""Opening a review: what submitting a draft and bringing an edition back have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Page, Workflow, WorkflowState

from monographs.document import canonical_bytes
from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.editions.ledger import record_submission
from monographs.editions.models import ReviewKind, iso
from monographs.editions.publishing import PathTaken, check_path_free
from monographs.review import notifications, policy
from monographs.review.actions.base import Action
from monographs.review.checklist import statements_now
from monographs.review.contributors import person_of
from monographs.review.models import MedicalReviewTask, Submission
from monographs.review.refusals import ReviewRefused, Rule
from monographs.rules.submit_error import SubmitError


@dataclass(frozen=True, slots=True)
class SubmissionTerms:
    """Under which terms a text is put before reviewers."""

    review_kind: ReviewKind
    reason: str
    publish_at: datetime | None = None
    restores: int | None = None
    reviewers: Sequence[Any] = ()
    due_on: date | None = None

    def check(self) -> None:
        """Raise ``ReviewRefused`` for terms no reviewer could work with."""
        if not self.reason:
            raise ReviewRefused(
                Rule.NO_REASON,
                "Say why the change was made; reviewers read it first.",
                [SubmitError("Reason", "Say why the change was made.")],
            )
        if self.publish_at and self.publish_at <= timezone.now():
            raise ReviewRefused(
                Rule.PAST,
                f"{self.publish_at:%Y-%m-%d %H:%M} UTC has passed. Choose a later moment, or none to publish "
                "as soon as it is signed.",
                [SubmitError("Publish on", "Choose a moment that is still to come.")],
            )
        if self.due_on and self.due_on < timezone.now().astimezone(UTC).date():
            raise ReviewRefused(
                Rule.PAST,
                f"{self.due_on:%Y-%m-%d} has passed. Choose today or a later day, or none.",
                [SubmitError("Review by", "Choose today or a later day.")],
            )


def workflow_of(page: Page) -> tuple[Workflow, list[MedicalReviewTask]]:
    """The workflow of ``page`` and its steps in turn. Raises ``ReviewRefused`` where nobody would review."""
    workflow = page.get_workflow()
    # Wagtail gives tasks in no order; steps are signed in the workflow's
    links = workflow.workflow_tasks.filter(task__active=True).order_by("sort_order") if workflow else []
    tasks = [link.task.specific for link in links]
    if not workflow or not tasks or not all(isinstance(t, MedicalReviewTask) for t in tasks):
        raise ReviewRefused(
            Rule.NO_WORKFLOW, "No medical review is set up for this page. Ask an editor to assign one."
        )
    return workflow, tasks


class OpenReview(Action[Submission]):
    """An attempt to put a text of ``page`` before reviewers."""

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user)
        self.page = page.specific

    def subject(self) -> Any:
        return self.page.translation_key

    def hold_page(self) -> None:
        """Hold the page against others until the transaction ends, and know it as it is now."""
        Page.objects.select_for_update().get(pk=self.page.pk)
        self.page.refresh_from_db()

    def workflow(self) -> tuple[Workflow, list[MedicalReviewTask]]:
        """The workflow of the page and its steps. Raises ``ReviewRefused`` where nobody would review."""
        return workflow_of(self.page)

    def open(self, document: BaseDocument, draft: Any, terms: SubmissionTerms) -> Submission:
        """Keep ``document`` by value, start the workflow and so freeze the page."""
        workflow, tasks = self.workflow()
        self._check_reviewers(tasks[0], document.key, terms)
        try:
            check_path_free(document.path, document.key)
        except PathTaken as error:
            raise ReviewRefused(Rule.PATH_TAKEN, str(error)) from error
        submission = self._keep(document, [task.as_step().as_record() for task in tasks], terms)
        for old in WorkflowState.objects.for_instance(self.page).active():
            old.cancel(user=self.user)
        submission.workflow_state = workflow.start(draft, self.user)
        submission.save(update_fields=["workflow_state"])
        notifications.submitted(submission)
        return submission

    def _check_reviewers(self, first: MedicalReviewTask, key: Any, terms: SubmissionTerms) -> None:
        """Nobody is asked who could not sign; what the text brought along has been noted by now."""
        if not terms.reviewers:
            return
        fit = {user.pk for user in policy.eligible_reviewers(first, key, self.user)}
        unfit = [person_of(user).name for user in terms.reviewers if user.pk not in fit]
        if unfit:
            raise ReviewRefused(
                Rule.CANNOT_BE_ASKED,
                f"{', '.join(unfit)} cannot sign this text, so cannot be asked to review it. Ask somebody "
                "else, or nobody in particular.",
                [SubmitError("Reviewers", f"{', '.join(unfit)} cannot sign this text.")],
            )

    def _keep(
        self, document: BaseDocument, steps: list[dict[str, Any]], terms: SubmissionTerms
    ) -> Submission:
        canonical = canonical_bytes(document)
        submission = Submission.objects.create(
            page_id=self.page.pk,
            key=document.key,
            title=document.title,
            canonical=canonical.decode(),
            sha256=sha256_hex(canonical),
            steps=steps,
            review_kind=terms.review_kind,
            reason=terms.reason,
            publish_at=terms.publish_at,
            restores=terms.restores,
            submitted_by=self.user,
            submitter=person_of(self.user).as_record(),
            submitted_at=timezone.now(),
            due_on=terms.due_on,
            checklist=statements_now(),
        )
        submission.reviewers.set(terms.reviewers)
        record_submission(
            self.actor,
            submission.key,
            submission.uuid,
            sha256=submission.sha256,
            steps=steps,
            review_kind=terms.review_kind,
            reason=terms.reason,
            publish_at=iso(terms.publish_at) if terms.publish_at else None,
            restores=terms.restores,
            reviewers=[person_of(user).as_record() for user in terms.reviewers],
            due_on=terms.due_on.isoformat() if terms.due_on else None,
            checklist=submission.checklist,
        )
        return submission
