"""Signing that a page was reviewed and nothing has to change: one act for the text that patients read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Unpack

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.editions.models import ReviewKind
from monographs.editions.queries import current_edition
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.open_review import OpenReview, SubmissionTerms, workflow_of
from monographs.review.actions.reauthentication import ReauthCredentials
from monographs.review.actions.signed_action import Signing
from monographs.review.actions.step_signature import sign_step
from monographs.review.contributors.direct import record_edition_authors
from monographs.review.draft_state.draft_difference import draft_differs
from monographs.review.models import MedicalReviewTask, Submission, submission_with_step
from monographs.review.policies.unchanged_policy import (
    UnchangedFacts,
    facts_of_pages,
    user_can_sign_unchanged,
)
from monographs.review.progress import active_statements
from monographs.review.publication.integrity import check_unchanged, refuse_taken_name
from monographs.review.publication.publish import LockedReview
from monographs.review.signer_identity import check_signer_seen, locked_signer

#: What such a signature states.
UNCHANGED_MEANING = (
    "I have read the whole of this text as patients read it now. I did not write it. It is still correct and "
    "clear, nothing in it has to change, and I approve it for patients until its next review."
)
#: Why such an edition was made, in the record.
UNCHANGED_REASON = "Reviewed, nothing to change."


@dataclass(frozen=True, slots=True)
class UnchangedReview:
    """A page that can be reviewed: its facts, and the step at which it is signed."""

    facts: UnchangedFacts
    task: MedicalReviewTask

    @property
    def statements(self) -> list[str]:
        """The checklist that the signer ticks, in order."""
        submission, edition = self.facts.submission, self.facts.edition
        if submission is not None and self.facts.is_waiting:
            return list(submission.checklist)
        return active_statements(edition.kind) if edition else []


def unchanged_review(page: Page) -> UnchangedReview:
    """Return what is signed of ``page`` now. Raises ``PolicyError`` if no review is set up for it."""
    key = page.translation_key
    facts = facts_of_pages([key])[key]
    _, tasks = workflow_of(page)
    task = tasks[0]
    if facts.submission is not None and facts.is_waiting:
        task = policy.current_task(submission_with_step(facts.submission.pk)) or task
    difference = draft_differs(page.get_latest_revision_as_object(), facts.edition)
    facts = replace(facts, draft_differs=difference.waits, older_names=difference.names)
    return UnchangedReview(facts, task)


class SignUnchanged(OpenReview):
    """Sign that ``page`` was reviewed and nothing has to change; its text becomes the next edition as it is.

    ``seen_sha256`` is the hash of the text the reviewer was shown, ``ticked`` are the statements of the
    checklist. The authors of the text are contributors of the new edition, so none of them can sign it. If
    the workflow asks for more signatures, the text stays in review for them, and is signed there or here.
    """

    name = "sign unchanged"

    def __init__(
        self, user: User, page: Page, *, seen_sha256: str, ticked: Iterable[str], **signing: Unpack[Signing]
    ) -> None:
        super().__init__(user, page)
        self.seen_sha256 = seen_sha256
        self.ticked = frozenset(ticked)
        self.seen_signer = signing.get("seen_signer", "")
        self.credentials = ReauthCredentials(
            user, signing["password"], signing.get("code", ""), signing.get("request")
        )

    def prepare(self) -> None:
        self.page.refresh_from_db()
        self._check()
        self.credentials.confirm()

    def account_now(self) -> User:
        return self.user  # ``perform`` reads it with its row locked, before it decides anything

    def perform(self) -> Submission:
        self.lock_page()
        self.user = locked_signer(self.user)
        review = self._check()
        self.credentials.check_account(self.user)
        submission = review.facts.submission or self._open(review.facts)
        submission = submission_with_step(submission.pk)
        checked = {"whole": True, "sections": [], "statements": review.statements}
        sign_step(
            self.user,
            LockedReview(submission, check_unchanged(submission)),
            self.credentials.method,
            meaning=UNCHANGED_MEANING,
            checked=checked,
        )
        return submission

    def _check(self) -> UnchangedReview:
        """Raise ``PolicyError`` unless the user may sign the page as it is and was on the screen."""
        review = unchanged_review(self.page)
        user_can_sign_unchanged(self.user, review.facts, review.task).enforce()
        edition = review.facts.edition
        if edition is None or self.seen_sha256 != edition.sha256:
            raise PolicyError(
                Rule.STALE, "Patients read another text by now. Reload this page, read it, then sign."
            )
        refuse_taken_name(edition.document)
        check_signer_seen(self.user, self.seen_signer, step=review.task.name, meaning=UNCHANGED_MEANING)
        left = [each for each in review.statements if each not in self.ticked]
        if left:
            named = ", ".join(f"“{each}”" for each in left)
            raise PolicyError(Rule.NOT_TICKED, f"Not ready to sign. Tick the checklist: {named}.")
        return review

    def _open(self, facts: UnchangedFacts) -> Submission:
        """Submit the text that patients read, by value, with its authors as contributors."""
        edition = current_edition(self.page.translation_key)
        if edition is None:
            raise PolicyError(Rule.NOT_PUBLIC, "This page has no edition.")
        draft = self.page.get_latest_revision_as_object()
        record_edition_authors(draft, facts.authors, edition.sha256)
        terms = SubmissionTerms(ReviewKind.FULL_REVIEW, UNCHANGED_REASON, nothing_to_change=True)
        return self.start(edition.text, draft, terms)
