"""Who may sign that a page needs no change for a new version of its label, and choose labels to follow."""

from django.contrib.auth.models import User

from monographs.accounts import signing_holds
from monographs.core.users import AnyUser
from monographs.editions.models import Edition
from monographs.editions.person import Person
from monographs.editions.signatures import ExcludedUsers
from monographs.label_watch.models import UpdateTask
from monographs.pages.refusals import Rule
from monographs.review.policy import (
    ALLOWED,
    INACTIVE,
    Verdict,
    is_editor_or_superuser,
    qualified_reviewer,
)

NOT_A_REVIEWER = (
    "Only reviewers sign that a page needs no change. Writers start a draft from the change instead."
)


def user_can_answer(user: AnyUser, task: UpdateTask, edition: Edition | None) -> Verdict:
    """Return whether ``user`` may sign that ``edition``, which patients read, answers the change as it is.

    A qualified reviewer who did not write the edition, as for a signature of its text.
    """
    if task.closed_at is not None:
        return Verdict(False, Rule.NOT_PROPOSED, "This change is answered already. Nothing was changed.")
    if edition is None:
        return Verdict(
            False, Rule.NOT_PUBLIC, "Patients do not read this page, so there is nothing to answer."
        )
    verdict = qualified_reviewer(user, NOT_A_REVIEWER)
    if verdict.allowed and signing_holds.open_holds(user).exists():
        return Verdict(False, Rule.SIGN_IN_CHANGED, signing_holds.refusal_message(user))
    if verdict.allowed and isinstance(user, User) and _wrote(user, edition):
        return Verdict(
            False,
            Rule.CONTRIBUTED,
            "You wrote the edition that patients read, so another reviewer signs this.",
        )
    return verdict


def _wrote(user: User, edition: Edition) -> bool:
    people = [Person(each["id"], each["username"], each["name"]) for each in edition.contributors]
    return ExcludedUsers.from_contributors(people).contains(user.pk, user.get_username())


def user_can_choose_labels(user: AnyUser) -> Verdict:
    """Return whether ``user`` may choose which other labels a page follows: editors may."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if not is_editor_or_superuser(user):
        return Verdict(
            False,
            Rule.NOT_AN_EDITOR,
            "Only editors choose which other labels a page follows. Ask one of them.",
        )
    return ALLOWED
