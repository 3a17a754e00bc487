"""Notes on a page: which are open, and where the passages they are about are in the text now.

Every user of the admin may read them; ``policy`` decides who may write, answer and close them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import UUIDField, prefetch_related_objects

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.document.models import BaseDocument
from monographs.redline import SectionRedline, redline
from monographs.review.models import Note, NoteStatus

#: Characters stored of the text before and after a passage: as many as the columns hold.
CONTEXT = 64


def notes_of(key: UUID) -> list[Note]:
    """Return every note of a page with its answers, oldest first. Two queries."""
    return list(Note.objects.filter(key=key).prefetch_related("replies"))


_OPEN: CompiledQuery[Note] = CompiledQuery(
    lambda: Note.objects.filter(key=Parameter("key", UUIDField()), status=NoteStatus.OPEN)
)


def open_notes(key: UUID) -> list[Note]:
    """Return the notes that keep a page from being signed, with their answers, oldest first. Two queries."""
    notes = _OPEN.rows(key=key)
    prefetch_related_objects(notes, "replies")
    return notes


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A note and its position in a text.

    ``heading`` is the heading of its section. ``found`` says whether the text still has the section and, for
    a note on a passage, the passage. ``start`` and ``end`` are the passage's offsets in the section's text.
    """

    note: Note
    heading: str
    found: bool
    start: int | None = None
    end: int | None = None

    @property
    def missing_text(self) -> str:
        """A sentence that says what is no longer in the text; empty when nothing is missing."""
        if self.found:
            return ""
        if self.note.quote:
            return "The passage is no longer there."
        return "The section is no longer there."


def notes_by_section(notes: Iterable[Note], document: BaseDocument) -> dict[str, list[PlacedNote]]:
    """Return ``notes`` by section (an anchor of ``document``'s redline), each with its position."""
    placed: dict[str, list[PlacedNote]] = {}
    for note in notes:
        section = _sections(document).get(note.section)
        placed.setdefault(note.section, []).append(_place(note, section))
    return placed


@lru_cache(maxsize=64)
def _sections(document: BaseDocument) -> dict[str, SectionRedline]:
    """Return the sections of a whole text by anchor, as a first edition shows them."""
    return {section.anchor: section for section in redline(None, document).sections}


def _place(note: Note, section: SectionRedline | None) -> PlacedNote:
    if section is None:
        return PlacedNote(note, heading_from_anchor(note.section), found=False)
    if not note.quote:
        return PlacedNote(note, section.heading, found=True)
    position = find_passage(section.new_text, note.quote, note.prefix, note.suffix)
    if position is None:
        return PlacedNote(note, section.heading, found=False)
    return PlacedNote(note, section.heading, True, *position)


def heading_from_anchor(anchor: str) -> str:
    """Return a heading for a section that the text no longer has."""
    return anchor.replace("_", " ").capitalize()


def find_passage(text: str, quote: str, prefix: str = "", suffix: str = "") -> tuple[int, int] | None:
    """Return start and end of ``quote`` in ``text``, or None if it is not there.

    Of several occurrences the one whose surroundings match ``prefix`` and ``suffix`` best, as in W3C's
    TextQuoteSelector. Whitespace is ignored: a browser's selection has none, or other, between lines.
    """
    offsets = [n for n, character in enumerate(text) if not character.isspace()]
    letters, sought = _without_whitespace(text), _without_whitespace(quote)
    if not sought:
        return None
    before, after = _without_whitespace(prefix), _without_whitespace(suffix)
    best: tuple[int, int] | None = None
    start = letters.find(sought)
    while start >= 0:
        end = start + len(sought)
        score = _common_end(letters[:start], before) + _common_start(letters[end:], after)
        if best is None or score > best[0]:
            best = (score, start)
        start = letters.find(sought, start + 1)
    if best is None:
        return None
    return offsets[best[1]], offsets[best[1] + len(sought) - 1] + 1


def _without_whitespace(text: str) -> str:
    return "".join(text.split())


def _common_start(text: str, other: str) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other))
    )


def _common_end(text: str, other: str) -> int:
    return _common_start(text[::-1][: len(other)], other[::-1])
