"""Putting a draft before reviewers."""

from typing import Any

from django.utils import timezone
from wagtail.models import Page, WorkflowState

from monographs.document import canonical_bytes
from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.editions.figures import keep_figure
from monographs.editions.ledger import Event, record
from monographs.editions.making import PathTaken, check_path_free, current_edition
from monographs.editions.models import ReviewKind
from monographs.review import policy
from monographs.review.actions.base import Action
from monographs.review.brought import brought_along
from monographs.review.contributions import note_contribution
from monographs.review.models import MedicalReviewTask, Submission
from monographs.review.people import contributor_of
from monographs.review.refusals import Refused, Rule
from monographs.rules import problems_of
from monographs.rules.problem import Problem


class Submit(Action[Submission]):
    """Freeze ``page`` and open its review, with the kind of review and why the change was made."""

    name = "submit"

    def __init__(self, user: Any, page: Page, *, review_kind: ReviewKind, reason: str) -> None:
        super().__init__(user)
        self.page = page.specific
        self.review_kind = review_kind
        self.reason = reason.strip()

    def subject(self) -> Any:
        return self.page.translation_key

    def perform(self) -> Submission:
        Page.objects.select_for_update().get(pk=self.page.pk)
        self.page.refresh_from_db()
        policy.may_submit(self.user, self.page).enforce()
        workflow = self.page.get_workflow()
        tasks = [task.specific for task in workflow.tasks.filter(active=True)] if workflow else []
        if not workflow or not tasks or not all(isinstance(t, MedicalReviewTask) for t in tasks):
            raise Refused(
                Rule.NO_WORKFLOW, "No medical review is set up for this page. Ask an editor to assign one."
            )
        draft = self._draft()
        document, pinned = self._checked(draft)
        submission = self._open(document, [task.as_step().as_record() for task in tasks])
        for figure in document.figures():
            keep_figure(figure, pinned[figure.sha256])
        for old in WorkflowState.objects.for_instance(self.page).active():
            old.cancel(user=self.user)
        submission.workflow_state = workflow.start(draft, self.user)
        submission.save(update_fields=["workflow_state"])
        return submission

    def _draft(self) -> Any:
        if self.page.get_latest_revision() is None:
            self.page.save_revision(user=self.user, clean=False)
        return self.page.get_latest_revision_as_object()

    def _checked(self, draft: Any) -> tuple[BaseDocument, dict[str, bytes]]:
        if not self.reason:
            raise Refused(
                Rule.NO_REASON,
                "Say why the change was made; reviewers read it first.",
                [Problem("Reason", "Say why the change was made.")],
            )
        edition = current_edition(draft.translation_key)
        problems = problems_of(draft, published=edition.document if edition else None)
        if problems:
            raise Refused(
                Rule.NOT_READY,
                "This draft is not ready for review: "
                + " ".join(f"{problem.place}: {problem.message}" for problem in problems),
                problems,
            )
        resolving = draft.resolving()
        document = draft.build_document(resolving)
        try:
            check_path_free(document.path, document.key)
        except PathTaken as error:
            raise Refused(Rule.PATH_TAKEN, str(error)) from error
        sha256 = sha256_hex(canonical_bytes(document))
        if self.review_kind == ReviewKind.CORRECTION:
            if edition is None:
                raise Refused(Rule.NOTHING_TO_CORRECT, "A first edition needs a full review.")
            if edition.sha256 == sha256:
                raise Refused(Rule.NOTHING_TO_CORRECT, "Nothing has changed, so there is nothing to correct.")
        people = [contributor_of(self.user), *brought_along(document, resolving.images)]
        note_contribution(draft.translation_key, sha256, people)
        return document, resolving.pinned

    def _open(self, document: BaseDocument, steps: list[dict[str, Any]]) -> Submission:
        canonical = canonical_bytes(document)
        submission = Submission.objects.create(
            page_id=self.page.pk,
            key=document.key,
            title=document.title,
            canonical=canonical.decode(),
            sha256=sha256_hex(canonical),
            steps=steps,
            review_kind=self.review_kind,
            reason=self.reason,
            submitted_by=self.user,
            submitter=self.actor.as_record(),
            submitted_at=timezone.now(),
        )
        record(
            Event.SUBMITTED,
            self.actor,
            {
                "submission": str(submission.uuid),
                "sha256": submission.sha256,
                "review_kind": self.review_kind,
                "reason": self.reason,
                "steps": steps,
            },
            subject=submission.key,
        )
        return submission
