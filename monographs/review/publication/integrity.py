"""Whether the draft still says what was submitted, and whether its names are free."""

from typing import TYPE_CHECKING

from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.editions.publishing import NameTaken, check_name_free
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.models import Submission

if TYPE_CHECKING:
    from wagtail.models import Revision


def check_unchanged(submission: Submission) -> None:
    """Raise ``PolicyError`` unless the submission and the page's draft still say what was submitted.

    Signatures bind to the document's hash; a revision can be rewritten in place, so its id proves nothing.
    The draft of a restored edition need not say it: that text is signed by value.
    """
    if sha256_hex(submission.canonical.encode()) != submission.sha256:
        raise PolicyError(
            Rule.STALE,
            "The text on this page is not the one that was submitted: somebody changed it in the database. "
            "Do not rely on it. Return it and tell an operator.",
        )
    revision = latest_revision(submission)
    if revision is None:
        raise PolicyError(Rule.STALE, "The page was deleted in the admin. Nothing was published.")
    if submission.restores:
        return
    try:
        unchanged = revision.as_object().says(submission.sha256)
    except ValueError as error:
        raise PolicyError(Rule.STALE, f"The draft can no longer be read: {error}. Return it.") from error
    if not unchanged:
        raise PolicyError(
            Rule.STALE,
            "The draft no longer says what was submitted (a picture or a name it uses was changed). "
            "Return it, so that it can be submitted again.",
        )


def latest_revision(submission: Submission) -> "Revision | None":
    """Return the page's latest revision; None if the page is gone."""
    page = submission.page.specific if submission.page else None
    return page.get_latest_revision() if page else None


def unchanged_revision(submission: Submission) -> "Revision | None":
    """Return the page's latest revision if it says what was submitted, else None."""
    revision = latest_revision(submission)
    return revision if revision is not None and revision_says(revision, submission.sha256) else None


def revision_says(revision: "Revision", sha256: str) -> bool:
    """Return whether ``revision`` says what the text with this hash says, of whatever version that is."""
    try:
        return bool(revision.as_object().says(sha256))
    except ValueError:
        return False


def refuse_taken_name(document: BaseDocument) -> None:
    """Raise ``PolicyError`` if patients read another medicine of one of the document's names."""
    try:
        check_name_free(document)
    except NameTaken as error:
        raise PolicyError(Rule.NAME_TAKEN, str(error)) from error
