"""The demonstration accounts. Their names are invented and their password is public."""

from functools import partial

from django.contrib.auth.models import Group, User
from django.db import transaction

from home.set_up_items import made_by, once
from home.site_setup import group_item
from monographs.accounts import account_emails
from monographs.accounts.actors import person_of
from monographs.review.groups import EDITORS, REVIEWERS, WRITERS
from monographs.review.models import ReviewerProfile

PASSWORD = "monographs-demo"  # noqa: S105  # printed by `make run`; demonstration only

_ACCOUNTS = (
    ("writer", "Wren", "Demo-Writer", WRITERS, ""),
    ("writer2", "Willa", "Demo-Writer", WRITERS, ""),
    ("reviewer", "Robin", "Demo-Reviewer", REVIEWERS, "PharmD"),
    ("reviewer2", "Rowan", "Demo-Reviewer", REVIEWERS, "MD"),
    ("editor", "Eden", "Demo-Editor", EDITORS, ""),
    ("admin", "Avery", "Demo-Admin", "", ""),
)
#: What followed the credentials in earlier releases.
_FORMER_SUFFIX = " (demonstration)"


@account_emails.suppress_emails()
@transaction.atomic
def create_accounts() -> None:
    """Create the accounts that were never made; those that people have changed stay as they are."""
    for row in _ACCOUNTS:
        once(_item(row[0]), partial(_account, *row))
    for username, _, _, _, credentials in _ACCOUNTS:
        if credentials:
            once(f"demonstration signer {username}", partial(_set_up_signer, username, credentials))


def demo_account(username: str) -> User:
    """Return the account that was made as ``username``, whatever it is called now."""
    return User.objects.get(pk=made_by(_item(username)))


def _item(username: str) -> str:
    return f"demonstration account {username}"


def _account(username: str, first: str, last: str, group: str, _credentials: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is not None:
        return user
    user = User.objects.create_user(
        username, f"{username}@example.org", PASSWORD, first_name=first, last_name=last
    )
    if not group:
        user.is_superuser = user.is_staff = True
        user.save(update_fields=["is_superuser", "is_staff"])
        return user
    user.groups.set(Group.objects.filter(pk=made_by(group_item(group))))
    return user


def _set_up_signer(username: str, credentials: str) -> None:
    """Create the profile of a reviewer, as the command enters it and the editor confirms it.

    Earlier releases entered credentials that the list does not have.
    """
    user, confirmer = demo_account(username), demo_account("editor")
    profile = ReviewerProfile.objects.filter(user=user).first() or ReviewerProfile(user=user)
    if profile.credentials in ("", f"{credentials}{_FORMER_SUFFIX}"):
        profile.credentials = credentials
        profile.save()
        profile.confirm(person_of(confirmer))
