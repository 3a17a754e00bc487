"""Why a change is no correction: it touches a number, a unit, a negation or another matter of a review.

A correction leaves *last reviewed* as it is, so only what a reader would not act upon differently may be
one: typing errors, links, wording. In doubt the answer is no: a full review is never wrong.

The sections on whom a medicine is for, whom it is not for and its most serious warnings are compared word for
word. Everywhere else the critical terms (``critical_words``) must be the same and in the same order; other
words may change, but in a warning only to fix a typing error.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monographs.document.models import BaseDocument, MonographDocument
from monographs.document.parts import Companions
from monographs.document.sections import SectionType
from monographs.redline.comparison import redline
from monographs.redline.critical_words import terms_of
from monographs.redline.model import Line, Run, SectionRedline
from monographs.redline.result import Redline
from monographs.redline.table_units import ROWS_NAMED
from monographs.redline.term_diff import TermChange, first_critical_change, first_rewording, names_a_dose
from monographs.redline.vocabulary import CHANGE_NOTE, ONLY_FOR, Op, Status


class Matter(StrEnum):
    """What a change touches besides critical words; the value is shown to the writer."""

    BOXED_WARNING = "a most serious warning changed"
    INDICATION = "who should take it changed"
    CONTRAINDICATION = "who should not take it changed"
    FREQUENCY = "how often an effect occurs changed"
    URGENCY = "how soon to act changed"
    PICTURE = "a picture changed"
    IDENTITY = "a name, class, condition, route or code of the medicine changed"
    PLACE = "text stands under another heading, list or condition"
    MOVED = "text was moved"
    ADDED = "text was added"
    REMOVED = "text was removed"
    FORM = "the structure of the text changed"
    REWORDED = "words changed, and not only to fix them"
    DOSE_IN_NOTE = "the note on what changed names a dose"
    LANGUAGE = "only texts in English can be corrected"


@dataclass(frozen=True, slots=True)
class CorrectionObstacle:
    """One reason why a change is no correction, with the words before and after, and its section."""

    heading: str
    reason: str
    before: str = ""
    after: str = ""
    anchor: str = ""

    @property
    def what(self) -> str:
        """The reason, with the words."""
        quoted = f" (“{self.before}” → “{self.after}”)" if self.before or self.after else ""
        return f"{self.reason}{quoted}"

    def __str__(self) -> str:
        return f"{self.heading}: {self.what}"


#: Sections in which no word may change.
_EXACT_SECTIONS = {
    SectionType.BOXED_WARNING.value: Matter.BOXED_WARNING,
    SectionType.WHO_SHOULD_TAKE_IT.value: Matter.INDICATION,
    SectionType.WHO_SHOULD_NOT_TAKE_IT.value: Matter.CONTRAINDICATION,
}
#: Fields, by label, in which nothing may change.
_EXACT_FIELDS = {
    "Name": Matter.IDENTITY,
    "Brand name": Matter.IDENTITY,
    "Drug class": Matter.IDENTITY,
    "Condition": Matter.IDENTITY,
    "Route": Matter.IDENTITY,
    "Language": Matter.IDENTITY,
    "Collection": Matter.IDENTITY,
    "RxCUI": Matter.IDENTITY,
    "ATC code": Matter.IDENTITY,
    "UNII": Matter.IDENTITY,
    "Label set id": Matter.IDENTITY,
    "Label version": Matter.IDENTITY,
    "Marked as demonstration": Matter.IDENTITY,
    "How often": Matter.FREQUENCY,
    "How soon to act": Matter.URGENCY,
    "Advice": Matter.URGENCY,
    "Picture": Matter.PICTURE,
    "Size in pixels": Matter.PICTURE,
    ONLY_FOR: Matter.INDICATION,
}
#: Lines about sources: which a text rests on, where it is and when it was seen may be corrected.
_SOURCE_LABELS = frozenset({"Publisher", "Address", "Date seen"})
#: Kinds of lines, and places, in which a word may change only to fix a typing error.
_WARNING_KINDS = frozenset({"effect", "companion", "section", "column", "row", "cell"})
_DO_NOT = "Do not"
_MARKS = {"sup": "^", "sub": "_"}
_LONGEST_QUOTE = 60


def reasons_against_correction(
    old: BaseDocument, new: BaseDocument, compared: Redline | None = None
) -> list[CorrectionObstacle]:
    """Return why ``new`` is no correction of ``old``, in reading order; an empty list if it is one.

    ``compared`` is the redline of both, where there is one already.
    """
    names = _names_of(old) | _names_of(new)
    found = [
        obstacle
        for section in (redline(old, new) if compared is None else compared).changed
        for obstacle in _SectionCheck(section, names, english=_is_english(old, new)).obstacles()
    ]
    return list(dict.fromkeys(found))


def _is_english(*documents: BaseDocument) -> bool:
    return all(document.language.split("-")[0] == "en" for document in documents)


def _names_of(document: BaseDocument) -> frozenset[str]:
    """The words of the names of medicines and conditions in a document, in small letters."""
    names = [name for _, name in document.borrowed_names()]
    names += [
        item.name for part in document.all_parts() if isinstance(part, Companions) for item in part.items
    ]
    if isinstance(document, MonographDocument):
        names += [document.title, *document.brand_names]
    return frozenset(term.text.lower() for name in names for term in terms_of(name) if len(term.text) > 3)  # noqa: PLR2004  # shorter ones are *and*, *for*, *of*


@dataclass(frozen=True, slots=True)
class _LineText:
    """One version of a line: its words, with signs before raised and lowered ones, and all its words."""

    marked: str
    plain: str

    @classmethod
    def of(cls, line: Line, without: Op) -> "_LineText":
        runs = [run for run in line.runs if run.op is not without]
        marked = "".join(_marked(run, old=without is Op.INSERTED) for run in runs)
        return cls(marked, "".join(run.text for run in runs))


def _marked(run: Run, *, old: bool) -> str:
    form = run.old_form if old and run.old_form is not None else run.form
    sign = next((sign for mark, sign in _MARKS.items() if mark in form.marks), "")
    return f"{sign}{run.text}"


class _SectionCheck:
    """The obstacles in one changed section."""

    def __init__(self, section: SectionRedline, names: frozenset[str], *, english: bool) -> None:
        self.section = section
        self.names = names
        self.english = english
        self.exact = _EXACT_SECTIONS.get(section.anchor.rsplit("-", 1)[0])

    def obstacles(self) -> Iterator[CorrectionObstacle]:
        """Yield the reasons why the change of this section is no correction."""
        section = self.section
        if section.anchor == "sources" and section.status in (Status.ADDED, Status.REMOVED):
            return
        if section.status in (Status.ADDED, Status.REMOVED):
            matter = Matter.ADDED if section.status is Status.ADDED else Matter.REMOVED
            yield self._obstacle(self.exact or matter)
            return
        lone: dict[Op, list[Line]] = {Op.DELETED: [], Op.INSERTED: []}
        for line in section.lines:
            if not line.changed or line.kind == "cited" or _is_about_source(line):
                continue
            if line.move or line.kind == "form":
                yield self._obstacle(self.exact or (Matter.MOVED if line.move else Matter.FORM))
            elif line.op is Op.CHANGED:
                yield from self._changed(line)
            else:
                lone[line.op].append(line)
        yield from self._lone_lines(lone[Op.DELETED], lone[Op.INSERTED])

    def _lone_lines(self, deleted: list[Line], inserted: list[Line]) -> Iterator[CorrectionObstacle]:
        """Compare rewritten lines at one place; what then remains was added or removed."""
        rest = list(deleted)
        for line in inserted:
            partner = next((each for each in rest if each.context == line.context), None)
            if partner is None:
                yield from self._lone_line(line, Op.INSERTED)
            else:
                rest.remove(partner)
                old, new = _LineText.of(partner, Op.INSERTED), _LineText.of(line, Op.DELETED)
                yield from self._compared(line, old, new)
        for line in rest:
            yield from self._lone_line(line, Op.DELETED)

    def _lone_line(self, line: Line, op: Op) -> Iterator[CorrectionObstacle]:
        text = _LineText.of(line, Op.INSERTED if op is Op.DELETED else Op.DELETED)
        if line.kind == "source":
            return
        if line.label == CHANGE_NOTE:
            yield from self._note(text) if op is Op.INSERTED else ()
            return
        if line.label == ROWS_NAMED:
            yield self._obstacle(self.exact or Matter.FORM)
            return
        matter = _EXACT_FIELDS.get(line.label) or (Matter.ADDED if op is Op.INSERTED else Matter.REMOVED)
        before, after = ("", text.plain) if op is Op.INSERTED else (text.plain, "")
        yield self._obstacle(self.exact or matter, before, after)

    def _changed(self, line: Line) -> Iterator[CorrectionObstacle]:
        if line.old_context and line.old_context.places != line.places:
            yield self._obstacle(self.exact or Matter.PLACE)
        yield from self._compared(line, _LineText.of(line, Op.INSERTED), _LineText.of(line, Op.DELETED))

    def _compared(self, line: Line, old: _LineText, new: _LineText) -> Iterator[CorrectionObstacle]:
        if line.kind == "source":
            old, new = _without_number(old), _without_number(new)
        before, after = terms_of(old.marked, self.names), terms_of(new.marked, self.names)
        if before == after and line.label != CHANGE_NOTE:
            if matter := _EXACT_FIELDS.get(line.label):  # the same name of another page
                yield self._obstacle(matter, old.plain, new.plain)
            return
        exact = self.exact or _EXACT_FIELDS.get(line.label)
        if exact:
            yield self._obstacle(exact, old.plain, new.plain)
            return
        if line.label == CHANGE_NOTE:
            yield from self._note(new)
            return
        change = first_critical_change(before, after)
        if change:
            yield self._obstacle(_reason(change), change.before, change.after)
        elif change := first_rewording(before, after, typing_errors_only=self._is_warning(line)):
            yield self._obstacle(
                Matter.REWORDED if self.english else Matter.LANGUAGE, change.before, change.after
            )

    def _note(self, note: _LineText) -> Iterator[CorrectionObstacle]:
        """Refuse a dose in the note on what changed, which is new in each edition and read by patients."""
        if names_a_dose(terms_of(note.marked)):
            yield self._obstacle(Matter.DOSE_IN_NOTE, "", note.plain)

    def _is_warning(self, line: Line) -> bool:
        in_warning = any(str(place) == _DO_NOT or not place.label for place in line.places)
        return not self.english or line.kind in _WARNING_KINDS or in_warning

    def _obstacle(self, reason: Matter | str, before: str = "", after: str = "") -> CorrectionObstacle:
        words = _quote(before), _quote(after)
        return CorrectionObstacle(self.section.heading, str(reason), *words, anchor=self.section.anchor)


def _is_about_source(line: Line) -> bool:
    return line.kind == "detail" and line.label in _SOURCE_LABELS


def _without_number(text: _LineText) -> _LineText:
    """The title of a source without its number, which changes with the order of sources."""
    return _LineText(text.marked.partition(". ")[2], text.plain.partition(". ")[2])


def _reason(change: TermChange) -> str:
    return f"{change.kind} changed" if change.kind else Matter.REWORDED.value


def _quote(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE].rstrip()}…"


def summary_of(obstacles: Iterable[CorrectionObstacle], most: int = 3) -> str:
    """Return the first reasons as one sentence."""
    reasons: Sequence[str] = [str(obstacle) for obstacle in obstacles]
    more = f"; and {len(reasons) - most} more" if len(reasons) > most else ""
    return "; ".join(reasons[:most]) + more
