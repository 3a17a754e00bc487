"""Opening a review: what submitting a draft and restoring an edition have in common."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Page, Workflow, WorkflowState

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_now, database_today
from monographs.document import CanonicalText
from monographs.editions.ledger import record_submission
from monographs.editions.models import ReviewKind, iso
from monographs.editions.publishing import PathTaken, check_path_free
from monographs.editions.queries import current_edition
from monographs.label_watch.citations import settle_citations
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_day_text, long_moment_text
from monographs.review import notifications, policy
from monographs.review.actions.base import Action
from monographs.review.models import MedicalReviewTask, Submission
from monographs.review.progress import active_statements
from monographs.review.publication.integrity import refuse_unusable_texts
from monographs.review.record_locks import lock_rows
from monographs.source_library.source_citations import settle_source_citations


@dataclass(frozen=True, slots=True)
class SubmissionTerms:
    """What is submitted along with a text: the kind of review, the reason, dates and reviewers."""

    review_kind: ReviewKind
    reason: str
    publish_at: datetime | None = None
    restores: int | None = None
    reviewers: Sequence[User] = ()
    due_on: date | None = None
    nothing_to_change: bool = False

    def __post_init__(self) -> None:
        if self.publish_at:  # stored, recorded and shown as the same moment, whatever zone it came in
            if self.publish_at.utcoffset() is None:
                raise ValueError("publish_at must have a time zone")
            object.__setattr__(self, "publish_at", self.publish_at.astimezone(UTC))

    def check(self) -> None:
        """Raise ``PolicyError`` if the reason is missing or a date has passed."""
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why the change was made; reviewers read it first.")
        if self.publish_at and self.publish_at <= database_now():
            raise PolicyError(
                Rule.PAST,
                f"{long_moment_text(self.publish_at)} has passed. Choose a later moment, or none to publish "
                "as soon as it is signed.",
            )
        if self.due_on and self.due_on < database_today():
            raise PolicyError(
                Rule.PAST, f"{long_day_text(self.due_on)} has passed. Choose today or a later day, or none."
            )


def workflow_of(page: Page) -> tuple[Workflow, list[MedicalReviewTask]]:
    """Return the workflow of ``page`` and its steps in order; raise ``PolicyError`` if it has none."""
    workflow = page.get_workflow()
    # Wagtail gives tasks in no order; steps are signed in the workflow's
    links = workflow.workflow_tasks.filter(task__active=True).order_by("sort_order") if workflow else []
    tasks = [link.task.specific for link in links]
    if not workflow or not tasks or not all(isinstance(t, MedicalReviewTask) for t in tasks):
        raise PolicyError(
            Rule.NO_WORKFLOW, "No medical review is set up for this page. Ask an editor to assign one."
        )
    return workflow, tasks


class OpenReview(Action[Submission]):
    """An attempt to submit a text of ``page`` for review."""

    def __init__(self, user: User, page: Page) -> None:
        super().__init__(user)
        self.page: ReviewedPage = page.specific

    def subject(self) -> uuid.UUID:
        return self.page.translation_key

    def lock_page(self) -> None:
        """Lock the page's record until the transaction ends, and reload the page."""
        lock_rows(self.page.translation_key)
        self.page.refresh_from_db()

    def workflow(self) -> tuple[Workflow, list[MedicalReviewTask]]:
        """Return the page's workflow and its steps. Raises ``PolicyError`` if there is no review."""
        return workflow_of(self.page)

    def open(self, text: CanonicalText, draft: ReviewedPage, terms: SubmissionTerms) -> Submission:
        """Store ``text`` by value, start the workflow, which locks the page, and ask its reviewers."""
        submission = self.start(text, draft, terms)
        notifications.submitted(submission)
        return submission

    def start(self, text: CanonicalText, draft: ReviewedPage, terms: SubmissionTerms) -> Submission:
        """As ``open``, without asking anybody to review it."""
        document = text.document
        workflow, tasks = self.workflow()
        refuse_unusable_texts(document)
        self._check_reviewers(tasks[0], uuid.UUID(document.key), terms)
        try:
            check_path_free(document.path, document.key)
        except PathTaken as error:
            raise PolicyError(Rule.PATH_TAKEN, str(error)) from error
        submission = self._create(text, [task.as_step().as_record() for task in tasks], terms)
        for old in WorkflowState.objects.for_instance(self.page).active():
            old.cancel(user=self.user)
        submission.workflow_state = workflow.start(draft, self.user)
        submission.save(update_fields=["workflow_state"])
        return submission

    def _check_reviewers(self, task: MedicalReviewTask, key: uuid.UUID, terms: SubmissionTerms) -> None:
        """Refuse reviewers who could not sign. The text's contributors have been recorded by now."""
        if not terms.reviewers:
            return
        eligible = {user.pk for user in policy.eligible_reviewers(task, key, self.user)}
        ineligible = [person_of(user).name for user in terms.reviewers if user.pk not in eligible]
        if ineligible:
            raise PolicyError(
                Rule.CANNOT_BE_ASKED,
                f"{', '.join(ineligible)} cannot sign this text, so cannot be asked to review it. Ask "
                "somebody else, or nobody in particular.",
            )

    def _create(self, text: CanonicalText, steps: list[dict[str, Any]], terms: SubmissionTerms) -> Submission:
        document = text.document
        submission = Submission.objects.create(
            page_id=self.page.pk,
            key=document.key,
            title=document.title,
            canonical=text.canonical,
            sha256=text.sha256,
            steps=steps,
            review_kind=terms.review_kind,
            reason=terms.reason,
            publish_at=terms.publish_at,
            restores=terms.restores,
            submitted_by=self.user,
            submitter=self.actor.as_record(),
            submitted_at=database_now(),
            due_on=terms.due_on,
            checklist=active_statements(document.kind),
        )
        submission.reviewers.set(terms.reviewers)
        # The record says what a text rested on when it was signed: signatures name its submission
        edition = current_edition(submission.key)
        rests_on = settle_citations(document, submission.key, edition)
        cited_sources = settle_source_citations(document, submission.key, edition)
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
            nothing_to_change=terms.nothing_to_change,
            **({"rests_on": rests_on} if rests_on else {}),
            **({"cited_sources": cited_sources} if cited_sources else {}),
        )
        return submission
