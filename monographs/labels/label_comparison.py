"""Comparing two versions of a label: what changed, where, how grave, and by which words.

Sections are compared by their codes, sentence by sentence and row by row. What a crawl or a new layout makes
of the same words is no change: other white space, repeats, joined or split sentences, a table told as text,
text under another code (which is said, since a part of the label moved).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from monographs.document.sections import SectionType
from monographs.labels.change_class import ChangeClass, ClassReason, gravest, reason_of
from monographs.labels.label import Label, SourceFormat
from monographs.labels.label_passages import (
    LabelPassage,
    LabelPassageKind,
    SectionText,
    section_texts,
    unchanged_codes,
)
from monographs.labels.section_codes import Guard, SectionCode, Use
from monographs.labels.section_words import SHORTEST_FOUND, SectionWords
from monographs.labels.table_comparison import RowChange, cells_of, changed_rows
from monographs.labels.text_keys import letters, wording, words
from monographs.redline.alignment import AlignedPair, align
from monographs.redline.lines import lines_of_pair
from monographs.redline.model import BREAK, Form, Line, LineContext
from monographs.redline.unit_lines import Unit, UnitLine

#: Part of the reason if a newer version of openFDA has no text at all under a code.
FIELD_ABSENT = "the whole field is absent, and openFDA may have dropped it"


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One change: the old passages became the new ones; either may be missing.

    ``lines`` is the redline of the project: for a sentence one line, for a row its cells.
    """

    code: SectionCode
    reason: ClassReason
    old: tuple[LabelPassage, ...] = ()
    new: tuple[LabelPassage, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def change_class(self) -> ChangeClass:
        """How grave it is."""
        return self.reason.change_class


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What changed in the sections of one code."""

    code: SectionCode
    heading: str
    changes: tuple[LabelChange, ...]

    @property
    def change_class(self) -> ChangeClass:
        """The gravest class of its changes."""
        return gravest(change.change_class for change in self.changes) or ChangeClass.EDITORIAL

    @property
    def sections(self) -> tuple[SectionType, ...]:
        """The sections of a monograph that rest on it."""
        return self.code.sections if self.code.use is Use.RESTS else ()


@dataclass(frozen=True)
class LabelComparison:
    """Two versions of one label compared. ``notes`` say what is odd about the step itself."""

    old: Label
    new: Label
    sections: tuple[SectionChange, ...]
    notes: tuple[str, ...] = ()

    @property
    def change_class(self) -> ChangeClass | None:
        """The gravest class in sections that a monograph rests on; None if nothing changed there."""
        return gravest(each.change_class for each in self.sections if each.sections)

    @property
    def touched(self) -> tuple[SectionType, ...]:
        """The sections of a monograph that rest on text that changed in more than its form."""
        found = {
            name
            for each in self.sections
            if each.change_class is not ChangeClass.EDITORIAL
            for name in each.sections
        }
        return tuple(name for name in SectionType if name in found)

    @property
    def changes(self) -> tuple[LabelChange, ...]:
        """All changes, in reading order."""
        return tuple(change for section in self.sections for change in section.changes)


def compare_labels(old: Label, new: Label) -> LabelComparison:
    """Compare two versions of one label. Raises ``ValueError`` for labels of two set ids."""
    if old.set_id != new.set_id:
        raise ValueError("versions of two labels are not compared: their set ids differ")
    unchanged = unchanged_codes(old, new)
    before, after = section_texts(old, unchanged), section_texts(new, unchanged)
    names = _own_names(old, new)
    apart = old.source_format is new.source_format is SourceFormat.SPL
    is_feed = new.source_format is SourceFormat.OPENFDA
    found = [
        _Comparison(before.get(code), after.get(code), names, apart, is_feed).result()
        for code in _codes(before, after)
    ]
    changes = _with_moves([change for changes in found for change in changes])
    headings = {code: each.heading for texts in (before, after) for code, each in texts.items()}
    grouped: dict[str, list[LabelChange]] = {}
    for change in changes:
        grouped.setdefault(change.code.code, []).append(change)
    sections = tuple(
        SectionChange(each[0].code, headings[code], tuple(each)) for code, each in grouped.items()
    )
    return LabelComparison(old, new, sections, tuple(_notes(old, new)))


def _own_names(old: Label, new: Label) -> frozenset[str]:
    """Return the names of the medicine that are one word, in small letters.

    openFDA shows the application of one product under the name of another: names of two medicines do not
    stand for each other.
    """
    if _names_differ(old, new):
        return frozenset()
    names = [words(name) for label in (old, new) for name in (*label.names, *label.generic_names)]
    return frozenset(name[0] for name in names if len(name) == 1)


def _names_differ(old: Label, new: Label) -> bool:
    """Whether two versions have names, and no word of these in common."""
    before, after = (
        {word for name in (*label.names, *label.generic_names) for word in words(name)}
        for label in (old, new)
    )
    return bool(before and after and not before & after)


def _codes(before: dict[str, SectionText], after: dict[str, SectionText]) -> list[str]:
    return list(dict.fromkeys([*after, *before]))


def _notes(old: Label, new: Label) -> Iterator[str]:
    if new.version <= old.version:
        yield f"version {new.version} follows {old.version}: the count began again, or the order is wrong"
    elif new.version > old.version + 1:
        missed = new.version - old.version - 1
        yield (
            "one version in between was not seen"
            if missed == 1
            else f"{missed} versions in between were not seen"
        )
    if old.effective and new.effective and new.effective < old.effective:
        yield f"its date {new.effective} is earlier than that of the version before, {old.effective}"
    if old.maker and new.maker and old.maker != new.maker:
        yield f"the maker is now {new.maker}, before {old.maker}"
    if set(old.application_numbers) != set(new.application_numbers):
        yield "its application numbers differ"
    if _names_differ(old, new):
        names = " and ".join(", ".join(label.names or label.generic_names) for label in (old, new))
        yield f"its names differ ({names}): the service may show it under another product"


@dataclass
class _Comparison:
    """The sections of one code in two versions; either may be missing.

    ``apart`` is true if both versions tell highlights from the full text, ``is_feed`` if the newer one is
    openFDA's, which drops whole fields while the label does not change.
    """

    old: SectionText | None
    new: SectionText | None
    names: frozenset[str] = frozenset()
    apart: bool = False
    is_feed: bool = False
    changes: list[LabelChange] = field(default_factory=list)

    @property
    def code(self) -> SectionCode:
        text = self.new or self.old
        assert text is not None  # noqa: S101  # a code is in one of the two
        return text.code

    def result(self) -> list[LabelChange]:
        before, after = SectionWords(_passages(self.old)), SectionWords(_passages(self.new))
        self._compare_sentences(before, after)
        self._compare_tables(before, after)
        if self.new is None and self.is_feed:
            return [_with_reason(change, f"{change.reason.why}: {FIELD_ABSENT}") for change in self.changes]
        return self.changes

    def _compare_sentences(self, before: SectionWords, after: SectionWords) -> None:
        lost = after.less_frequent_texts(before, apart=self.apart) if self.code.guard else frozenset()
        left, right = after.missing(before.passages, lost), before.missing(after.passages)
        self._editorial(before.passages, after.passages)
        for pair in align([_unit(each) for each in left], [_unit(each) for each in right]):
            if pair.move and pair.at_old:
                continue
            old, new = _of_unit(pair.old, left), _of_unit(pair.new, right)
            if self.code.guard is Guard.DOSE:
                old, new = old or before.opposites_of(new), new or after.opposites_of(old)
            # What became longer or was cut is compared with what it was made of
            if not new and not lost.intersection(each.text for each in old):
                new = after.parts_of(old)
            self._add(old or before.parts_of(new), new, pair)

    def _editorial(self, olds: Sequence[LabelPassage], news: Sequence[LabelPassage]) -> None:
        """Add sentences that have the same words and differ in form."""
        forms = {letters(each.text) for each in news}
        by_words = {wording(each.text): each for each in news}
        for each in olds:
            other = by_words.get(wording(each.text))
            if other and letters(each.text) not in forms and wording(each.text):
                self._add((each,), (other,), None)

    def _add(
        self, old: tuple[LabelPassage, ...], new: tuple[LabelPassage, ...], pair: AlignedPair | None
    ) -> None:
        if all(each.kind is LabelPassageKind.HEADING for each in (*old, *new)) and not self.code.guard:
            self.changes.append(
                LabelChange(self.code, ClassReason(ChangeClass.WORDING, "a heading"), old, new)
            )
            return
        reason = reason_of([each.text for each in old], [each.text for each in new], self.code, self.names)
        if reason is None:
            return
        if pair is None or pair.old is None or pair.new is None:
            pair = AlignedPair(_joined_unit(old), _joined_unit(new))
        shown = replace(pair, move=0)
        self.changes.append(LabelChange(self.code, reason, old, new, tuple(lines_of_pair(shown))))

    def _compare_tables(self, before: SectionWords, after: SectionWords) -> None:
        tables = [each.tables if each else () for each in (self.old, self.new)]
        for row in changed_rows(*tables):
            old, new = (
                _rows(row, side, passages) for side, passages in ((0, before.passages), (1, after.passages))
            )
            if after.has_cells(row.old_texts, row.rows[0]) and before.has_cells(row.new_texts, row.rows[1]):
                continue
            reason = reason_of(row.old_texts, row.new_texts, self.code, self.names, row.name)
            if reason is not None:
                self.changes.append(LabelChange(self.code, reason, old, new, row.lines))


def _with_reason(change: LabelChange, why: str) -> LabelChange:
    return replace(change, reason=replace(change.reason, why=why))


def _passages(text: SectionText | None) -> tuple[LabelPassage, ...]:
    return text.passages if text else ()


def _rows(row: RowChange, side: int, passages: Sequence[LabelPassage]) -> tuple[LabelPassage, ...]:
    """Return the passage of one side of a row; its text also has cells merged with other rows."""
    cells = set(cells_of(row.rows[side]))
    found = (
        each for each in passages if each.kind is LabelPassageKind.ROW and cells <= set(cells_of(each.text))
    )
    return tuple(islice(found, 1)) if cells else ()


def _unit(passage: LabelPassage) -> Unit:
    return Unit((UnitLine(LineContext("paragraph"), passage.pieces),))


def _joined_unit(passages: Sequence[LabelPassage]) -> Unit | None:
    """Return passages as one unit, with a ``BREAK`` between them; None for none."""
    if not passages:
        return None
    pieces = list(passages[0].pieces)
    for each in passages[1:]:
        pieces += [(BREAK, Form()), *each.pieces]
    return Unit((UnitLine(LineContext("paragraph"), tuple(pieces)),))


def _of_unit(unit: Unit | None, passages: Sequence[LabelPassage]) -> tuple[LabelPassage, ...]:
    """Return the passages of a unit, which may be several joined ones."""
    if unit is None:
        return ()
    texts = unit.lines[0].text.split(BREAK)
    by_text = {"".join(text for text, _ in each.pieces): each for each in passages}
    return tuple(by_text[text] for text in texts if text in by_text)


def _with_moves(changes: Sequence[LabelChange]) -> list[LabelChange]:
    """Mark what is gone under one code and new under another: it moved, and nothing else is said.

    Not under codes whose text alone makes a change grave: a warning that leaves the box is one less in it.
    """
    gone = dict(_texts(changes, gone=True))
    come = dict(_texts(changes, gone=False))
    return [_moved(change, come if change.old else gone) for change in changes]


def _texts(changes: Sequence[LabelChange], *, gone: bool) -> Iterator[tuple[SectionCode, str]]:
    by_code: dict[SectionCode, list[str]] = {}
    for change in changes:
        passages = change.old if gone else change.new
        by_code.setdefault(change.code, []).extend(wording(each.text) for each in passages)
    yield from ((code, "".join(texts)) for code, texts in by_code.items())


def _moved(change: LabelChange, elsewhere: dict[SectionCode, str]) -> LabelChange:
    if (change.old and change.new) or change.code.guard in (Guard.BOXED, Guard.CONTRAINDICATION):
        return change
    keys = [wording(each.text) for each in (*change.old, *change.new)]
    for code, text in elsewhere.items():
        if code != change.code and keys and all(len(key) >= SHORTEST_FOUND and key in text for key in keys):
            what = (
                f"moved {'to' if change.old else 'from'} {code.field.replace('_', ' ') or 'another section'}"
            )
            return replace(change, reason=ClassReason(ChangeClass.EDITORIAL, what))
    return change
