"""Restoring an earlier edition: the same text, signed anew."""

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.accounts.actors import contributor_of
from monographs.document import matches_hash
from monographs.editions.contributions import authors_of_editions, contributors_of, record_contribution
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.models import Edition, ReviewKind
from monographs.editions.person import Person
from monographs.editions.queries import public_edition
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.open_review import OpenReview, SubmissionTerms
from monographs.review.models import Submission
from monographs.review.publication.integrity import refuse_taken_name, revision_with


class Restore(OpenReview):
    """Submit the text of edition ``number`` for review again, for ``reason``.

    The document is the edition's own, so its hash is the same. Its authors and ``user`` become contributors
    and cannot sign. House rules added since do not apply to a text already signed.
    """

    name = "restore"

    def __init__(self, user: User, page: Page, *, number: int, reason: str) -> None:
        super().__init__(user, page)
        self.number = number
        self.terms = SubmissionTerms(ReviewKind.FULL_REVIEW, reason.strip(), restores=number)

    def perform(self) -> Submission:
        self.lock_page()
        policy.user_can_submit(self.user, self.page).enforce()
        self.workflow()
        self.terms.check()
        edition = self._edition()
        # The draft's words are followed to their authors; of a text by value only the editions tell
        authors = contributors_of(edition) if self._restore_draft(edition) else _authors_until(edition)
        for person in dict.fromkeys([contributor_of(self.user), *authors]):
            record_contribution(edition.key, person, edition.sha256)
        return self.open(edition.text, self.page.get_latest_revision_as_object(), self.terms)

    def _edition(self) -> Edition:
        edition = Edition.objects.filter(key=self.page.translation_key, number=self.number).first()
        if edition is None:
            raise PolicyError(Rule.NO_SUCH_EDITION, f"This page has no edition {self.number}.")
        public = public_edition(edition.key)
        if public and matches_hash(edition.document, public.sha256):
            raise PolicyError(
                Rule.ALREADY_PUBLIC, "Patients read this text now; there is nothing to bring back."
            )
        refuse_taken_name(edition.document)
        for figure in edition.document.figures():
            try:
                figure_bytes(figure.file_name)
            except FigureFileError as error:
                raise PolicyError(
                    Rule.STALE, f"A picture of this edition is lost ({error}). Write a new edition instead."
                ) from error
        return edition

    def _restore_draft(self, edition: Edition) -> bool:
        """Make the draft say the text again, if one of the page's revisions still does; return whether.

        If a class was renamed since, none does; the text is then signed by value, and the draft stays.
        """
        revision = revision_with(self.page, edition.sha256)
        if revision is None:
            if self.page.get_latest_revision() is None:
                self.page.save_revision(user=self.user, clean=False)
            return False
        if revision.pk != self.page.latest_revision_id:
            revision.as_object().save_revision(user=self.user, clean=False, previous_revision=revision)
            self.page.refresh_from_db()
        return True


def _authors_until(edition: Edition) -> tuple[Person, ...]:
    """Return who contributed to ``edition`` or an earlier one of its page."""
    until = Edition.objects.filter(key=edition.key, number__lte=edition.number)
    return authors_of_editions(until)[edition.key].people
