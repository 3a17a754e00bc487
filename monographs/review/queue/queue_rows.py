"""The review queue: the submissions in review, and which of them a user can sign."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, QuerySet

from monographs.accounts.actors import users_with_admin_access
from monographs.core.db_clock import database_today
from monographs.editions.models import Edition
from monographs.pages.refusals import Rule
from monographs.presentation.relative_dates import due_text
from monographs.review import policy
from monographs.review.delegates import absences_today, is_delegate_of, name_with_absence
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
    bundle_sizes,
    candidates_of,
    grouped,
    open_submissions,
    workflow_tasks_of,
)
from monographs.review.signing_facts import first_failed_rule
from monographs.review.submission_state.claim_state import (
    TextClaims,
    claims_of,
    claims_on,
    names_of_looking,
    people_looking,
)
from monographs.review.submission_state.step_progress import StepProgress


class QueueGroup(StrEnum):
    """The groups of the queue in their order; the value is the heading."""

    SIGN = "Waiting for you"
    OWN = "Your texts in review"
    OTHERS = "Waiting for others"


@dataclass(slots=True)
class QueueRow:
    """A submission in the queue of one user, or a bundle, whose first submission is ``submission``.

    ``blocked`` says why the user cannot sign it and is empty if they can; ``signers`` are those who can,
    ``named`` those who were asked by name. ``add_details`` fills in the fields with a default.
    """

    submission: Submission
    edition: int
    pair: SubmissionPair
    blocked: str
    named: list[str]
    asked: bool
    signers: list[User]
    submitted: bool
    step: StepProgress | None
    #: The texts in review that it stands for: more than one for a bundle.
    texts: tuple[Submission, ...]
    #: How many pages its bundle has, also those that are in review no more. 0 outside a bundle.
    bundled: int = 0
    claims: TextClaims | None = None
    may_release: bool = False
    #: The names of others who have any of the texts open now.
    looking: list[str] = field(default_factory=list)
    diff: DiffSummary | None = None
    #: Outside a bundle only, whose screen says it of each page.
    progress: str = ""
    open_notes: int = 0

    @property
    def eligible(self) -> list[str]:
        """The names of those who can sign it."""
        return [name_of_signer(each) for each in self.signers]

    @property
    def due_on(self) -> date | None:
        """The earliest due date; None when there is none."""
        return min((text.due_on for text in self.texts if text.due_on), default=None)

    @property
    def late(self) -> bool:
        """Whether a due date has passed."""
        return self.due_on is not None and self.due_on < database_today()

    @property
    def due_text(self) -> str:
        """The due date relative to today; empty when there is none."""
        return due_text(self.due_on) if self.due_on else ""

    @property
    def group(self) -> QueueGroup:
        """The group of the queue it is listed in."""
        if not self.blocked:
            return QueueGroup.SIGN
        return QueueGroup.OWN if self.submitted else QueueGroup.OTHERS

    @property
    def sort_key(self) -> tuple[int, bool, date, datetime]:
        """By group, then those the user was asked to review, then by due date, then by age."""
        submitted_at = min(text.submitted_at for text in self.texts)
        return list(QueueGroup).index(self.group), not self.asked, self.due_on or date.max, submitted_at


def queue_for(user: User) -> list[QueueRow]:
    """Return every submission in review as ``user`` sees it, sorted. A fixed number of queries."""
    submissions = list(open_submissions().prefetch_related("reviewers"))
    tasks = workflow_tasks_of(submissions)
    candidates = candidates_of(submissions, tasks)
    people = {each for some in candidates.values() for each in some}
    facts = SubmissionFacts.of(submissions, {*people, user})
    away = absences_today()
    rows = [_row(user, each, facts, candidates[each.pk], tasks, away) for each in submissions]
    return sorted(with_bundles(rows, bundle_sizes(submissions)), key=lambda row: row.sort_key)


def with_bundles(rows: Iterable[QueueRow], sizes: Mapping[int, int]) -> list[QueueRow]:
    """Return ``rows`` with one for each bundle in place of those of its texts; ``sizes`` are its pages."""
    found: dict[int | None, list[QueueRow]] = {}
    for row in rows:
        found.setdefault(row.submission.bundle_id, []).append(row)
    loose = found.pop(None, [])
    return [*loose, *(_bundle_row(texts, sizes[pk]) for pk, texts in found.items() if pk)]


def _bundle_row(rows: list[QueueRow], pages: int) -> QueueRow:
    """Return the row of a bundle with ``pages`` pages, of which ``rows`` are in review.

    All pages are signed or none, so one that cannot be signed blocks it: also one whose review has ended.
    """
    rows = sorted(rows, key=lambda row: (row.submission.title, row.submission.pk))
    reasons = [row.blocked for row in rows if row.blocked] + [_ENDED] * (pages - len(rows))
    return replace(
        rows[0],
        blocked=_blocked_text(reasons, pages),
        named=list(dict.fromkeys(name for row in rows for name in row.named)),
        asked=any(row.asked for row in rows),
        signers=[user for user in rows[0].signers if all(user in row.signers for row in rows)]
        if len(rows) == pages
        else [],
        submitted=any(row.submitted for row in rows),
        texts=tuple(row.submission for row in rows),
        bundled=pages,
    )


def _blocked_text(reasons: list[str], pages: int) -> str:
    """Return why a bundle cannot be signed: how many of its pages, and the reason if it is the same one."""
    if not reasons or pages == 1:
        return "".join(reasons)
    count = f"You cannot sign {len(reasons)} of its {pages} pages"
    return f"{count}: {reasons[0]}" if len(set(reasons)) == 1 else f"{count}."


def signable_count(user: User) -> int:
    """Return how many rows of the queue ``user`` can sign now, for the menu on every admin screen.

    One query while nothing is in review at a step of theirs, else at most eight.
    """
    account = users_with_admin_access().filter(pk=user.pk)
    tasks = MedicalReviewTask.groups.through.objects.filter(group__user__in=account)
    waiting = list(
        open_submissions()
        .filter(workflow_state__current_task_state__task__in=tasks.values("medicalreviewtask"))
        .select_related(None)
        .only("key", "uuid", "sha256", "bundle_id")
    )
    if not waiting:
        return 0
    facts = SubmissionFacts.of(waiting, [user])
    signable = [
        each for each in waiting if first_failed_rule(facts.signing_facts(user, each, member=True)) is None
    ]
    loose = sum(each.bundle_id is None for each in signable)
    bundled = Counter(each.bundle_id for each in signable if each.bundle_id)
    sizes = bundle_sizes(signable)
    return loose + sum(sizes[bundle] == count for bundle, count in bundled.items())


def add_details(user: User, rows: list[QueueRow]) -> list[QueueRow]:
    """Add diff summary, the progress of ``user``, open notes and who is at it to ``rows``.

    A fixed number of queries, and one more if somebody else has claimed a text.
    """
    diffs = diff_summaries([row.pair for row in rows])
    single = [row.submission for row in rows if not row.bundled]
    texts = [text for row in rows for text in row.texts]
    marks = SectionRead.objects.filter(user=user.pk, key__in=[each.key for each in single]).exclude(
        Exists(Edition.objects.filter(key=OuterRef("key"), created_at__gte=OuterRef("at")))
    )  # as `progress` counts them
    reads = grouped(marks, "key", "section", "digest")
    ticks = _counted(
        Tick.objects.filter(user=user.pk, submission__in=[each.pk for each in single]), "submission"
    )
    notes = _counted(Note.objects.filter(key__in=[text.key for text in texts], status=NoteStatus.OPEN), "key")
    claims = claims_of(text.pk for text in texts)
    looking = people_looking([text.pk for text in texts], user)
    is_editor = any(claim.user_id != user.pk for claim in claims.values()) and policy.is_editor(user)
    for row in rows:
        row.diff = diff = diffs[row.submission.pk]
        row.open_notes = sum(notes.get(text.key, 0) for text in row.texts)
        row.claims = claims_on(user, row.texts, claims)
        row.may_release = row.claims.may_release(editor=is_editor)
        row.looking = names_of_looking(row.texts, looking)
        if not row.bundled:
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
    number, edition, edition_sha256 = facts.texts[submission.pk].edition
    is_member = user.pk in {each.pk for each in candidates}
    rule = first_failed_rule(facts.signing_facts(user, submission, member=is_member))
    signers = [
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
        asked=user.pk in {person.pk for person in named} or is_delegate_of(user, named, away),
        signers=signers,
        submitted=submission.submitted_by_id == user.pk,
        step=facts.step_progress(submission, tasks),
        texts=(submission,),
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


#: Why a bundle cannot be signed with a page that is in review no more.
_ENDED = "Its review has ended; an editor can take it out."


def reason_text(rule: Rule) -> str:
    """Return why a user cannot sign a text, by the rule that is not met."""
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
