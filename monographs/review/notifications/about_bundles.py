"""Notifications about bundles whose texts are signed and wait for their day."""

from monographs.editions.models import Signature
from monographs.editions.person import Person
from monographs.review.models import ReviewBundle, Submission, SubmissionStatus
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose, thread_of
from monographs.review.notifications.outbox import isolate_failures, queue_messages


@isolate_failures
def bundle_kept_back(submission: Submission, by: Person, reason: str) -> None:
    """Notify editors and the bundle's signers that a recalled submission keeps the other texts back.

    Nobody is notified if no other text of its bundle waits for its day.
    """
    bundle = submission.bundle
    others = Submission.objects.filter(bundle=bundle, status=SubmissionStatus.SCHEDULED)
    waiting = others.exclude(pk=submission.pk).count() if bundle else 0
    if bundle and waiting:
        _notify("recalled", submission, bundle, by, reason, waiting)


@isolate_failures
def taken_out(submission: Submission, bundle: ReviewBundle, by: Person, reason: str) -> None:
    """Notify editors and the bundle's signers that a signed ``submission`` was taken out of ``bundle``."""
    _notify("taken-out", submission, bundle, by, reason)


def _notify(
    how: str, submission: Submission, bundle: ReviewBundle, by: Person, reason: str, waiting: int = 0
) -> None:
    """Store the notices; ``waiting`` is how many texts are kept back, 0 of a text that was taken out."""
    texts = [submission.uuid, *Submission.objects.filter(bundle=bundle).values_list("uuid", flat=True)]
    signers = set(Signature.objects.filter(submission__in=texts).values_list("user_id", flat=True))
    queue_messages(
        *compose(
            NoticeEvent.BUNDLE_CHANGED,
            f"{thread_of(submission)}/{how}-{bundle.pk}",
            recipients.reachable_accounts(recipients.editors() | signers, without=by),
            title=submission.title,
            submission=submission,
            bundle=bundle,
            by=by,
            reason=reason,
            waiting=waiting,
            url=admin_url("bundles:bundle", bundle.pk),
        )
    )
