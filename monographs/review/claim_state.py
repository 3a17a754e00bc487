"""Which texts in review are claimed, and who is looking at one now."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_now
from monographs.review.models import ReviewClaim, Submission, SubmissionView

#: How long a claim holds unless it is released or renewed: a working day.
CLAIM_HOURS = 8
#: Seconds after which somebody whose screen has not been heard of is no longer looking.
#: The script of the screen reports every 30 seconds; one report may get lost.
LOOKING_SECONDS = 75


def claims_of(submissions: Iterable[int]) -> dict[int, ReviewClaim]:
    """Return the claims that hold now by the primary key of their submission. One query."""
    found = ReviewClaim.objects.filter(submission__in=list(submissions), until__gt=database_now())
    return {claim.submission_id: claim for claim in found.select_related("user")}


def claim_of(submission: Submission) -> ReviewClaim | None:
    """Return the claim that holds now; None if there is none."""
    return claims_of([submission.pk]).get(submission.pk)


def claimed_until() -> timedelta:
    """Return how long a new claim holds."""
    return timedelta(hours=CLAIM_HOURS)


def looking_at(submission: Submission, without: User) -> list[str]:
    """Return the names of others who have ``submission`` on their screens now. One query."""
    since = database_now() - timedelta(seconds=LOOKING_SECONDS)
    views = SubmissionView.objects.filter(submission=submission, last_at__gt=since).exclude(user=without)
    return [person_of(view.user).name for view in views.select_related("user").order_by("first_at")]
