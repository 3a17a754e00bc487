"""What editors and administrators may do that nobody else may, decided by one function."""

from monographs.core.users import AnyUser
from monographs.pages.refusals import Rule
from monographs.review.policy import ALLOWED, INACTIVE, Verdict, is_editor_or_superuser


def editor_or_superuser(user: AnyUser, message: str) -> Verdict:
    """Return whether ``user`` is an active editor or administrator; others are refused with ``message``."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    return ALLOWED if is_editor_or_superuser(user) else Verdict(False, Rule.NOT_AN_EDITOR, message)
