"""What the right to sign each of many submissions depends on, read in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet, UUIDField

from monographs.accounts import signing_holds
from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.editions.conflicts import conflicts_by_page, people_in_conflict
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
    found = Submission.objects.with_workflow_task().filter(status=SubmissionStatus.IN_REVIEW)
    return found.select_related("bundle").defer("canonical")


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
class TextFacts:
    """What the right to sign one submission depends on, whoever asks."""

    #: Number, primary key and hash of the page's newest edition; number 0 if there is none.
    edition: tuple[int, int | None, str]
    #: Those who contributed to the text since that edition.
    excluded: ExcludedUsers
    in_conflict: ExcludedUsers
    #: Those who answer for an outside expert who signed it.
    vouchers: ExcludedUsers
    #: The accounts that signed the submitted text, with the step each signed at.
    signers: dict[int, str]


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What the right to sign each submission depends on, in addition to the steps' members.

    ``texts`` are by primary key of the submission, ``people`` by that of the account: the facts that are the
    same for every text.
    """

    texts: dict[int, TextFacts]
    people: dict[int, SigningFacts]

    @classmethod
    def of(cls, submissions: list[Submission], people: Iterable[User]) -> "SubmissionFacts":
        """Query editions, contributions and signatures, and which of ``people`` must wait.

        Five queries, and one where an outside expert has signed.
        """
        keys = [submission.key for submission in submissions]
        editions = _newest_editions(keys)
        contributors = _contributors(keys, editions)
        signers = _signers(submissions)
        on_hold = signing_holds.held_users(people)
        conflicts = conflicts_by_page(keys)
        vouchers = vouchers_of_experts({pk: signed for pk, (_, signed) in signers.items()})
        return cls(
            {
                each.pk: TextFacts(
                    edition=editions.get(each.key, _NO_EDITION),
                    excluded=contributors.get(each.key, _NOBODY),
                    in_conflict=people_in_conflict(conflicts.get(each.key, ())),
                    vouchers=vouchers.get(each.pk, _NOBODY),
                    signers=signers[each.pk][0],
                )
                for each in submissions
            },
            {
                person.pk: SigningFacts(
                    in_review=True,
                    at_step=True,
                    active=bool(person.is_active),
                    member=True,
                    **qualification(person),
                    on_hold=person.pk in on_hold,
                )
                for person in people
            },
        )

    def signing_facts(self, user: User, submission: Submission, *, member: bool) -> SigningFacts:
        """Return the facts by which the policy decides whether ``user``, one of ``people``, may sign."""
        text, pk, name = self.texts[submission.pk], user.pk, user.username
        return replace(
            self.people[pk],
            at_step=submission.workflow_task is not None,
            member=member,
            contributed=text.excluded.contains(pk, name),
            in_conflict=text.in_conflict.contains(pk, name),
            vouched=not text.vouchers.contains(pk, name),
            signed=pk in text.signers,
        )

    def step_progress(
        self, submission: Submission, tasks: dict[int, MedicalReviewTask]
    ) -> StepProgress | None:
        """Return the step a submission is at, one of ``tasks``; None if it is at none."""
        task = tasks.get(submission.workflow_task or 0)
        if task is None:
            return None
        signed = list(self.texts[submission.pk].signers.values())
        return StepProgress.of(submission.as_steps(), task.as_step(), signed.count(task.name))


_NOBODY = ExcludedUsers(frozenset(), frozenset())
_NO_EDITION = (0, None, "")


def _newest_editions(keys: list[UUID]) -> dict[UUID, tuple[int, int | None, str]]:
    """Return number, primary key and hash of the newest edition by page. One query."""
    return {key: (number, pk, sha256) for key, number, pk, sha256 in _EDITIONS.rows(keys=keys)}


def _contributors(
    keys: list[UUID], editions: Mapping[UUID, tuple[int, int | None, str]]
) -> dict[UUID, ExcludedUsers]:
    """Return those who contributed to each page since its newest edition. One query."""
    found: dict[UUID, set[Person]] = {}
    for key, after, user, username, name in _CONTRIBUTIONS.rows(keys=keys):
        if after == editions.get(key, _NO_EDITION)[0]:
            found.setdefault(key, set()).add(Person(user, username, name))
    return {key: ExcludedUsers.from_contributors(people) for key, people in found.items()}


def _signers(submissions: list[Submission]) -> dict[int, tuple[dict[int, str], set[int]]]:
    """Return who signed each text, with the step, and which of them are outside experts. One query."""
    given: dict[UUID, list[tuple[str, int, str, str]]] = {}
    for signature in _SIGNATURES.rows(submissions=[each.uuid for each in submissions]):
        given.setdefault(signature[0], []).append(signature[1:])
    found = {}
    for each in submissions:
        valid = [signature[1:] for signature in given.get(each.uuid, ()) if signature[0] == each.sha256]
        experts = {user for user, name, _ in valid if name.startswith(OUTSIDE)}
        found[each.pk] = ({user: step for user, _, step in valid}, experts)
    return found


_KEYS = among("key", Parameter("keys", UUIDField()))
_EDITIONS: CompiledQuery[tuple[UUID, int, int, str]] = CompiledQuery(
    lambda: (
        Edition.objects.filter(_KEYS)
        .order_by("key", "-number")
        .distinct("key")
        .values_list("key", "number", "pk", "sha256")
    )
)
_CONTRIBUTIONS: CompiledQuery[tuple[UUID, int, int | None, str, str]] = CompiledQuery(
    lambda: (
        Contribution.objects.standing()
        .filter(_KEYS)
        .values_list("key", "after_edition", "user_id", "username", "name")
    )
)
_SIGNATURES: CompiledQuery[tuple[UUID, str, int, str, str]] = CompiledQuery(
    lambda: Signature.objects.filter(among("submission", Parameter("submissions", UUIDField()))).values_list(
        "submission", "sha256", "user_id", "username", "step"
    )
)


def workflow_tasks_of(submissions: Iterable[Submission]) -> dict[int, MedicalReviewTask]:
    """Return the review steps that ``submissions`` are at, by primary key. One query."""
    wanted = {each.workflow_task for each in submissions if each.workflow_task}
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
        if (task := tasks.get(each.workflow_task or 0))
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
