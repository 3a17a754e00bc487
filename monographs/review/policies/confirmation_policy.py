"""Who may confirm what patients read about a signer: an editor or superuser other than who proposed it."""

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.pages.refusals import Rule
from monographs.review.models import NeedsSecondPerson, ReviewerProfile
from monographs.review.models.second_person import is_same
from monographs.review.policy import ALLOWED, Verdict, is_editor_or_superuser

NOT_ALLOWED = "Only active editors and administrators confirm names and credentials."


def user_can_confirm(user: User, row: NeedsSecondPerson) -> Verdict:
    """Return whether ``user`` may confirm at least one value of ``row``."""
    if not is_editor_or_superuser(user):
        return Verdict(False, Rule.NOT_ALLOWED_HERE, NOT_ALLOWED)
    person = person_of(user)
    if isinstance(row, ReviewerProfile) and is_same(person, person_of(row.user)):
        return Verdict(
            False, Rule.OWN_PROPOSAL, "These are your own name and credentials; somebody else confirms them."
        )
    if not row.unconfirmed():
        return Verdict(False, Rule.NOTHING_TO_CORRECT, "A second person has confirmed this already.")
    if problem := row.problem():
        return Verdict(False, Rule.NOT_READY, f"This cannot be confirmed as it is. {problem}")
    return _second_person(user, row)


def _second_person(user: User, row: NeedsSecondPerson) -> Verdict:
    """Return whether ``user`` is another person than who proposed the values, and was here before."""
    names = row.confirmable_by(person_of(user))
    if not names:
        return Verdict(
            False,
            Rule.OWN_PROPOSAL,
            "You entered this yourself, so another editor or an administrator must confirm it.",
        )
    if any((at := row.proposed_at(name)) and user.date_joined >= at for name in names):
        return Verdict(
            False,
            Rule.SECOND_PERSON,
            "Your account is newer than this proposal. Somebody who was here before must confirm it.",
        )
    return ALLOWED
