"""The review queue: the submissions in review, and which of them a user can sign."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, QuerySet

from monographs.accounts.actors import users_with_admin_access
from monographs.core.db_clock import database_today
from monographs.core.users import display_name
from monographs.editions.models import Edition
from monographs.pages.refusals import Rule
from monographs.presentation.relative_dates import due_text
from monographs.review.claim_state import claims_of
from monographs.review.expert_policy import name_of_signer
from monographs.review.models import (
    Absence,
    MedicalReviewTask,
    Note,
    NoteStatus,
    SectionRead,
    Submission,
    SubmissionStatus,
    Tick,
)
from monographs.review.queue.diff_cache import DiffSummary, SubmissionPair, diff_summaries
from monographs.review.queue.submission_facts import (
    SubmissionFacts,
    candidates_of,
    grouped,
    open_submissions,
    tasks_of,
)
from monographs.review.signing_facts import first_failed_rule
from monographs.review.stand_ins import absences_today, name_with_absence, stands_in
from monographs.review.step_progress import StepProgress


class QueueGroup(StrEnum):
    """The groups of the queue in their order; the value is the heading."""

    SIGN = "Waiting for you"
    OWN = "Your texts in review"
    OTHERS = "Waiting for others"


@dataclass(slots=True)
class QueueRow:
    """A submission in the queue of one user.

    ``blocked`` says why the user cannot sign it and is empty if they can; ``eligible`` names those who can,
    ``named`` those who were asked by name. ``add_details`` fills in the fields with a default.
    """

    submission: Submission
    edition: int
    pair: SubmissionPair
    blocked: str
    named: list[str]
    asked: bool
    eligible: list[str]
    submitted: bool
    step: StepProgress | None
    #: Who has claimed it; empty if nobody has. ``claimed_by_user`` is about the user of the queue.
    claimed_by: str = ""
    claimed_by_user: bool = False
    diff: DiffSummary | None = None
    progress: str = ""
    open_notes: int = 0
    #: How many texts of its bundle are in review; the row stands for all of them. 0 outside a bundle.
    bundled: int = 0

    @property
    def late(self) -> bool:
        """Whether the due date has passed."""
        due = self.submission.due_on
        return due is not None and due < database_today()

    @property
    def due_text(self) -> str:
        """The due date relative to today; empty when there is none."""
        return due_text(self.submission.due_on) if self.submission.due_on else ""

    @property
    def group(self) -> QueueGroup:
        """The group of the queue it is listed in."""
        if not self.blocked:
            return QueueGroup.SIGN
        return QueueGroup.OWN if self.submitted else QueueGroup.OTHERS

    @property
    def sort_key(self) -> tuple[int, bool, date, datetime]:
        """By group, then those the user was asked to review, then by due date, then by age."""
        due = self.submission.due_on or date.max
        return list(QueueGroup).index(self.group), not self.asked, due, self.submission.submitted_at


def queue_for(user: User) -> list[QueueRow]:
    """Return every submission in review as ``user`` sees it, sorted. A fixed number of queries."""
    submissions = list(open_submissions().prefetch_related("reviewers"))
    tasks = tasks_of(submissions)
    candidates = candidates_of(submissions, tasks)
    people = {each for some in candidates.values() for each in some}
    facts = SubmissionFacts.of(submissions, {user, *people})
    away = absences_today()
    rows = [_row(user, each, facts, candidates[each.pk], tasks, away) for each in submissions]
    return _one_row_per_bundle(sorted(rows, key=lambda row: row.sort_key))


def _one_row_per_bundle(rows: list[QueueRow]) -> list[QueueRow]:
    """Return ``rows`` with the first text of each bundle only, which is signed as one."""
    sizes = Counter(row.submission.bundle_id for row in rows)
    shown: dict[int, QueueRow] = {}
    for row in rows:
        bundle = row.submission.bundle_id
        row.bundled = sizes[bundle] if bundle else 0
        shown.setdefault(bundle or -row.submission.pk, row)
    return list(shown.values())


def signable_count(user: User) -> int:
    """Return how many submissions ``user`` can sign now, for the menu on every admin screen.

    One query while nothing is in review at a step of theirs, else at most seven.
    """
    account = users_with_admin_access().filter(pk=user.pk)
    tasks = MedicalReviewTask.groups.through.objects.filter(group__user__in=account)
    waiting = list(
        open_submissions().filter(
            workflow_state__current_task_state__task__in=tasks.values("medicalreviewtask")
        )
    )
    if not waiting:
        return 0
    facts = SubmissionFacts.of(waiting, [user])
    return sum(first_failed_rule(facts.signing_facts(user, each, member=True)) is None for each in waiting)


def add_details(user: User, rows: list[QueueRow]) -> list[QueueRow]:
    """Add diff summary, the progress of ``user`` and open notes to ``rows``. A fixed number of queries."""
    diffs = diff_summaries([row.pair for row in rows])
    keys = [row.submission.key for row in rows]
    marks = SectionRead.objects.filter(user=user.pk, key__in=keys).exclude(
        Exists(Edition.objects.filter(key=OuterRef("key"), created_at__gte=OuterRef("at")))
    )  # as `progress` counts them
    reads = grouped(marks, "key", "section", "digest")
    ticks = _counted(
        Tick.objects.filter(user=user.pk, submission__in=[row.submission.pk for row in rows]), "submission"
    )
    claims = claims_of(row.submission.pk for row in rows)
    notes = _counted(Note.objects.filter(key__in=keys, status=NoteStatus.OPEN), "key")
    for row in rows:
        row.diff = diff = diffs[row.submission.pk]
        row.open_notes = notes.get(row.submission.key, 0)
        if claim := claims.get(row.submission.pk):
            row.claimed_by, row.claimed_by_user = display_name(claim.user), claim.user_id == user.pk
        read = diff.to_read & reads.get(row.submission.key, set())
        row.progress = _progress_text(row.submission, diff, len(read), ticks.get(row.submission.pk, 0))
    return rows


def returned_to(user: User) -> QuerySet[Submission]:
    """Return what ``user`` submitted and a reviewer returned, unless submitted again since; newest first."""
    later = Submission.objects.filter(key=OuterRef("key"), pk__gt=OuterRef("pk"))
    own = Submission.objects.filter(submitted_by=user.pk, status=SubmissionStatus.RETURNED)
    return own.exclude(Exists(later)).exclude(page=None).defer("canonical").order_by("-closed_at")


def scheduled_of(user: User) -> QuerySet[Submission]:
    """Return what ``user`` submitted that is signed and scheduled, the earliest publication first."""
    own = Submission.objects.filter(submitted_by=user.pk, status=SubmissionStatus.SCHEDULED)
    return own.defer("canonical").order_by("publish_at")


def _row(
    user: User,
    submission: Submission,
    facts: SubmissionFacts,
    candidates: list[User],
    tasks: dict[int, MedicalReviewTask],
    away: dict[int, Absence],
) -> QueueRow:
    """Return the row of a submission; ``candidates`` are those who could sign it."""
    number, edition, edition_sha256 = facts.edition(submission)
    is_member = user.pk in {each.pk for each in candidates}
    rule = first_failed_rule(facts.signing_facts(user, submission, member=is_member))
    eligible = [
        each
        for each in candidates
        if first_failed_rule(facts.signing_facts(each, submission, member=True)) is None
    ]
    named = list(submission.reviewers.all())
    return QueueRow(
        submission=submission,
        edition=number,
        pair=SubmissionPair(submission.pk, submission.sha256, edition, edition_sha256),
        blocked=_REASONS[rule] if rule else "",
        named=[name_with_absence(person, away) for person in named],
        asked=user.pk in {person.pk for person in named} or stands_in(user, named, away),
        eligible=[name_of_signer(each) for each in eligible],
        submitted=submission.submitted_by_id == user.pk,
        step=facts.step_progress(submission, tasks),
    )


def _counted(rows: QuerySet[Any], key: str) -> dict[Any, int]:
    counted: Iterable[tuple[Any, int]] = rows.order_by().values_list(key).annotate(Count("pk"))
    return dict(counted)


def _progress_text(submission: Submission, diff: DiffSummary, read: int, ticked: int) -> str:
    """Return how much is read and ticked; empty while nothing is."""
    if not (read or ticked):
        return ""
    sections = f"{read} of {len(diff.to_read)} sections read"
    statements = len(submission.checklist)
    return f"{sections}, {ticked} of {statements} statements ticked" if statements else sections


def reason_text(rule: Rule) -> str:
    """Return why a user cannot sign a text, by the rule that says so."""
    return _REASONS[rule]


_REASONS = {
    Rule.NOT_IN_REVIEW: "It is at no step of review; it must be submitted again.",
    Rule.INACTIVE: "Your account is not active.",
    Rule.NOT_A_REVIEWER: "You are not a reviewer of this step.",
    Rule.NO_CREDENTIALS: "Your account has no credentials yet; ask an editor.",
    Rule.EXPIRED: "Your credentials have expired; ask an editor.",
    Rule.NOT_CONFIRMED: "Your name and credentials are not confirmed yet; ask an editor.",
    Rule.SIGN_IN_CHANGED: "Your sign-in facts changed lately; you can sign once somebody confirms it.",
    Rule.CONTRIBUTED: "You changed this text; somebody else must sign it.",
    Rule.CONFLICT_OF_INTEREST: "A conflict of interest is declared for you; somebody else must sign it.",
    Rule.NOT_VOUCHED: "You answer for an outside expert who signed it; somebody else must sign it.",
    Rule.ALREADY_SIGNED: "You have signed it; it waits for others.",
}
