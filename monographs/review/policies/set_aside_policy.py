"""Who may set an unpublished draft aside to correct what patients read, and who may merge it again
or leave it in the history.

One set of rules for the editor, the screens and the actions. They only change drafts.
"""

import uuid

from monographs.core.users import AnyUser
from monographs.editions.models import Edition
from monographs.editions.queries import public_edition
from monographs.models import ReviewedPage
from monographs.pages.refusals import Rule
from monographs.review import policy
from monographs.review.draft_state.draft_difference import draft_differs
from monographs.review.models import SetAsideDraft, SetAsideStatus
from monographs.review.policy import ALLOWED, Verdict

RECALL_FIRST = (
    "A text of this page is in review, so its draft cannot be changed. Recall the text first; then it is a "
    "draft again."
)
_NONE_SET_ASIDE = Verdict(
    False,
    Rule.NOT_SET_ASIDE,
    "No draft of this page is set aside, or it has been merged or left in the history already.",
)
_LOCKED = "This page is locked by {}, so its draft cannot be changed. Ask them to unlock it."


def open_set_aside(key: uuid.UUID) -> SetAsideDraft | None:
    """Return the draft of the page ``key`` that is set aside; None if none is."""
    rows = SetAsideDraft.objects.filter(key=key, status=SetAsideStatus.OPEN)
    return rows.select_related("base_edition", "revision", "base_revision", "authorship").first()


def user_can_set_aside(user: AnyUser, page: ReviewedPage) -> Verdict:
    """Return whether ``user`` may set the draft of ``page`` aside. Reads the draft."""
    verdict = _user_can_change_draft(user, page)
    if not verdict.allowed:
        return verdict
    edition = public_edition(page.translation_key)
    if edition is None:
        return Verdict(
            False,
            Rule.NOT_PUBLIC,
            "Patients do not read this page now, so there is no public text to correct. Change the draft.",
        )
    if open_set_aside(page.translation_key):
        return Verdict(
            False,
            Rule.ALREADY_SET_ASIDE,
            "A draft of this page is set aside already. Submit the one in the editor, merge the one that was "
            "set aside into it, or leave that one in the history.",
        )
    return _something_waits(page, edition)


def _something_waits(page: ReviewedPage, edition: Edition) -> Verdict:
    difference = draft_differs(page.get_latest_revision_as_object(), edition)
    if difference.waits:
        return ALLOWED
    return Verdict(
        False,
        Rule.NOTHING_CHANGED,
        difference.message
        or "The draft says what patients read, so nothing has to be set aside. Correct it in the editor.",
    )


def user_can_merge(user: AnyUser, page: ReviewedPage) -> Verdict:
    """Return whether ``user`` may merge the draft of ``page`` that is set aside into its latest draft."""
    verdict = _user_can_change_draft(user, page)
    if verdict.allowed and open_set_aside(page.translation_key) is None:
        return _NONE_SET_ASIDE
    return verdict


def user_can_leave(user: AnyUser, page: ReviewedPage) -> Verdict:
    """Return whether ``user`` may leave the draft of ``page`` that is set aside in the history.

    Also while a text of the page is in review: the latest draft stays as it is.
    """
    if not user.is_active or not page.permissions_for_user(user).can_edit():
        return Verdict(
            False,
            Rule.NOT_ALLOWED_HERE,
            "You may not edit this page, so you cannot decide about its drafts. Ask somebody who wrote it.",
        )
    return ALLOWED if open_set_aside(page.translation_key) else _NONE_SET_ASIDE


def _user_can_change_draft(user: AnyUser, page: ReviewedPage) -> Verdict:
    verdict = policy.user_can_submit(user, page)
    if verdict.rule == Rule.IN_REVIEW:
        return Verdict(False, Rule.IN_REVIEW, RECALL_FIRST)
    if verdict.allowed and page.locked and page.locked_by_id != user.pk:
        name = page.locked_by.get_username() if page.locked_by else "somebody"
        return Verdict(False, Rule.NOT_ALLOWED_HERE, _LOCKED.format(name))
    return verdict
