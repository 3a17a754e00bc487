"""Who is asked to review a submission and by when: the terms that an editor can change during a review."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.review.models import Submission


def terms_stamp(submission: Submission, named: Iterable[User]) -> str:
    """Return the hash of a submission's step and terms, by which a change made meanwhile is noticed."""
    state = submission.workflow_state
    step = state.current_task_state_id if state else None
    due = submission.due_on.isoformat() if submission.due_on else None
    return sha256_hex(canonical_json([submission.pk, step, sorted(user.pk for user in named), due]))


def terms_record(named: Iterable[User], due_on: date | None) -> dict[str, Any]:
    """Return the terms as the ledger stores them: people by value, in the order of their accounts."""
    people = sorted(named, key=lambda user: user.pk)
    return {
        "reviewers": [person_of(user).as_record() for user in people],
        "due_on": due_on.isoformat() if due_on else None,
    }
