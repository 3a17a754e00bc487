"""The rule that the pages of a bundle change at one moment: checked at the end of each transaction."""

from collections.abc import Sequence
from functools import partial

from monographs.editions.deferred_ledger import check_with_ledger_locked
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.models import Submission, SubmissionStatus

#: Pages that a message names.
NAMED = 3


def keep_bundle_whole(submission: Submission, status: SubmissionStatus) -> None:
    """Let the transaction in which ``submission`` becomes ``status`` fail unless its whole bundle does.

    Whatever code ends a review comes here, so that no route publishes a part of a bundle.
    """
    if submission.bundle_id is not None:
        check = partial(_refuse_part, submission.bundle_id, status)
        check_with_ledger_locked(check, once=f"bundle {submission.bundle_id} {status}")


def refuse_due_part(due: Sequence[Submission]) -> None:
    """Raise ``PolicyError`` if a bundle of the ``due`` submissions has others, which would stay behind.

    Before anything of them is published: what keeps them back lasts until a person acts, and they are due
    at each run until then.
    """
    for bundle in sorted({each.bundle_id for each in due if each.bundle_id is not None}):
        _refuse_part(bundle, SubmissionStatus.SIGNED, besides=due)


def _refuse_part(bundle: int, status: SubmissionStatus, besides: Sequence[Submission] = ()) -> None:
    """Raise ``PolicyError`` if a submission of the bundle, ``besides`` these, is not ``status``."""
    members = Submission.objects.filter(bundle=bundle).exclude(pk__in=[each.pk for each in besides])
    others = members.exclude(status=status).order_by("title", "pk")
    found = [
        f"“{title}” ({SubmissionStatus(now).label.lower()})"
        for title, now in others.values_list("title", "status")
    ]
    if found:
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        raise PolicyError(
            Rule.BUNDLE_PART,
            f"These pages change together with others or not at all, and {', '.join(found[:NAMED])}{more} "
            "would stay behind. Nothing was changed. An editor can take pages out of the bundle.",
        )
