"""A reviewer's progress with many submissions at once, read in a fixed number of queries.

What is left to do is decided where it is for one submission: ``Progress.verdict``, ``policy``.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.models import Edition
from monographs.presentation.redline_layout import line_groups
from monographs.redline import CHANGE_NOTE, PAGE, Op, SectionRedline
from monographs.review.models import (
    UNDER_WAY,
    Note,
    NoteStatus,
    ReviewBundle,
    SectionRead,
    Submission,
    SubmissionStatus,
    Suggestion,
    SuggestionStatus,
    Tick,
)
from monographs.review.progress import (
    BEFORE_ALL,
    Progress,
    compared_texts,
    compared_with,
    sections_to_read,
)


def members_of_bundle(bundle: ReviewBundle) -> list[Submission]:
    """Return the submissions of ``bundle`` with the step each is at, by title. One query."""
    return list(Submission.objects.with_step().filter(bundle=bundle).order_by("title", "pk"))


def first_member(bundle: ReviewBundle) -> tuple[Submission | None, int]:
    """Return a submission of ``bundle`` in review, if any, and how many submissions it has. Two queries."""
    members = Submission.objects.with_step().filter(bundle=bundle)
    in_review = members.filter(status=SubmissionStatus.IN_REVIEW)
    return in_review.order_by("pk").first(), members.count()


def bundle_hash(members: Sequence[Submission]) -> str:
    """Return the hash of which texts a bundle has: what a reviewer saw, and signs."""
    texts = sorted([str(member.uuid), member.sha256] for member in members)
    return sha256_hex(canonical_json(texts))


#: Kinds of lines that say something by themselves, with the lines beside them and what they are under.
_PLAIN = frozenset({"paragraph", "bullet", "number"})


def same_changes(progress: Mapping[int, Progress]) -> list[tuple[int, ...]]:
    """Return the primary keys of submissions on which the same is to be read, two or more each.

    First editions and unchanged texts are read whole, so they share nothing.
    """
    found: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for pk, each in progress.items():
        if each.edition and each.redline.changed:
            found[tuple(_to_be_seen(section) for section in each.to_read)].append(pk)
    return [tuple(same) for same in found.values() if len(same) > 1]


def _to_be_seen(section: SectionRedline) -> Hashable:
    """Return what must be equal on two pages for one to be read in place of the other.

    Of paragraphs and lists, what the redline does not fold: each changed line with its neighbours and what it
    is under, because words say something else after “Never do this:”. Of all else (how soon to act, tables,
    what moved), the whole section. Of the page's own fields, which have names, those that changed; of the
    note on the last change, which is another one on each page, the new text.
    """
    changed = [line for line in section.lines if line.changed]
    if section.anchor == PAGE:
        seen: Iterable[Hashable] = (
            line.text(Op.DELETED) if line.label == CHANGE_NOTE else line for line in changed
        )
    elif all(line.kind in _PLAIN and not line.move for line in changed):
        seen = (group.items for group in line_groups(section) if not group.folded)
    else:
        seen = section.lines
    return section.anchor, section.heading, tuple(seen)


def progress_of_many(user: User, submissions: Sequence[Submission]) -> dict[int, Progress]:
    """Return the progress of ``user`` with each submission, by its primary key, as ``progress_of`` does.

    Six queries, and one for each submission whose review has ended.
    """
    keys = [submission.key for submission in submissions]
    editions = _editions_before(submissions)
    marks = _marks(user, keys)
    ticks: dict[int, dict[str, datetime]] = defaultdict(dict)
    ticked = Tick.objects.filter(submission__in=[each.pk for each in submissions], user=user.pk)
    for ticked_in, statement, at in ticked.values_list("submission", "statement", "at"):
        ticks[ticked_in][statement] = at
    notes: dict[UUID, list[Note]] = defaultdict(list)
    for note in Note.objects.filter(key__in=keys, status=NoteStatus.OPEN).prefetch_related("replies"):
        notes[note.key].append(note)
    suggestions: dict[UUID, list[Suggestion]] = defaultdict(list)
    for suggestion in Suggestion.objects.filter(key__in=keys, status=SuggestionStatus.OPEN):
        suggestions[suggestion.key].append(suggestion)
    found = {}
    for submission in submissions:
        edition = editions[submission.pk]
        compared = compared_texts(edition.canonical if edition else None, submission.canonical)
        to_read = sections_to_read(compared)
        after, of_page = edition.created_at if edition else BEFORE_ALL, marks[submission.key]
        read = {section.anchor: of_page.get((section.anchor, section.digest)) for section in to_read}
        found[submission.pk] = Progress(
            edition=edition,
            redline=compared,
            to_read=to_read,
            read={anchor: at for anchor, at in read.items() if at and at > after},
            statements=tuple(submission.checklist),
            ticked=ticks[submission.pk],
            notes=tuple(notes[submission.key]),
            suggestions=tuple(suggestions[submission.key]),
        )
    return found


def _editions_before(submissions: Sequence[Submission]) -> dict[int, Edition | None]:
    """Return the edition that each submission is compared with, as ``compared_with`` does."""
    under_way = [submission for submission in submissions if submission.status in UNDER_WAY]
    newest = Edition.objects.filter(key__in=[each.key for each in under_way]).order_by("key", "-number")
    current = {edition.key: edition for edition in newest.distinct("key")}
    return {
        each.pk: current.get(each.key) if each.status in UNDER_WAY else compared_with(each)
        for each in submissions
    }


def _marks(user: User, keys: Sequence[UUID]) -> dict[UUID, dict[tuple[str, str], datetime]]:
    marks: dict[UUID, dict[tuple[str, str], datetime]] = defaultdict(dict)
    rows = SectionRead.objects.filter(user=user.pk, key__in=keys)
    for key, section, digest, at in rows.values_list("key", "section", "digest", "at"):
        marks[key][section, digest] = at
    return marks
