"""Comparing two documents section by section."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from monographs.core.translation_marks import gettext_noop as _
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.document.models import BaseDocument, BodyDocument, MonographDocument
from monographs.document.sections import Section
from monographs.redline.alignment import AlignedPair, align
from monographs.redline.lines import lines_of_pair
from monographs.redline.metadata import units_of_facts
from monographs.redline.model import Line, LineContext, Run, SectionRedline
from monographs.redline.result import Redline
from monographs.redline.table_lines import lines_of_tables
from monographs.redline.tokens import tokens_of
from monographs.redline.unit_lines import Unit, pieces_of
from monographs.redline.units import unit, units_of_html, units_of_parts, units_of_sources
from monographs.redline.vocabulary import BODY, HEADINGS, PAGE, SOURCES, Flag, Op, Status, in_order
from monographs.redline.word_diff import compare_words

#: Fields that no reader sees or that have a section of the redline.
_NOT_FACTS = {"schema_version", "kind", "key", "sections", "sources", "body"}
#: Shown for the place before the first section and for a source that is not in the list.
_NONE = "–"


@dataclass(frozen=True)
class _SectionText:
    """One section of one document: its heading, its units and its JSON."""

    heading: str
    units: list[Unit]
    value: Any


def redline(old: BaseDocument | None, new: BaseDocument) -> Redline:
    """Compare ``new`` with ``old``; without ``old`` everything is new and nothing is flagged."""
    before, after = dict(_parts(old)) if old else {}, dict(_parts(new))
    moves = _moves(before, after)
    sections = [
        _section(name, before.get(name), after.get(name), moved=moves.get(name))
        for name in _names(list(before), list(after))
    ]
    if old is None:
        sections = [_unflagged(section) for section in sections]
    return Redline(tuple(sections), first=old is None)


def compare_html(old: str, new: str) -> list[Line]:
    """Compare two texts of sanitised HTML, paragraph by paragraph and word by word, as sections are."""
    return _lines(list(units_of_html(old)), list(units_of_html(new)))


def changed_sections(old: BaseDocument, new: BaseDocument) -> dict[str, Status]:
    """Return how each section that differs does, by anchor: as ``redline`` would, without comparing words."""
    before, after = dict(_parts(old)), dict(_parts(new))
    moves = _moves(before, after)
    found = {
        name: _status(before.get(name), after.get(name), moved=name in moves)
        for name in _names(list(before), list(after))
    }
    return {name: status for name, status in found.items() if status is not Status.UNCHANGED}


def _parts(document: BaseDocument) -> Iterator[tuple[str, _SectionText]]:
    data = document.model_dump(mode="json")
    # A medicine without standard texts says what it said before they existed, so its marks stay
    unsaid = _NOT_FACTS | ({"standard_texts"} if not data.get("standard_texts") else set())
    facts = {name: value for name, value in data.items() if name not in unsaid}
    yield PAGE, _SectionText(HEADINGS[PAGE], list(units_of_facts(facts)), facts)
    if isinstance(document, BodyDocument) and document.body:
        yield BODY, _SectionText(HEADINGS[BODY], list(units_of_parts(document.body)), data[BODY])
    if isinstance(document, MonographDocument):
        yield from _sections(document, data)


def _sections(document: MonographDocument, data: dict[str, Any]) -> Iterator[tuple[str, _SectionText]]:
    titles = {source.number: source.title for source in document.sources}
    seen: dict[str, int] = {}
    for section, value in zip(document.sections, data["sections"], strict=True):
        count = seen[section.type] = seen.get(section.type, 0) + 1
        name = section.type.value if count == 1 else f"{section.type.value}-{count}"
        yield name, _section_text(section, value, titles)
    if document.sources:
        units = list(units_of_sources(document.sources))
        yield SOURCES, _SectionText(HEADINGS[SOURCES], units, data[SOURCES])


def _section_text(section: Section, value: Any, titles: dict[int, str]) -> _SectionText:
    """A section with its sources by title: the same number may refer to another source in the other text."""
    cited = [(number, titles.get(number, _NONE)) for number in section.sources]
    units = [unit("section", section.heading, label=_("Heading")), *units_of_parts(section.parts)]
    units += [
        unit("cited", f"{number}. {title}", label=_("Source of this section")) for number, title in cited
    ]
    return _SectionText(section.heading, units, [value, [title for number, title in cited]])


def _names(before: list[str], after: list[str]) -> list[str]:
    """Names in the order of the new document; a removed section follows the one it followed."""
    names = list(after)
    for at, name in enumerate(before):
        if name not in names:
            place = names.index(before[at - 1]) + 1 if at else 0
            names.insert(place, name)
    return names


def _moves(before: dict[str, _SectionText], after: dict[str, _SectionText]) -> dict[str, tuple[str, str]]:
    """The heading before each moved section, in the old and in the new text, by the moved section's name.

    If both are the same, because the section before it moved too, each is prefixed with the section's
    position among those that both texts have.
    """
    result: dict[str, tuple[str, str]] = {}
    places = {name: place for place, name in enumerate(name for name in after if name in before)}
    for old_place, name in enumerate(name for name in before if name in after):
        new_place = places[name]
        if old_place != new_place:
            old, new = _heading_before(name, before), _heading_before(name, after)
            result[name] = (old, new) if old != new else (f"{old_place}. {old}", f"{new_place}. {new}")
    return result


def _heading_before(name: str, parts: dict[str, _SectionText]) -> str:
    names = list(parts)
    previous = names[names.index(name) - 1]
    return _NONE if previous == PAGE else parts[previous].heading


def _section(
    name: str, before: _SectionText | None, after: _SectionText | None, *, moved: tuple[str, str] | None
) -> SectionRedline:
    part = after or before
    assert part is not None  # noqa: S101  # each name is in one of the two
    values = [before and before.value, after and after.value]
    status = _status(before, after, moved=moved is not None)
    lines = _lines(before.units if before else [], after.units if after else [])
    if moved:
        lines.insert(0, _form_line(_("Stands after"), *moved, Flag.MOVED))
    if status not in (Status.UNCHANGED, Status.MOVED) and not any(line.changed for line in lines):
        old, new = (canonical_json(value).decode() if value else "" for value in values)
        lines.append(_form_line(_("How it is put together"), old, new, Flag.FORMAT))
    flags = in_order(flag for line in lines for flag in line.flags)
    digest = sha256_hex(canonical_json([*values, *(moved or ())]))
    return SectionRedline(name, part.heading, status, tuple(lines), flags, digest)


def _status(before: _SectionText | None, after: _SectionText | None, *, moved: bool) -> Status:
    if before is None:
        return Status.ADDED
    if after is None:
        return Status.REMOVED
    if before.value != after.value:
        return Status.CHANGED
    return Status.MOVED if moved else Status.UNCHANGED


def _lines(before: Sequence[Unit], after: Sequence[Unit]) -> list[Line]:
    if before == after:
        pairs = [AlignedPair(each, each) for each in after]
    elif not before or not after:
        pairs = [AlignedPair(o, n) for o, n in zip_longest(before, after)]
    else:
        pairs = align(before, after)
    return list(_lines_of_pairs(pairs))


def _lines_of_pairs(pairs: Sequence[AlignedPair]) -> Iterator[Line]:
    """Yield the lines of all pairs; tables, and the moves within them, are numbered."""
    tables, moves = 0, max((pair.move for pair in pairs), default=0)
    for pair in pairs:
        if not any(each and each.table for each in (pair.old, pair.new)):
            yield from lines_of_pair(pair)
            continue
        tables += 1
        lines = list(lines_of_tables(pair, tables, moves))
        moves = max([moves, *(line.move for line in lines)])
        yield from lines


def _form_line(label: str, before: str, after: str, flag: Flag) -> Line:
    """A line for a difference that is not in the words."""
    runs = compare_words(tokens_of(pieces_of(before)), tokens_of(pieces_of(after)), LineContext("form"))
    flagged = tuple(replace(run, flags=() if run.op is Op.SAME else (flag,)) for run in runs)
    return Line(Op.CHANGED, flagged, LineContext("form", label=label), flags=(flag,))


def _unflagged(section: SectionRedline) -> SectionRedline:
    def bare(run: Run) -> Run:
        return replace(run, flags=()) if run.flags else run

    lines = tuple(
        replace(line, flags=(), runs=tuple(bare(run) for run in line.runs)) for line in section.lines
    )
    return replace(section, lines=lines, flags=())
