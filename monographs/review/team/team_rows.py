"""Every text in review as editors see it: who is asked, who can sign, and why nobody can."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Count

from monographs.core.db_clock import database_now, database_today
from monographs.pages.refusals import Rule
from monographs.presentation.relative_dates import due_text
from monographs.review.delegates import absences_today, name_with_absence
from monographs.review.expert_policy import name_of_signer
from monographs.review.models import Absence, MedicalReviewTask, Note, NoteStatus, Submission
from monographs.review.queue.submission_facts import (
    SubmissionFacts,
    candidates_of,
    open_submissions,
    workflow_tasks_of,
)
from monographs.review.signing_facts import OBSTACLES, first_failed_rule
from monographs.review.submission_state.step_progress import StepProgress
from monographs.review.submission_state.submission_terms import terms_stamp

#: Bounds of the age groups, in days since submission.
AGE_BOUNDS = (7, 28)
NO_STEP = "It is at no step of review: recall it, and submit it again."
NO_MEMBERS = "Nobody is a member of the groups that sign this step."


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A text in review. ``obstacle`` says why it cannot get its signatures; empty if it can."""

    submission: Submission
    step: StepProgress | None
    named: tuple[User, ...]
    eligible: tuple[User, ...]
    obstacle: str
    open_notes: int
    stamp: str
    #: Who of those who are asked is away, and who stands in.
    absences: tuple[str, ...] = ()

    @property
    def choice(self) -> str:
        """What a form sends for this row: primary key and stamp."""
        return f"{self.submission.pk}:{self.stamp}"

    @property
    def eligible_names(self) -> list[str]:
        """The names of those who can sign it now."""
        return [name_of_signer(user) for user in self.eligible]

    @property
    def late(self) -> bool:
        """Whether its due date has passed."""
        due = self.submission.due_on
        return due is not None and due < database_today()

    @property
    def due_text(self) -> str:
        """The due date relative to today; empty when there is none."""
        return due_text(self.submission.due_on) if self.submission.due_on else ""


@dataclass(frozen=True, slots=True)
class TeamReviews:
    """All texts in review, the oldest first."""

    rows: tuple[TeamRow, ...] = field(default=())

    @property
    def late(self) -> tuple[TeamRow, ...]:
        """Those whose due date has passed."""
        return tuple(row for row in self.rows if row.late)

    @property
    def blocked(self) -> tuple[TeamRow, ...]:
        """Those that cannot get their signatures."""
        return tuple(row for row in self.rows if row.obstacle)

    @property
    def unassigned(self) -> tuple[TeamRow, ...]:
        """Those that nobody in particular is asked to review."""
        return tuple(row for row in self.rows if not row.named)

    @property
    def age_text(self) -> str:
        """E.g. “3 for up to a week, 1 for more than four weeks”."""
        now, (week, month) = database_now(), AGE_BOUNDS
        ages = [now - row.submission.submitted_at for row in self.rows]
        young = sum(age <= timedelta(days=week) for age in ages)
        middle = sum(age <= timedelta(days=month) for age in ages) - young
        groups = {
            "up to a week": young,
            "one to four weeks": middle,
            "more than four weeks": len(ages) - young - middle,
        }
        return ", ".join(f"{count} for {age}" for age, count in groups.items() if count)


def team_reviews() -> TeamReviews:
    """Return every text in review. A fixed number of queries."""
    found = open_submissions().select_related("bundle", "workflow_state")
    submissions = list(found.prefetch_related("reviewers").order_by("submitted_at", "pk"))
    tasks = workflow_tasks_of(submissions)
    candidates = candidates_of(submissions, tasks)
    facts = SubmissionFacts.of(submissions, {user for people in candidates.values() for user in people})
    open_notes = Note.objects.filter(
        key__in=[submission.key for submission in submissions], status=NoteStatus.OPEN
    )
    notes = dict(open_notes.order_by().values_list("key").annotate(Count("pk")))
    away = absences_today()
    rows = (
        _row(each, away, facts, candidates[each.pk], tasks, notes.get(each.key, 0)) for each in submissions
    )
    return TeamReviews(tuple(rows))


def _row(
    submission: Submission,
    away: dict[int, Absence],
    facts: SubmissionFacts,
    candidates: list[User],
    tasks: dict[int, MedicalReviewTask],
    notes: int,
) -> TeamRow:
    rules = {
        user: first_failed_rule(facts.signing_facts(user, submission, member=True)) for user in candidates
    }
    eligible = tuple(user for user, rule in rules.items() if rule is None)
    step = facts.step_progress(submission, tasks)
    named = tuple(submission.reviewers.all())
    return TeamRow(
        submission=submission,
        step=step,
        named=named,
        eligible=eligible,
        obstacle=_obstacle(step, eligible, rules.values()),
        open_notes=notes,
        stamp=terms_stamp(submission, named),
        absences=tuple(name_with_absence(user, away) for user in named if user.pk in away),
    )


def _obstacle(step: StepProgress | None, eligible: tuple[User, ...], rules: Iterable[Rule | None]) -> str:
    """Return why a text cannot get the signatures of its step; empty if it can."""
    if step is None:
        return NO_STEP
    if len(eligible) >= step.missing:
        return ""
    counted = Counter(rule for rule in rules if rule in OBSTACLES)
    reasons = [
        f"{count} {OBSTACLES[rule][count > 1]}" for rule in OBSTACLES if (count := counted.get(rule, 0))
    ]
    why = f": {', '.join(reasons)}" if reasons else ""
    if not eligible:
        return f"Nobody can sign it{why}." if reasons else NO_MEMBERS
    names = ", ".join(name_of_signer(user) for user in eligible)
    return f"{step.missing} signatures are needed, and only {names} can sign it{why}."
