"""Who asks somebody for a due review, of which pages, and who can be asked."""

from django.contrib.auth.models import User

from monographs.core.users import AnyUser
from monographs.pages.refusals import Rule
from monographs.review import policy
from monographs.review.models import MedicalReviewTask
from monographs.review.policies.unchanged_policy import UnchangedFacts, reviewer_facts
from monographs.review.policy import ALLOWED, Verdict
from monographs.review.replacement.draft_obstacles import DELETED
from monographs.review.signing_facts import first_failed_rule, obstacle_text

NOT_AN_EDITOR = "Only editors ask somebody for a review that is due. Ask one of them."
IN_REVIEW = "It is in review already: ask somebody for that under Texts in review."


def user_can_assign_reviews(user: AnyUser) -> Verdict:
    """Return whether ``user`` may ask people for reviews that are due."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, policy.INACTIVE)
    return ALLOWED if policy.is_editor(user) else Verdict(False, Rule.NOT_AN_EDITOR, NOT_AN_EDITOR)


def review_can_be_assigned(facts: UnchangedFacts, *, has_page: bool) -> Verdict:
    """Return whether somebody can be asked for the next review of a page. No query."""
    if facts.edition is None:
        return Verdict(False, Rule.NOT_PUBLIC, "Patients do not read this page, so no review of it is due.")
    if not has_page:
        return Verdict(False, Rule.NOT_PUBLIC, DELETED)
    return Verdict(False, Rule.IN_REVIEW, IN_REVIEW) if facts.submission else ALLOWED


def reviewer_obstacle(person: User, facts: UnchangedFacts, task: MedicalReviewTask | None = None) -> str:
    """Return why ``person`` cannot be asked for a page's review, as the end of a sentence; else empty.

    It is who could sign that nothing has to change, also after a wait. Whether they are a member of the
    page's step is asked only if ``task`` is given, by one query.
    """
    member = task is None or policy.members(task).filter(pk=person.pk).exists()
    rule = first_failed_rule(reviewer_facts(person, facts, member=member))
    return obstacle_text(rule) if rule else ""


def qualification_obstacle(person: User) -> str:
    """Return why ``person`` can be asked for no review at all, as the end of a sentence; else empty."""
    return reviewer_obstacle(person, UnchangedFacts())
