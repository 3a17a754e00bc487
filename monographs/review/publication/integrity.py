"""Whether the draft is still the submitted text, and whether its names are free."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from django.db.models import IntegerField
from wagtail.models import Page

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.document import matches_hash
from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.editions.publishing import NameTaken, check_name_free
from monographs.editions.standard_texts import StandardTextError, check_standard_texts
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.models import Submission

if TYPE_CHECKING:
    from wagtail.models import Revision

#: How many of a page's latest revisions are searched for the one with the text of an edition.
REVISIONS_SEARCHED = 50


@dataclass(frozen=True)
class StoredDraft:
    """A page's latest revision and the page made of it, read once in the transaction that relies on it."""

    revision: "Revision"
    page: ReviewedPage

    @cached_property
    def document(self) -> BaseDocument:
        """What patients would read. Raises ``ValueError`` if the draft is no document any more."""
        return self.page.to_document()

    def matches_hash(self, sha256: str) -> bool:
        """Return whether it is the text with this hash, whatever version that was written in."""
        return matches_hash(self.document, sha256)


def check_unchanged(submission: Submission) -> StoredDraft | None:
    """Return the page's draft, or raise ``PolicyError`` unless it and the submission are what was submitted.

    Signatures bind to the document's hash; a revision can be rewritten in place, so its id proves nothing.
    The draft of a restored edition may differ: that text is signed by value.
    """
    if sha256_hex(submission.canonical.encode()) != submission.sha256:
        raise PolicyError(
            Rule.STALE,
            "The text on this page is not the one that was submitted: somebody changed it in the database. "
            "Do not rely on it. Return it and tell an operator.",
        )
    refuse_unusable_texts(submission.document)
    revision = latest_revision(submission)
    if revision is None:
        raise PolicyError(Rule.STALE, "The page was deleted in the admin. Nothing was published.")
    if submission.restores:
        return unchanged_draft(submission)
    try:
        draft = StoredDraft(revision, revision.as_object())
        unchanged = draft.matches_hash(submission.sha256)
    except ValueError as error:
        raise PolicyError(Rule.STALE, f"The draft can no longer be read: {error}. Return it.") from error
    if not unchanged:
        raise PolicyError(
            Rule.STALE,
            "The draft no longer says what was submitted (a picture or a name it uses was changed). "
            "Return it, so that it can be submitted again.",
        )
    return draft


def latest_revision(submission: Submission) -> "Revision | None":
    """Return the page's latest revision, its page loaded with it; None if the page is gone."""
    page = submission.page
    revision = page.latest_revision if page else None
    if page is not None and revision is not None:
        specific = _specific(page)
        revision._meta.get_field("content_object").set_cached_value(revision, specific)
    return revision


@cache
def _row_of(model: type[Page]) -> CompiledQuery[Page]:
    return CompiledQuery(lambda: model.objects.filter(pk=Parameter("pk", IntegerField())))


def _specific(page: Page) -> Page:
    """Return ``page.specific``, with what has been read of the page."""
    model = page.specific_class
    found = _row_of(model).first(pk=page.pk) if model else None
    if found is None:
        return page.specific
    found.locale = page.locale
    return found


def stored_draft(submission: Submission) -> StoredDraft | None:
    """Return the page's draft, also if it was changed; None if the page is gone."""
    revision = latest_revision(submission)
    return StoredDraft(revision, revision.as_object()) if revision is not None else None


def revision_matches_hash(revision: "Revision", sha256: str) -> bool:
    """Return whether ``revision`` is the text with this hash, whatever version that was written in."""
    try:
        return bool(revision.as_object().matches_hash(sha256))
    except ValueError:
        return False


def revision_with(page: Page, sha256: str) -> "Revision | None":
    """Return the newest of a page's latest revisions that is the text with this hash, or None."""
    latest = page.revisions.order_by("-created_at", "-pk")[:REVISIONS_SEARCHED]
    return next((revision for revision in latest if revision_matches_hash(revision, sha256)), None)


def unchanged_draft(submission: Submission) -> StoredDraft | None:
    """Return the page's draft if it is what was submitted, else None."""
    try:
        draft = stored_draft(submission)
        return draft if draft is not None and draft.matches_hash(submission.sha256) else None
    except ValueError:
        return None


def refuse_unusable_texts(document: BaseDocument) -> None:
    """Raise ``PolicyError`` if a standard text in the document is not signed, or withdrawn."""
    try:
        check_standard_texts(document)
    except StandardTextError as error:
        raise PolicyError(Rule.STANDARD_TEXT, str(error)) from error


def refuse_taken_name(document: BaseDocument) -> None:
    """Raise ``PolicyError`` if patients read another medicine of one of the document's names."""
    try:
        check_name_free(document)
    except NameTaken as error:
        raise PolicyError(Rule.NAME_TAKEN, str(error)) from error
