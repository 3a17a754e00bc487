"""The last submission of a page: why it came back, and what the next one takes over from it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from monographs.core.db_clock import database_today
from monographs.review.models import Submission, SubmissionStatus

#: A submission that ended without an edition; the next one is about the same change.
_CAME_BACK = (SubmissionStatus.RETURNED, SubmissionStatus.RECALLED)


def submission_that_came_back(key: UUID) -> Submission | None:
    """Return the last submission of a page if it was returned or recalled. One query."""
    last = Submission.objects.filter(key=key).order_by("-submitted_at", "-pk").first()
    return last if last and last.status in _CAME_BACK else None


def returned_submission(key: UUID) -> Submission | None:
    """Return the last submission of a page if a reviewer returned it. One query."""
    last = submission_that_came_back(key)
    return last if last and last.status == SubmissionStatus.RETURNED else None


def remembered_terms(key: UUID, candidates: Iterable[User]) -> dict[str, Any]:
    """Return what was entered for the last submission of a page, by field, if it came back; {} otherwise.

    Reviewers who can no longer be asked, and a day that has passed, are left out. Two queries at most.
    """
    last = submission_that_came_back(key)
    if last is None:
        return {}
    asked = set(last.reviewers.values_list("pk", flat=True))
    terms: dict[str, Any] = {
        "review_kind": last.review_kind,
        "reason": last.reason,
        "reviewers": [str(user.pk) for user in candidates if user.pk in asked],
    }
    if last.due_on and last.due_on >= database_today():
        terms["due_on"] = last.due_on
    return terms
