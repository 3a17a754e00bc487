"""Who may have a remedy written into the draft of a page, and when."""

from monographs.core.users import AnyUser
from monographs.models import ReviewedPage
from monographs.pages.refusals import Rule
from monographs.review.models import Submission
from monographs.review.policy import ALLOWED, Verdict


def user_can_apply_remedy(user: AnyUser, page: ReviewedPage) -> Verdict:
    """Return whether ``user`` may have a remedy written into the draft of ``page``: as in its editor."""
    permissions = page.permissions_for_user(user)
    if not user.is_active or page.alias_of_id or not permissions.can_edit():
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "Only those who may edit this page may change its text.")
    if page.is_frozen:
        message = "This page is in review, or signed and scheduled. Recall it to change it."
        return Verdict(False, Rule.IN_REVIEW, message)
    if permissions.page_locked():
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "This page is locked. Ask for it to be unlocked.")
    return ALLOWED


def remedy_page_of(user: AnyUser, submission: Submission) -> ReviewedPage | None:
    """Return the page into whose draft a remedy for ``submission`` can be written now, None for none."""
    if submission.is_open or submission.is_scheduled or submission.page is None:
        return None
    page = submission.page.specific
    allowed = isinstance(page, ReviewedPage) and user_can_apply_remedy(user, page).allowed
    return page if allowed else None
