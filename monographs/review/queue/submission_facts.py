"""What the right to sign each of many submissions depends on, read in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet

from monographs.accounts import signing_holds
from monographs.core.db_clock import database_today
from monographs.editions.conflicts import conflicts_in_force, people_in_conflict
from monographs.editions.models import Contribution, Edition, Signature
from monographs.editions.person import Person
from monographs.editions.record.expert_rules import OUTSIDE
from monographs.editions.signatures import ExcludedUsers
from monographs.review.expert_policy import invited_signers, vouchers_of_experts
from monographs.review.models import MedicalReviewTask, Submission, SubmissionStatus
from monographs.review.policy import members_of, qualification
from monographs.review.signing_facts import SigningFacts
from monographs.review.submission_state.step_progress import StepProgress


def open_submissions() -> QuerySet[Submission]:
    """Return the submissions in review with the step each is at, without their texts."""
    return (
        Submission.objects.filter(status=SubmissionStatus.IN_REVIEW)
        .select_related("workflow_state__current_task_state", "bundle")
        .defer("canonical")
    )


def bundle_sizes(submissions: Iterable[Submission]) -> dict[int, int]:
    """Return how many texts the bundles of ``submissions`` have, also those in review no more.

    By primary key; one query if any is in a bundle.
    """
    bundles = {each.bundle_id for each in submissions if each.bundle_id}
    if not bundles:
        return {}
    texts = Submission.objects.filter(bundle__in=bundles).order_by()
    return dict(texts.values_list("bundle").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What the right to sign each submission depends on, in addition to the steps' members.

    ``on_hold`` are the accounts that must not sign for a while; ``vouchers``, by submission, those who answer
    for an outside expert who signed it.
    """

    editions: dict[UUID, tuple[int, int, str]]
    contributors: dict[UUID, set[tuple[int, int | None, str, str]]]
    signatures: dict[UUID, set[tuple[int, str, str, str]]]
    on_hold: set[int]
    in_conflict: dict[UUID, ExcludedUsers]
    vouchers: dict[int, ExcludedUsers]

    @classmethod
    def of(cls, submissions: list[Submission], people: Iterable[User]) -> "SubmissionFacts":
        """Query editions, contributions and signatures, and which of ``people`` must wait.

        Five queries, and one where an outside expert has signed.
        """
        keys = [submission.key for submission in submissions]
        uuids = [submission.uuid for submission in submissions]
        newest = Edition.objects.filter(key__in=keys).order_by("key", "-number").distinct("key")
        signatures = grouped(
            Signature.objects.filter(submission__in=uuids),
            "submission",
            "user_id",
            "username",
            "sha256",
            "step",
        )
        return cls(
            {
                key: (number, pk, sha256)
                for key, number, pk, sha256 in newest.values_list("key", "number", "pk", "sha256")
            },
            grouped(
                Contribution.objects.standing().filter(key__in=keys),
                "key",
                "after_edition",
                "user_id",
                "username",
                "name",
            ),
            signatures,
            signing_holds.held_users(people),
            _conflicts_of(keys),
            vouchers_of_experts(
                {
                    each.pk: {
                        user
                        for user, name, sha256, _ in signatures.get(each.uuid, ())
                        if sha256 == each.sha256 and name.startswith(OUTSIDE)
                    }
                    for each in submissions
                }
            ),
        )

    def edition(self, submission: Submission) -> tuple[int, int | None, str]:
        """Return number, primary key and hash of the page's newest edition; number 0 if there is none."""
        return self.editions.get(submission.key, (0, None, ""))

    def excluded_users(self, submission: Submission) -> ExcludedUsers:
        """Return those who contributed to the text since the newest edition."""
        number, _, _ = self.edition(submission)
        recorded = self.contributors.get(submission.key, ())
        since = (Person(pk, username, name) for after, pk, username, name in recorded if after == number)
        return ExcludedUsers.from_contributors(since)

    def signers(self, submission: Submission) -> dict[int, str]:
        """Return the accounts that signed the submitted text, with the step each signed at."""
        found = self.signatures.get(submission.uuid, ())
        return {user: step for user, _, sha256, step in found if sha256 == submission.sha256}

    def signing_facts(self, user: User, submission: Submission, *, member: bool) -> SigningFacts:
        """Return the facts by which the policy decides whether ``user`` may sign ``submission``."""
        return SigningFacts(
            in_review=True,
            at_step=workflow_task_of(submission) is not None,
            active=bool(user.is_active),
            member=member,
            **qualification(user),
            on_hold=user.pk in self.on_hold,
            contributed=self.excluded_users(submission).contains(user.pk, user.get_username()),
            in_conflict=self.in_conflict.get(submission.key, _NOBODY).contains(user.pk, user.get_username()),
            vouched=not self.vouchers.get(submission.pk, _NOBODY).contains(user.pk, user.get_username()),
            signed=user.pk in self.signers(submission),
        )

    def step_progress(
        self, submission: Submission, tasks: dict[int, MedicalReviewTask]
    ) -> StepProgress | None:
        """Return the step a submission is at, one of ``tasks``; None if it is at none."""
        task = tasks.get(workflow_task_of(submission) or 0)
        if task is None:
            return None
        signed = list(self.signers(submission).values())
        return StepProgress.of(submission.as_steps(), task.as_step(), signed.count(task.name))


_NOBODY = ExcludedUsers(frozenset(), frozenset())


def _conflicts_of(keys: list[UUID]) -> dict[UUID, ExcludedUsers]:
    """Return those with a conflict of interest by page. One query."""
    found: dict[UUID, list[Any]] = {}
    for conflict in conflicts_in_force(database_today()).filter(key__in=keys):
        found.setdefault(conflict.key, []).append(conflict)
    return {key: people_in_conflict(conflicts) for key, conflicts in found.items()}


def workflow_task_of(submission: Submission) -> int | None:
    """Return the primary key of the review step a submission is at; None if it is at none."""
    state = submission.workflow_state
    task_state = state.current_task_state if state else None
    return task_state.task_id if task_state else None


def workflow_tasks_of(submissions: Iterable[Submission]) -> dict[int, MedicalReviewTask]:
    """Return the review steps that ``submissions`` are at, by primary key. One query."""
    wanted = {task for submission in submissions if (task := workflow_task_of(submission))}
    return MedicalReviewTask.objects.in_bulk(wanted)


def candidates_of(
    submissions: Iterable[Submission], tasks: dict[int, MedicalReviewTask]
) -> dict[int, list[User]]:
    """Return who could sign each submission, by its primary key: the members of its step, one of ``tasks``.

    So could the outside experts who are invited to sign it at that step. Four queries.
    """
    found = list(submissions)
    members, invited = members_by_workflow_task(tasks), invited_signers(found)
    return {
        each.pk: [*members.get(task.pk, []), *invited.get((each.pk, task.name), [])]
        if (task := tasks.get(workflow_task_of(each) or 0))
        else []
        for each in found
    }


def members_by_workflow_task(tasks: Iterable[int]) -> dict[int, list[User]]:
    """Return the members of each task's groups who have access to the admin. Three queries."""
    links = MedicalReviewTask.groups.through.objects.filter(medicalreviewtask__in=list(tasks))
    users = members_of(links.values("group")).prefetch_related("groups")
    with_groups = [(user, {group.pk for group in user.groups.all()}) for user in users]
    found: dict[int, dict[int, User]] = {}
    for task, group in links.values_list("medicalreviewtask", "group"):
        found.setdefault(task, {}).update({u.pk: u for u, groups in with_groups if group in groups})
    return {task: list(people.values()) for task, people in found.items()}


def grouped(rows: QuerySet[Any], key: str, *columns: str) -> dict[Any, set[Any]]:
    """Return the ``columns`` of ``rows`` by the value of ``key``. One query."""
    found: dict[Any, set[Any]] = {}
    for first, *rest in rows.values_list(key, *columns):
        found.setdefault(first, set()).add(tuple(rest))
    return found
