"""How a signer is named to patients: what they are shown before signing, and that it still holds."""

from django.contrib.auth.models import User
from django.db.models import IntegerField

from monographs.accounts.actors import person_of
from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.models import ReviewerProfile

CHANGED = (
    "Your name, your credentials or the step changed since you opened this page. Reload it, read as whom you "
    "sign, then sign."
)


_LOCKED_PROFILE: CompiledQuery[ReviewerProfile] = CompiledQuery(
    lambda: (
        ReviewerProfile.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(user_id=Parameter("user", IntegerField()))
    )
)


def locked_signer(user: User) -> User:
    """Return the account as it is now; its name and credentials stay so until the transaction ends."""
    profile = _LOCKED_PROFILE.first(user=user.pk)
    if profile is None:
        return User.objects.get(pk=user.pk)
    signer: User = profile.user
    return signer


def signer_hash(person: Person, step: str, meaning: str) -> str:
    """The hash of what a signer is shown of themselves; the form sends it back."""
    shown = {
        "name": person.name,
        "credentials": person.credentials,
        "field": person.field,
        "step": step,
        "meaning": meaning,
    }
    return sha256_hex(canonical_json(shown))


def check_signer_seen(user: User, seen: str, *, step: str, meaning: str) -> None:
    """Raise ``PolicyError`` if the signer was shown other words than the signature will have.

    ``seen`` is empty for a program that signs without the screen: what it signs is the confirmed values.
    """
    if seen and seen != signer_hash(person_of(user), step, meaning):
        raise PolicyError(Rule.STALE, CHANGED)
