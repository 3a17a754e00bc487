"""The signature of a submission at the step it is at; the last one needed ends the step."""

from typing import Any

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Signature
from monographs.editions.signatures import signatures_for
from monographs.review import notifications
from monographs.review.actions.base import step_of
from monographs.review.actions.reauthentication import create_signature
from monographs.review.models import ReviewBundle
from monographs.review.policies.bundle_policy import is_in_bundle
from monographs.review.policies.kept_rights import refuse_if_rights_end
from monographs.review.publication.publish import LockedReview
from monographs.review.publication.step_approval import approve_step


def sign_step(
    user: User,
    review: LockedReview,
    method: str,
    *,
    meaning: str,
    checked: dict[str, Any],
    bundle: ReviewBundle | None = None,
) -> Signature:
    """Store the signature of ``user``, whose right to sign was decided, and what they ``checked``.

    ``method`` is how their identity was confirmed. With the last signature needed the step ends; after the
    last step the text is published in this transaction. Raises ``PolicyError`` if the text is in another
    bundle than ``bundle``, which the user signs (None: only this text).
    """
    submission, person = review.submission, person_of(user)
    is_in_bundle(submission, bundle).enforce()
    task, task_state = step_of(submission)
    refuse_if_rights_end(user, task)
    text = {"submission": str(submission.uuid), "sha256": submission.sha256}
    append_entry(Event.CHECKED, person, text | checked, subject=submission.key)
    signature = create_signature(
        user,
        person,
        method,
        submission=submission.uuid,
        key=submission.key,
        sha256=submission.sha256,
        step=task.name,
        meaning=meaning,
    )
    signatures = signatures_for(submission.uuid, submission.sha256)
    if sum(s.step == task.name for s in signatures) >= task.as_step().signatures:
        # After the last step Wagtail calls ``publication.publish.publish_signed``
        approve_step(task_state, review, user)
    if submission.is_open:
        notifications.signed(signature, submission)
    return signature
