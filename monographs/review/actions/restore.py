"""Bringing an earlier edition back: the same text, signed anew."""

from typing import Any

from wagtail.models import Page

from monographs.editions.contributions import record_contribution
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.models import Edition, ReviewKind
from monographs.editions.person import Person
from monographs.editions.queries import public_edition
from monographs.review import policy
from monographs.review.actions.open_review import OpenReview, SubmissionTerms
from monographs.review.contributors import contributor_of
from monographs.review.integrity import says
from monographs.review.models import Submission
from monographs.review.refusals import ReviewRefused, Rule

#: How many of a page's earlier drafts are looked through for the one that says the edition's text.
DRAFTS_LOOKED_AT = 50


class Restore(OpenReview):
    """Put the text of edition ``number`` before reviewers again, for ``reason``.

    The document is the edition's own, so its hash is the same; whoever wrote it then, and whoever brings it
    back now, is a contributor and cannot sign. House rules made since do not apply to a text already signed.
    """

    name = "restore"

    def __init__(self, user: Any, page: Page, *, number: int, reason: str) -> None:
        super().__init__(user, page)
        self.number = number
        self.terms = SubmissionTerms(ReviewKind.FULL_REVIEW, reason.strip(), restores=number)

    def perform(self) -> Submission:
        self.hold_page()
        policy.may_submit(self.user, self.page).enforce()
        self.workflow()
        self.terms.check()
        edition = self._edition()
        self._bring_draft_back(edition)
        authors = [Person(c["id"], c["username"], c["name"]) for c in edition.contributors]
        for person in dict.fromkeys([contributor_of(self.user), *authors]):
            record_contribution(edition.key, person, edition.sha256)
        return self.open(edition.document, self.page.get_latest_revision_as_object(), self.terms)

    def _edition(self) -> Edition:
        edition = Edition.objects.filter(key=self.page.translation_key, number=self.number).first()
        if edition is None:
            raise ReviewRefused(Rule.NO_SUCH_EDITION, f"This page has no edition {self.number}.")
        public = public_edition(edition.key)
        if public and public.sha256 == edition.sha256:
            raise ReviewRefused(
                Rule.ALREADY_PUBLIC, "Patients read this text now; there is nothing to bring back."
            )
        for figure in edition.document.figures():
            try:
                figure_bytes(figure.file_name)
            except FigureFileError as error:
                raise ReviewRefused(
                    Rule.STALE, f"A picture of this edition is lost ({error}). Write a new edition instead."
                ) from error
        return edition

    def _bring_draft_back(self, edition: Edition) -> None:
        """Make the draft say the text again, if one of the page's revisions still does.

        A class renamed since leaves none that does; the text is then signed by value, and the draft stays.
        """
        earlier = self.page.revisions.order_by("-created_at", "-pk")[:DRAFTS_LOOKED_AT]
        revision = next((r for r in earlier if says(r, edition.sha256)), None)
        if revision is None:
            if self.page.get_latest_revision() is None:
                self.page.save_revision(user=self.user, clean=False)
            return
        if revision.pk != self.page.latest_revision_id:
            revision.as_object().save_revision(user=self.user, clean=False, previous_revision=revision)
            self.page.refresh_from_db()
