"""What the screen of a bundle shows of each of its texts, read in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.models import User
from django.urls import reverse

from monographs.document import CanonicalText
from monographs.editions.models import Publication, PublicationState
from monographs.redline import Flag, SectionRedline
from monographs.review.actions.read_marks import changes_digest
from monographs.review.bundles.bundle_forms import BundleNoteForm
from monographs.review.models import ReviewBundle, Submission, SubmissionStatus
from monographs.review.notes import PlacedNote, notes_by_section
from monographs.review.policy import Verdict
from monographs.review.progress import Progress
from monographs.review.queue.queue_rows import reason_text
from monographs.review.queue.submission_facts import (
    SubmissionFacts,
    members_by_workflow_task,
    workflow_tasks_of,
)
from monographs.review.review_context import NoteRow
from monographs.review.signing_facts import first_failed_rule
from monographs.review.submission_state.bundle_progress import bundle_hash, progress_of_many, same_changes
from monographs.review.submission_state.step_progress import StepProgress

#: Texts of which the references are kept in memory.
KEPT_TEXTS = 256


@dataclass(frozen=True, slots=True)
class NotedSection:
    """A section of the text ``pk`` with its open notes, which are only shown here."""

    pk: int
    section: SectionRedline
    notes: tuple[NoteRow, ...]

    @property
    def place(self) -> str:
        """Names the section among those of all texts on the screen."""
        return f"{self.pk}-{self.section.anchor}"

    @property
    def form(self) -> BundleNoteForm:
        """An empty form for a note on it."""
        return BundleNoteForm.for_text(self.pk, self.section.anchor)


@dataclass(frozen=True, slots=True)
class BundleText:
    """A text of a bundle as one user reads it.

    ``obstacle`` says why the user cannot sign it and is empty if they can; ``may_mark`` whether they review
    at its step. ``figures`` are the addresses of figures by file name.
    """

    submission: Submission
    progress: Progress
    obstacle: str
    may_mark: bool
    figures: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        """Whether it waits for signatures."""
        return self.submission.is_open

    @property
    def sections(self) -> tuple[SectionRedline, ...]:
        """The sections that a signer must have read."""
        return self.progress.to_read

    @property
    def noted_sections(self) -> tuple[NotedSection, ...]:
        """The same sections with their open notes."""
        notes, pk = self.progress.notes, self.submission.pk
        placed = notes_by_section(notes, self.submission.document) if notes else {}
        return tuple(
            NotedSection(pk, section, tuple(map(_shown_note, placed.get(section.anchor, ()))))
            for section in self.sections
        )

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What its changes touch, the most serious first."""
        return self.progress.redline.flags

    @property
    def prefix(self) -> str:
        """Begins the ids of its sections on the screen."""
        return f"page-{self.submission.pk}-"

    @property
    def digest(self) -> str:
        """The hash of the changes on the screen, which are marked as read together."""
        return changes_digest(self.sections)

    @property
    def is_read(self) -> bool:
        """Whether the user has marked everything as read."""
        return not self.progress.unread

    @property
    def left(self) -> Verdict:
        """Whether anything but the checklist is left to do before it can be signed."""
        return self.progress.verdict()


@dataclass(frozen=True, slots=True)
class TextGroup:
    """Texts of a bundle that are shown together: those that change the same words in the same way, or one."""

    texts: tuple[BundleText, ...]

    @property
    def is_shared(self) -> bool:
        """Whether several texts share the change."""
        return len(self.texts) > 1

    @property
    def sections(self) -> tuple[SectionRedline, ...]:
        """The change, as the first text has it."""
        return self.texts[0].sections

    @property
    def prefix(self) -> str:
        """Begins the ids of its sections on the screen."""
        return f"same-{self.texts[0].submission.pk}-"

    @property
    def digest(self) -> str:
        """The hash of the changes, which are marked as read together."""
        return changes_digest(section for text in self.texts for section in text.sections)

    @property
    def may_mark(self) -> bool:
        """Whether the user reviews all of the texts."""
        return all(text.may_mark for text in self.texts)

    @property
    def is_read(self) -> bool:
        """Whether the user has marked all of the texts as read."""
        return all(text.is_read for text in self.texts)


@dataclass(frozen=True, slots=True)
class BundleStatement:
    """A statement of the checklist: on how many texts, and whether it is ticked for all of them."""

    text: str
    pages: int
    ticked: bool


@dataclass(frozen=True, slots=True)
class BundleReview:
    """A bundle as one user reads it. ``links`` are public paths by key of a page."""

    bundle: ReviewBundle
    texts: tuple[BundleText, ...]
    groups: tuple[TextGroup, ...]
    step: StepProgress | None
    links: Mapping[str, str]

    @property
    def seen(self) -> str:
        """The hash of the texts on the screen."""
        return bundle_hash([text.submission for text in self.texts])

    @property
    def is_open(self) -> bool:
        """Whether any of its texts waits for signatures."""
        return any(text.is_open for text in self.texts)

    @property
    def is_single(self) -> bool:
        """Whether it has one text only."""
        return len(self.texts) == 1

    @property
    def kept_back(self) -> tuple[BundleText, ...]:
        """The signed texts that do not become public on their day, because another one did not stay."""
        scheduled = tuple(text for text in self.texts if text.submission.is_scheduled)
        return scheduled if len(scheduled) < len(self.texts) else ()

    @property
    def may_mark(self) -> bool:
        """Whether the user reviews any of its texts."""
        return any(text.may_mark for text in self.texts)

    @property
    def may_claim(self) -> bool:
        """Whether the user reviews all of its texts that are in review."""
        return all(text.may_mark for text in self.texts if text.is_open)

    @property
    def obstacles(self) -> tuple[BundleText, ...]:
        """The texts that the user cannot sign, whatever they read."""
        return tuple(text for text in self.texts if text.obstacle)

    @property
    def unread(self) -> tuple[BundleText, ...]:
        """The texts with changes left to read."""
        return tuple(text for text in self.texts if not text.is_read)

    @property
    def noted(self) -> tuple[BundleText, ...]:
        """The texts with open notes."""
        return tuple(text for text in self.texts if text.progress.notes)

    @property
    def suggested(self) -> tuple[BundleText, ...]:
        """The texts with open suggestions."""
        return tuple(text for text in self.texts if text.progress.suggestions)

    @property
    def done(self) -> int:
        """How many texts are read."""
        return len(self.texts) - len(self.unread)

    @property
    def changed_sections(self) -> int:
        """How many sections differ from what patients read, on all pages."""
        return sum(len(text.progress.redline.changed) for text in self.texts)

    @property
    def flagged(self) -> tuple[BundleText, ...]:
        """The texts whose changes touch a number, a negation or another word that matters."""
        return tuple(text for text in self.texts if text.flags)

    @property
    def statements(self) -> tuple[BundleStatement, ...]:
        """The checklist of all texts, each statement once."""
        found: dict[str, list[bool]] = {}
        for text in self.texts:
            for statement in text.progress.statements:
                found.setdefault(statement, []).append(statement in text.progress.ticked)
        return tuple(BundleStatement(text, len(ticks), all(ticks)) for text, ticks in found.items())

    @property
    def unticked(self) -> tuple[BundleStatement, ...]:
        """The statements left to tick."""
        return tuple(statement for statement in self.statements if not statement.ticked)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to do before signing."""
        return all(text.left.allowed for text in self.texts)


def bundle_review(user: User, bundle: ReviewBundle, *, only: int | None = None) -> BundleReview:
    """Return ``bundle`` as ``user`` reads it, or ``only`` one of its texts, by primary key.

    A fixed number of queries while its texts are in review.
    """
    chosen = Submission.objects.filter(bundle=bundle)
    if only is not None:
        chosen = chosen.filter(pk=only)
    submissions = list(chosen.with_workflow_task().order_by("title", "pk"))
    tasks = workflow_tasks_of(submissions)
    members = {task: {user.pk for user in people} for task, people in members_by_workflow_task(tasks).items()}
    facts = SubmissionFacts.of(submissions, [user])
    progress = progress_of_many(user, submissions)
    texts = []
    for submission in submissions:
        is_member = user.pk in members.get(submission.workflow_task or 0, set())
        texts.append(
            BundleText(
                submission,
                progress[submission.pk],
                obstacle=_obstacle(user, submission, facts, is_member=is_member),
                may_mark=submission.is_open and is_member and user.is_active,
                figures=_figures(submission, progress[submission.pk]),
            )
        )
    first_open = next((each for each in submissions if each.is_open), None)
    step = facts.step_progress(first_open, tasks) if first_open else None
    return BundleReview(bundle, tuple(texts), _groups(texts), step, _links(submissions))


def _shown_note(placed: PlacedNote) -> NoteRow:
    return NoteRow(placed, may_answer=False, may_resolve=False, may_withdraw=False, may_reopen=False)


def _groups(texts: Sequence[BundleText]) -> tuple[TextGroup, ...]:
    """Return the texts in groups: shared changes first, in the order of the titles."""
    by_pk = {text.submission.pk: text for text in texts}
    shared = same_changes({pk: text.progress for pk, text in by_pk.items()})
    alone = by_pk.keys() - {pk for same in shared for pk in same}
    each_alone = [(pk,) for pk in by_pk if pk in alone]
    return tuple(TextGroup(tuple(by_pk[pk] for pk in same)) for same in [*shared, *each_alone])


def _obstacle(user: User, submission: Submission, facts: SubmissionFacts, *, is_member: bool) -> str:
    if not submission.is_open:
        closer = submission.closer_person
        by = f" by {closer.name}" if closer else ""
        return f"It is no longer in review: {SubmissionStatus(submission.status).label.lower()}{by}."
    rule = first_failed_rule(facts.signing_facts(user, submission, member=is_member))
    return reason_text(rule) if rule else ""


@lru_cache(maxsize=KEPT_TEXTS)
def _references(canonical: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of pages that a text links to, and the file names of its figures."""
    document = CanonicalText(canonical).document
    return tuple(document.linked_keys()), tuple(figure.file_name for figure in document.figures())


def _figures(submission: Submission, progress: Progress) -> dict[str, str]:
    """Return the addresses of the figures of a text and of its edition, as the review screen has them."""
    published = _references(progress.edition.canonical)[1] if progress.edition else ()
    return {name: f"/figures/{name}" for name in published} | {
        name: reverse("review:figure", args=[submission.pk, name])
        for name in _references(submission.canonical)[1]
    }


def _links(submissions: Sequence[Submission]) -> dict[str, str]:
    keys = {key for submission in submissions for key in _references(submission.canonical)[0]}
    current = Publication.objects.filter(key__in=keys, state=PublicationState.CURRENT)
    return {str(key): path for key, path in current.values_list("key", "path")}
