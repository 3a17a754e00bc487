"""That an account may still sign when its signature is stored: its rights may end while it waits."""

from functools import partial

from django.contrib.auth.models import Group, User

from monographs.accounts.outside_accounts import is_outside
from monographs.editions.deferred_ledger import check_with_ledger_locked
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.models import MedicalReviewTask

ENDED = "Your account or your rights as a reviewer ended meanwhile, so nothing was signed. Ask an editor."


def refuse_if_rights_end(user: User, task: MedicalReviewTask | None = None) -> None:
    """Let the transaction in which ``user`` signs at ``task`` fail if they may not review any more.

    Without ``task`` they sign what any reviewer may. Rights are under no lock of a page. Their changes are in
    the ledger, so whatever ended before the signature's own entry is seen with the ledger locked.
    """
    place = task.pk if task else "any step"
    check_with_ledger_locked(partial(_refuse_ended, user, task), once=f"rights of {user.pk} at {place}")


def _refuse_ended(user: User, task: MedicalReviewTask | None) -> None:
    if not _may_review(user, task):
        raise PolicyError(Rule.NOT_A_REVIEWER, ENDED)


def _may_review(user: User, task: MedicalReviewTask | None) -> bool:
    """Return whether ``user`` has an active account and reviews; one query."""
    if is_outside(user):  # an invitation ends under the lock of its page
        return User.objects.filter(pk=user.pk, is_active=True).exists()
    groups = task.groups.all() if task else Group.objects.filter(medicalreviewtask__active=True)
    return policy.members_of(groups).filter(pk=user.pk).exists()
