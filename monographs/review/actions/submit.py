"""Putting a draft before reviewers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wagtail.models import Page

from monographs.document import sha256_of
from monographs.document.models import BaseDocument
from monographs.editions.figure_files import store_figure
from monographs.editions.models import ReviewKind
from monographs.editions.queries import current_edition
from monographs.review import policy
from monographs.review.actions.open_review import OpenReview, SubmissionTerms
from monographs.review.contribution_tracking import record_if_changed
from monographs.review.contributors import contributor_of
from monographs.review.indirect_contributors import indirect_contributors
from monographs.review.models import Submission
from monographs.review.refusals import ReviewRefused, Rule
from monographs.rules.draft_check import submit_errors_of


class Submit(OpenReview):
    """Freeze ``page`` and open its review, with the kind of review and why the change was made.

    Once signed it becomes public at ``publish_at`` (an aware moment to come), or at once. ``reviewers`` are
    asked to review it by ``due_on`` (a day, UTC); whoever else may sign still can.
    """

    name = "submit"

    def __init__(
        self,
        user: Any,
        page: Page,
        *,
        review_kind: ReviewKind,
        reason: str,
        publish_at: datetime | None = None,
        reviewers: Sequence[Any] = (),
        due_on: date | None = None,
    ) -> None:
        super().__init__(user, page)
        asked = tuple({user.pk: user for user in reviewers}.values())
        self.terms = SubmissionTerms(review_kind, reason.strip(), publish_at, reviewers=asked, due_on=due_on)

    def perform(self) -> Submission:
        self.hold_page()
        policy.may_submit(self.user, self.page).enforce()
        self.workflow()
        draft = self._draft()
        document, pinned = self._checked(draft)
        submission = self.open(document, draft, self.terms)
        for figure in document.figures():
            store_figure(figure, pinned[figure.sha256])
        return submission

    def _draft(self) -> Any:
        if self.page.get_latest_revision() is None:
            self.page.save_revision(user=self.user, clean=False)
        return self.page.get_latest_revision_as_object()

    def _checked(self, draft: Any) -> tuple[BaseDocument, dict[str, bytes]]:
        self.terms.check()
        edition = current_edition(draft.translation_key)
        problems = submit_errors_of(draft, published=edition.document if edition else None)
        if problems:
            raise ReviewRefused(
                Rule.NOT_READY,
                "This draft is not ready for review: "
                + " ".join(f"{problem.place}: {problem.message}" for problem in problems),
                problems,
            )
        resolving = draft.resolving()
        document = draft.build_document(resolving)
        sha256 = sha256_of(document)
        if self.terms.review_kind == ReviewKind.CORRECTION:
            if edition is None:
                raise ReviewRefused(Rule.NOTHING_TO_CORRECT, "A first edition needs a full review.")
            if edition.sha256 == sha256:
                raise ReviewRefused(
                    Rule.NOTHING_TO_CORRECT, "Nothing has changed, so there is nothing to correct."
                )
        people = [contributor_of(self.user), *indirect_contributors(document, resolving.images)]
        record_if_changed(draft.translation_key, sha256, people)
        return document, resolving.pinned
