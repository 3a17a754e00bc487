"""Who declares a conflict of interest, and who ends one."""

from django.contrib.auth.models import User

from monographs.core.users import AnyUser
from monographs.editions.models import ConflictOfInterest
from monographs.editions.person import Person
from monographs.pages.refusals import Rule
from monographs.review.models.second_person import is_same
from monographs.review.policy import ALLOWED, INACTIVE, Verdict, is_editor

NOT_FOR_OTHERS = "You can declare your own conflicts of interest. Those of others are for editors to declare."


def user_can_declare(user: AnyUser, person: User) -> Verdict:
    """Return whether ``user`` may declare that ``person`` has a conflict: themselves, and editors, may."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if user.pk != person.pk and not is_editor(user):
        return Verdict(False, Rule.NOT_AN_EDITOR, NOT_FOR_OTHERS)
    return ALLOWED


def user_can_end_conflict(
    user: AnyUser, conflict: ConflictOfInterest, *, editor: bool | None = None
) -> Verdict:
    """Return whether ``user`` may end ``conflict``: editors may, but the person who has it never does.

    Nor does an account whose sign-in name looks like theirs: it would be barred from signing as well.
    ``editor`` is whether the user is one, where that is known.
    """
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if is_same(Person(user.pk, user.get_username(), ""), conflict.person):
        return Verdict(False, Rule.OWN_PROPOSAL, "This conflict is your own: an editor ends it.")
    if not (is_editor(user) if editor is None else editor):
        return Verdict(False, Rule.NOT_AN_EDITOR, "Only editors end a conflict of interest. Ask one of them.")
    if hasattr(conflict, "end"):
        return Verdict(
            False, Rule.NO_CONFLICT, f"This conflict was ended by {conflict.end.by_name}. Nothing changed."
        )
    return ALLOWED
