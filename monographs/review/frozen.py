"""Whether the draft still says what was submitted."""

from typing import Any

from monographs.review.models import Submission
from monographs.review.refusals import Refused, Rule


def signed_revision(submission: Submission) -> Any:
    """The page's latest revision, which must say exactly what was submitted.

    Signatures bind to the document's hash; revisions can be rewritten in place, so their id proves
    nothing. Raises ``Refused`` when the page is gone or says something else.
    """
    page = submission.page.specific if submission.page else None
    revision = page.get_latest_revision() if page else None
    if page is None or revision is None:
        raise Refused(Rule.STALE, "The page was deleted on the desk. Nothing was published.")
    try:
        actual = revision.as_object().document_hash()
    except ValueError as error:
        raise Refused(Rule.STALE, f"The draft can no longer be read: {error}. Return it.") from error
    if actual != submission.sha256:
        raise Refused(
            Rule.STALE,
            "The draft no longer says what was submitted (a picture or a name it uses was changed). "
            "Return it, so that it can be submitted again.",
        )
    return revision
