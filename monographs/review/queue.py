"""What waits for a signature, and what of it somebody can sign."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from monographs.editions.models import Contribution, Edition, Signature
from monographs.review.changes import Change, changes
from monographs.review.models import MedicalReviewTask, Submission, SubmissionStatus
from monographs.review.policy import Standing, judge, qualification
from monographs.review.refusals import Rule


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One submission as the queue shows it. ``blocked`` says why this person cannot sign; empty: they can."""

    submission: Submission
    changes: list[Change]
    first: bool
    blocked: str


def queue(user: Any) -> list[QueueRow]:
    """Submissions in review, those that ``user`` can sign first, then by age. A fixed number of queries."""
    submissions = list(
        Submission.objects.filter(status=SubmissionStatus.IN_REVIEW)
        .select_related("workflow_state__current_task_state__task")
        .order_by("submitted_at")
    )
    keys = [submission.key for submission in submissions]
    current = _current_editions(keys)
    contributed = _contributed(user, keys)
    signed = set(
        Signature.objects.filter(
            user_id=user.pk, submission__in=[submission.uuid for submission in submissions]
        ).values_list("submission", flat=True)
    )
    tasks = _tasks_of(user)
    rows = []
    for submission in submissions:
        edition = current.get(submission.key)
        number = edition.number if edition else 0
        rows.append(
            QueueRow(
                submission=submission,
                changes=changes(edition.document if edition else None, submission.document),
                first=edition is None,
                blocked=_blocked(
                    _standing(
                        user,
                        submission,
                        tasks,
                        contributed=number in contributed[submission.key],
                        signed=submission.uuid in signed,
                    )
                ),
            )
        )
    return sorted(rows, key=lambda row: bool(row.blocked))


def _current_editions(keys: list[Any]) -> dict[Any, Edition]:
    newest = Edition.objects.filter(key__in=keys).order_by("key", "-number").distinct("key")
    return {edition.key: edition for edition in newest}


def _contributed(user: Any, keys: list[Any]) -> dict[Any, set[int]]:
    found: dict[Any, set[int]] = defaultdict(set)
    own = Q(user_id=user.pk) | Q(username=user.get_username())
    rows = Contribution.objects.filter(own, key__in=keys)
    for key, after_edition in rows.values_list("key", "after_edition"):
        found[key].add(after_edition)
    return found


def _tasks_of(user: Any) -> set[int]:
    return set(MedicalReviewTask.objects.filter(groups__in=user.groups.all()).values_list("pk", flat=True))


def _standing(
    user: Any, submission: Submission, tasks: set[int], contributed: bool, signed: bool
) -> Standing:
    state = submission.workflow_state
    task_state = state.current_task_state if state else None
    return Standing(
        in_review=True,
        at_step=task_state is not None,
        active=bool(user.is_active),
        member=task_state is not None and task_state.task_id in tasks,
        **qualification(user),
        contributed=contributed,
        signed=signed,
    )


def _blocked(standing: Standing) -> str:
    rule = judge(standing)
    return _WORDS.get(rule, "") if rule else ""


_WORDS = {
    Rule.NOT_IN_REVIEW: "It is at no step of review; it must be submitted again.",
    Rule.INACTIVE: "Your account is not active.",
    Rule.NOT_A_REVIEWER: "You are not a reviewer of this step.",
    Rule.NO_CREDENTIALS: "Your account has no credentials yet; ask an editor.",
    Rule.EXPIRED: "Your credentials have expired; ask an editor.",
    Rule.CONTRIBUTED: "You changed this text; somebody else must sign it.",
    Rule.ALREADY_SIGNED: "You have signed it; it waits for others.",
}
