"""Who may change the terms of a submission in review, and who can be asked to review it."""

from django.contrib.auth.models import AnonymousUser, User

from monographs.core.users import AnyUser
from monographs.editions.signatures import signatures_for
from monographs.pages.refusals import Rule
from monographs.review import policy
from monographs.review.models import Submission
from monographs.review.policy import ALLOWED, Verdict

NOT_AN_EDITOR = "Only editors change who is asked to review a text, and by when. Ask one of them."


def user_can_change_terms(user: AnyUser, submission: Submission) -> Verdict:
    """Return whether ``user`` may change who is asked to review ``submission``, and by when."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, policy.INACTIVE)
    if not policy.is_editor(user):
        return Verdict(False, Rule.NOT_AN_EDITOR, NOT_AN_EDITOR)
    if not submission.is_open or policy.current_task(submission) is None:
        closer = submission.closer_person
        by = f" by {closer.name}" if closer else ""
        state = "at no step of review" if submission.is_open else submission.get_status_display().lower()
        return Verdict(False, Rule.NOT_IN_REVIEW, f"It is no longer in review: {state}{by}.")
    return ALLOWED


def people_to_ask(submission: Submission) -> list[User]:
    """Return the accounts that can be asked to review ``submission`` at its step, and have not signed it."""
    task = policy.current_task(submission)
    if task is None:
        return []
    signed = {each.user_id for each in signatures_for(submission.uuid, submission.sha256)}
    submitter = submission.submitted_by or AnonymousUser()
    people = policy.eligible_reviewers(task, submission.key, submitter)
    return [user for user in people if user.pk not in signed]
