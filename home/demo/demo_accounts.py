"""The demonstration accounts. Their names are invented and their password is public."""

from django.contrib.auth.models import Group, User

from monographs.accounts import account_emails
from monographs.review.groups import EDITORS, REVIEWERS, WRITERS
from monographs.review.models import ReviewerProfile

PASSWORD = "monographs-demo"  # noqa: S105  # printed by `make run`; demonstration only

_ACCOUNTS = (
    ("writer", "Wren", "Demo-Writer", WRITERS, ""),
    ("writer2", "Willa", "Demo-Writer", WRITERS, ""),
    ("reviewer", "Robin", "Demo-Reviewer", REVIEWERS, "PharmD (demonstration)"),
    ("reviewer2", "Rowan", "Demo-Reviewer", REVIEWERS, "MD (demonstration)"),
    ("editor", "Eden", "Demo-Editor", EDITORS, ""),
    ("admin", "Avery", "Demo-Admin", "", ""),
)


@account_emails.suppress_emails()
def create_accounts() -> dict[str, User]:
    """Create the accounts that are missing, and return all by user name."""
    return {row[0]: _account(*row) for row in _ACCOUNTS}


def _account(username: str, first: str, last: str, group: str, credentials: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(
            username, f"{username}@example.org", PASSWORD, first_name=first, last_name=last
        )
    if not group:
        user.is_superuser = user.is_staff = True
        user.save(update_fields=["is_superuser", "is_staff"])
        return user
    user.groups.add(Group.objects.get(name=group))
    if credentials:
        ReviewerProfile.objects.get_or_create(user=user, defaults={"credentials": credentials})
    return user
