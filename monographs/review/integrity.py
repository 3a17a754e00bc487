"""Whether the draft still says what was submitted."""

from typing import Any

from monographs.document.canonical import sha256_hex
from monographs.review.models import Submission
from monographs.review.refusals import ReviewRefused, Rule


def signed_revision(submission: Submission) -> Any:
    """The page's latest revision, which must say exactly what was submitted.

    Signatures bind to the document's hash; revisions can be rewritten in place, so their id proves
    nothing. None for an earlier edition that is brought back and that no draft says any more: it is signed
    by value. Raises ``ReviewRefused`` when the page is gone or says something else, or when the submission no
    longer holds the text that its hash is of: whoever read it has not read what would be signed.
    """
    if sha256_hex(submission.canonical.encode()) != submission.sha256:
        raise ReviewRefused(
            Rule.STALE,
            "The text on this page is not the one that was submitted: somebody changed it in the database. "
            "Do not rely on it. Return it and tell an operator.",
        )
    page = submission.page.specific if submission.page else None
    revision = page.get_latest_revision() if page else None
    if page is None or revision is None:
        raise ReviewRefused(Rule.STALE, "The page was deleted on the desk. Nothing was published.")
    if submission.restores:
        return unchanged_revision(submission)
    try:
        actual = revision.as_object().document_hash()
    except ValueError as error:
        raise ReviewRefused(Rule.STALE, f"The draft can no longer be read: {error}. Return it.") from error
    if actual != submission.sha256:
        raise ReviewRefused(
            Rule.STALE,
            "The draft no longer says what was submitted (a picture or a name it uses was changed). "
            "Return it, so that it can be submitted again.",
        )
    return revision


def unchanged_revision(submission: Submission) -> Any:
    """The page's latest revision if it says what was submitted; None if it does not, or the page is gone."""
    page = submission.page.specific if submission.page else None
    revision = page.get_latest_revision() if page else None
    return revision if revision is not None and says(revision, submission.sha256) else None


def says(revision: Any, sha256: str) -> bool:
    """Whether the document of ``revision`` has this hash."""
    try:
        return bool(revision.as_object().document_hash() == sha256)
    except ValueError:
        return False
