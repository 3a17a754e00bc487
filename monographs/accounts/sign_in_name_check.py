"""Two accounts never have sign-in names that a reader could take for each other.

Somebody with two such accounts could write as one and sign as the other. That is refused in any case
(``editions.signatures.ExcludedUsers``); here it is refused that the second account is made.
"""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.dispatch import receiver

from monographs.core.sign_in_names import same_person, sign_in_keys


def validate_distinct_sign_in_name(username: str) -> None:
    """Raise ``ValidationError`` if ``username`` only looks different from another account's name."""
    if not sign_in_keys(username):
        raise ValidationError("Choose a sign-in name with letters or digits that can be seen.")
    others = User.objects.exclude(username=username).values_list("username", flat=True)
    taken = next((other for other in others.iterator() if same_person(username, other)), None)
    if taken is not None:
        raise ValidationError(
            f"“{username}” looks like “{taken}”, the sign-in name of another account. Choose another one; "
            "case, accents and letters that look alike make no difference."
        )


@receiver(pre_save, sender=User, dispatch_uid="refuse_lookalike_sign_in_name")
def refuse_lookalike(
    instance: User, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """Refuse a lookalike name of a new or renamed account also where no form asks, e.g. in a script."""
    if raw or (update_fields is not None and "username" not in update_fields):
        return
    username = instance.get_username()
    if not User.objects.filter(pk=instance.pk, username=username).exists():
        validate_distinct_sign_in_name(username)


def check_sign_in_names_of_accounts() -> None:
    """Apply the rule in every form, whichever view shows it."""
    User._meta.get_field("username").validators.append(validate_distinct_sign_in_name)
