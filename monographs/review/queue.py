"""What waits for a signature, and what of it somebody can sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from monographs.editions.models import Contribution, Edition, Signature
from monographs.editions.signatures import ExcludedUsers
from monographs.pages.refusals import Rule
from monographs.presentation.relative_dates import due_text
from monographs.review.diff_cache import DiffSummary, SubmissionPair, diff_summaries
from monographs.review.models import (
    MedicalReviewTask,
    Note,
    NoteStatus,
    SectionRead,
    Submission,
    SubmissionStatus,
    Tick,
)
from monographs.review.policy import SigningFacts, first_failed_rule, members_of, qualification


class QueueGroup(StrEnum):
    """The parts of the queue, in their order; the value is the heading."""

    SIGN = "Waiting for you"
    OWN = "Your texts in review"
    OTHERS = "Waiting for others"


@dataclass(slots=True)
class QueueRow:
    """One submission as the queue shows it. ``blocked`` says why this person cannot sign; empty: they can.

    ``details`` fills in what a reviewer reads before opening it.
    """

    submission: Submission
    edition: int
    pair: SubmissionPair
    blocked: str
    named: list[str]
    asked: bool
    holders: list[str]
    gist: DiffSummary | None = None
    progress: str = ""
    open_notes: int = 0
    submitted: bool = False

    @property
    def first(self) -> bool:
        """Whether it would be the page's first edition."""
        return self.edition == 0

    @property
    def late(self) -> bool:
        """Whether its day has passed."""
        due = self.submission.due_on
        return due is not None and due < timezone.now().date()

    @property
    def due_words(self) -> str:
        """How far off its day is."""
        return due_text(self.submission.due_on) if self.submission.due_on else ""

    @property
    def part(self) -> "QueueGroup":
        """The part of the queue it belongs to."""
        if not self.blocked:
            return QueueGroup.SIGN
        return QueueGroup.OWN if self.submitted else QueueGroup.OTHERS

    @property
    def place(self) -> tuple[int, bool, date, Any]:
        """What one is asked for first, then by day, then by age."""
        due = self.submission.due_on or date.max
        return list(QueueGroup).index(self.part), not self.asked, due, self.submission.submitted_at


def queue(user: Any) -> list[QueueRow]:
    """Submissions in review as ``user`` meets them, in their order. A fixed number of queries."""
    submissions = list(
        Submission.objects.filter(status=SubmissionStatus.IN_REVIEW)
        .select_related("workflow_state__current_task_state")
        .prefetch_related("reviewers")
        .defer("canonical")
    )
    around = _QueueContext.of(submissions)
    rows = [_row(user, submission, around) for submission in submissions]
    return sorted(rows, key=lambda row: row.place)


def details(user: Any, rows: list[QueueRow]) -> list[QueueRow]:
    """``rows`` with what changed, how far ``user`` has come, and open notes. A fixed number of queries."""
    kept = diff_summaries([row.pair for row in rows])
    keys = [row.submission.key for row in rows]
    marks = SectionRead.objects.filter(user=user.pk, key__in=keys).exclude(
        Exists(Edition.objects.filter(key=OuterRef("key"), created_at__gte=OuterRef("at")))
    )  # as `progress` counts them
    reads = _grouped(marks, "key", "section", "digest")
    ticks = _counted(
        Tick.objects.filter(user=user.pk, submission__in=[row.submission.pk for row in rows]), "submission"
    )
    notes = _counted(Note.objects.filter(key__in=keys, status=NoteStatus.OPEN), "key")
    for row in rows:
        row.gist = kept[row.submission.pk]
        row.open_notes = notes.get(row.submission.key, 0)
        read = row.gist.to_read & reads.get(row.submission.key, set())
        row.progress = _progress(row, len(read), ticks.get(row.submission.pk, 0))
    return rows


def returned_to(user: Any) -> QuerySet[Submission]:
    """What ``user`` submitted and a reviewer gave back, while nothing has followed it; newest first."""
    later = Submission.objects.filter(key=OuterRef("key"), pk__gt=OuterRef("pk"))
    own = Submission.objects.filter(submitted_by=user.pk, status=SubmissionStatus.RETURNED)
    return own.exclude(Exists(later)).exclude(page=None).defer("canonical").order_by("-closed_at")


def scheduled_of(user: Any) -> QuerySet[Submission]:
    """What ``user`` submitted that is signed and waits for its day, the next day first."""
    own = Submission.objects.filter(submitted_by=user.pk, status=SubmissionStatus.SCHEDULED)
    return own.defer("canonical").order_by("publish_at")


def signable(user: Any) -> int:
    """How many submissions ``user`` can sign now. One query, for every screen's menu.

    Counts what ``first_failed_rule`` allows, in SQL; tests hold the two to each other.
    """
    own = Q(user_id=user.pk) | Q(username=user.get_username())
    newest = Edition.objects.filter(key=OuterRef("key")).order_by("-number").values("number")[:1]
    after = Coalesce(Subquery(newest), Value(0), output_field=IntegerField())
    today = timezone.now().date()
    qualified = get_user_model().objects.filter(
        Q(reviewer_profile__expires_on=None) | Q(reviewer_profile__expires_on__gte=today),
        pk=user.pk,
        is_active=True,
        reviewer_profile__credentials__regex=r"\S",
    )
    waiting: QuerySet[Submission] = Submission.objects.annotate(after=after).filter(
        Exists(qualified),
        ~Exists(Contribution.objects.filter(own, key=OuterRef("key"), after_edition=OuterRef("after"))),
        ~Exists(
            Signature.objects.filter(user_id=user.pk, submission=OuterRef("uuid"), sha256=OuterRef("sha256"))
        ),
        status=SubmissionStatus.IN_REVIEW,
        workflow_state__current_task_state__task__in=MedicalReviewTask.objects.filter(
            groups__user=user.pk
        ).values("pk"),
    )
    return waiting.count()


@dataclass(frozen=True, slots=True)
class _QueueContext:
    """What decides about every submission, gathered once."""

    editions: dict[Any, tuple[int, int, str]]
    contributors: dict[Any, set[tuple[int, int | None, str]]]
    signed: dict[Any, set[tuple[int, str]]]
    members: dict[int, list[Any]]

    @classmethod
    def of(cls, submissions: list[Submission]) -> "_QueueContext":
        """Editions, contributions, signatures and the members of each step."""
        keys = [submission.key for submission in submissions]
        newest = Edition.objects.filter(key__in=keys).order_by("key", "-number").distinct("key")
        columns = ("key", "number", "pk", "sha256")
        uuids = [submission.uuid for submission in submissions]
        return cls(
            {key: (number, pk, sha256) for key, number, pk, sha256 in newest.values_list(*columns)},
            _grouped(
                Contribution.objects.filter(key__in=keys), "key", "after_edition", "user_id", "username"
            ),
            _grouped(Signature.objects.filter(submission__in=uuids), "submission", "user_id", "sha256"),
            _members({task for submission in submissions if (task := _task_of(submission))}),
        )


def _row(user: Any, submission: Submission, around: _QueueContext) -> QueueRow:
    number, edition, edition_sha256 = around.editions.get(submission.key, (0, None, ""))
    written = around.contributors.get(submission.key, set())
    barred = ExcludedUsers(
        frozenset(pk for after, pk, _ in written if after == number and pk),
        frozenset(name for after, _, name in written if after == number and name),
    )
    signed = around.signed.get(submission.uuid, set())
    task = _task_of(submission)
    members = around.members.get(task, []) if task else []

    def standing(person: Any) -> SigningFacts:
        return SigningFacts(
            in_review=True,
            at_step=task is not None,
            active=bool(person.is_active),
            member=any(member.pk == person.pk for member in members),
            **qualification(person),
            contributed=barred.contains(person.pk, person.get_username()),
            signed=(person.pk, submission.sha256) in signed,
        )

    rule = first_failed_rule(standing(user))
    asked = list(submission.reviewers.all())
    able = [member for member in members if first_failed_rule(standing(member)) is None]
    named = [name_of(person) for person in asked]
    return QueueRow(
        submission=submission,
        edition=number,
        pair=SubmissionPair(submission.pk, submission.sha256, edition, edition_sha256),
        blocked=_WORDS.get(rule, "") if rule else "",
        named=named,
        asked=user.pk in {person.pk for person in asked},
        holders=[name_of(member) for member in able],
        submitted=submission.submitted_by_id == user.pk,
    )


def name_of(user: Any) -> str:
    """How the desk calls an account."""
    return str(user.get_full_name() or user.get_username())


def _task_of(submission: Submission) -> int | None:
    state = submission.workflow_state
    task_state = state.current_task_state if state else None
    return task_state.task_id if task_state else None


def _members(tasks: set[int]) -> dict[int, list[Any]]:
    """Members of each step's groups to whom the desk is open."""
    links = MedicalReviewTask.groups.through.objects.filter(medicalreviewtask__in=tasks)
    users = members_of(links.values("group")).prefetch_related("groups")
    everybody = [(user, {group.pk for group in user.groups.all()}) for user in users]
    found: dict[int, dict[int, Any]] = {}
    for task, group in links.values_list("medicalreviewtask", "group"):
        found.setdefault(task, {}).update({u.pk: u for u, groups in everybody if group in groups})
    return {task: list(people.values()) for task, people in found.items()}


def _grouped(rows: QuerySet[Any], key: str, *columns: str) -> dict[Any, set[Any]]:
    found: dict[Any, set[Any]] = {}
    for first, *rest in rows.values_list(key, *columns):
        found.setdefault(first, set()).add(tuple(rest))
    return found


def _counted(rows: QuerySet[Any], key: str) -> dict[Any, int]:
    counted: Iterable[tuple[Any, int]] = rows.order_by().values_list(key).annotate(Count("pk"))
    return dict(counted)


def _progress(row: QueueRow, read: int, ticked: int) -> str:
    """How far somebody has come; empty before they began."""
    if not (read or ticked) or row.gist is None:
        return ""
    said = f"{read} of {len(row.gist.to_read)} sections read"
    statements = len(row.submission.checklist)
    return f"{said}, {ticked} of {statements} statements ticked" if statements else said


_WORDS = {
    Rule.NOT_IN_REVIEW: "It is at no step of review; it must be submitted again.",
    Rule.INACTIVE: "Your account is not active.",
    Rule.NOT_A_REVIEWER: "You are not a reviewer of this step.",
    Rule.NO_CREDENTIALS: "Your account has no credentials yet; ask an editor.",
    Rule.EXPIRED: "Your credentials have expired; ask an editor.",
    Rule.CONTRIBUTED: "You changed this text; somebody else must sign it.",
    Rule.ALREADY_SIGNED: "You have signed it; it waits for others.",
}
