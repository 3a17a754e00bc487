"""Submitting a draft for review."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.accounts.actors import contributor_of
from monographs.document import CanonicalText, matches_hash
from monographs.document.models import BaseDocument
from monographs.editions.figure_files import store_figure
from monographs.editions.models import ReviewKind
from monographs.editions.queries import current_edition, public_edition
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.open_review import OpenReview, SubmissionTerms
from monographs.review.contributors.direct import record_submission_contributors
from monographs.review.models import Submission
from monographs.review.policies.correction_policy import text_can_be_corrected
from monographs.rules.draft_check import submit_errors_of


class Submit(OpenReview):
    """Submit the draft of ``page``, with the kind of review and the reason of the change.

    Once signed it becomes public at ``publish_at`` (an aware, future moment), or at once. ``reviewers`` are
    asked to review it by ``due_on`` (a day, UTC); others who may sign still can. ``nothing_to_change`` states
    that the text was reviewed and stays as patients read it; without it such a text is refused.
    ``change_note`` is what patients read on what changed; it becomes part of the draft, in the name of
    ``user``. Without it the draft keeps its own.
    """

    name = "submit"

    def __init__(  # noqa: PLR0913  # what the form asks, by name
        self,
        user: User,
        page: Page,
        *,
        review_kind: ReviewKind,
        reason: str,
        publish_at: datetime | None = None,
        reviewers: Sequence[User] = (),
        due_on: date | None = None,
        nothing_to_change: bool = False,
        change_note: str | None = None,
    ) -> None:
        super().__init__(user, page)
        self.change_note = change_note
        distinct = tuple({user.pk: user for user in reviewers}.values())
        self.terms = SubmissionTerms(
            review_kind,
            reason.strip(),
            publish_at,
            reviewers=distinct,
            due_on=due_on,
            nothing_to_change=nothing_to_change,
        )

    def perform(self) -> Submission:
        self.lock_page()
        policy.user_can_submit(self.user, self.page).enforce()
        self.workflow()
        draft = self._draft()
        document, figures = self._checked(draft)
        submission = self.open(CanonicalText.of(document), draft, self.terms)
        for figure in document.figures():
            store_figure(figure, figures[figure.sha256])
        return submission

    def _draft(self) -> ReviewedPage:
        if self.page.get_latest_revision() is None:
            self.page.save_revision(user=self.user, clean=False)
        draft: ReviewedPage = self.page.get_latest_revision_as_object()
        if self.change_note is None or self.change_note == draft.change_note:
            return draft
        draft.change_note = self.change_note
        draft.save_revision(user=self.user, clean=False)
        self.page.refresh_from_db()
        return self.page.get_latest_revision_as_object()

    def _checked(self, draft: ReviewedPage) -> tuple[BaseDocument, dict[str, bytes]]:
        """Return the draft's document and figures by SHA-256; raise ``PolicyError`` if it is not ready."""
        self.terms.check()
        edition = current_edition(draft.translation_key)
        errors = submit_errors_of(draft, published=edition.document if edition else None)
        if errors:
            raise PolicyError(
                Rule.NOT_READY,
                "This draft is not ready for review: "
                + " ".join(f"{error.place}: {error.message}" for error in errors),
            )
        context = draft.resolve_context()
        document = draft.build_document(context)
        unchanged = edition is not None and matches_hash(document, edition.sha256)
        if self.terms.review_kind == ReviewKind.CORRECTION:
            text_can_be_corrected(draft.translation_key, document).enforce()
        self._check_unchanged(document, unchanged)
        record_submission_contributors(draft, contributor_of(self.user))
        return document, context.image_data

    def _check_unchanged(self, document: BaseDocument, unchanged: bool) -> None:
        """Refuse what patients read already, unless it is said that there is nothing to change.

        The text of a withdrawn page is submitted to bring the page back, so it may be the same.
        """
        if self.terms.nothing_to_change and not unchanged:
            raise PolicyError(
                Rule.NOT_UNCHANGED,
                "The draft differs from the text that patients read, so “nothing to change” is not true. "
                "Submit it as a changed text.",
            )
        if unchanged and not self.terms.nothing_to_change and public_edition(document.key):
            raise PolicyError(
                Rule.NOTHING_CHANGED,
                "Nothing has changed: patients read exactly this text. Change the draft, or tick “Reviewed, "
                "nothing to change” to have it signed again as it is.",
            )
