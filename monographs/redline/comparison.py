"""Two documents, section by section."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.document.models import BaseDocument
from monographs.document.sections import Section
from monographs.redline.alignment import AlignedPair, align
from monographs.redline.lines import lines_of_pair
from monographs.redline.metadata import units_of_facts
from monographs.redline.model import Line, LineContext, Redline, Run, SectionRedline
from monographs.redline.tokens import tokens_of
from monographs.redline.units import Unit, plain, unit, units_of_parts, units_of_sources
from monographs.redline.vocabulary import BODY, HEADINGS, PAGE, SOURCES, Flag, Op, Status, in_order
from monographs.redline.vocabulary import gettext_noop as _
from monographs.redline.word_diff import compare_words

#: What no reader sees, or what has a section of its own.
_APART = {"schema_version", "kind", "key", "sections", "sources", "body"}
#: For the place before the first section, and a source that is not in the list.
_NOTHING = "–"


@dataclass(frozen=True)
class _SectionText:
    """One section of one document: what it is called, what it says, and all of it as JSON."""

    heading: str
    units: list[Unit]
    value: Any


def redline(old: BaseDocument | None, new: BaseDocument) -> Redline:
    """Compare ``new`` with ``old``; without ``old`` all of it is new, and nothing is flagged."""
    before, after = dict(_parts(old)) if old else {}, dict(_parts(new))
    moves = _moves(before, after)
    sections = [
        _section(name, before.get(name), after.get(name), moved=moves.get(name))
        for name in _names(list(before), list(after))
    ]
    if old is None:
        sections = [_unflagged(section) for section in sections]
    return Redline(tuple(sections), first=old is None)


def _parts(document: BaseDocument) -> Iterator[tuple[str, _SectionText]]:
    said = document.model_dump(mode="json")
    facts = {name: value for name, value in said.items() if name not in _APART}
    yield PAGE, _SectionText(HEADINGS[PAGE], list(units_of_facts(facts)), facts)
    sources = getattr(document, "sources", ())
    titles = {source.number: source.title for source in sources}
    seen: dict[str, int] = {}
    for section, value in zip(getattr(document, "sections", ()), said.get("sections", ()), strict=True):
        count = seen[section.type] = seen.get(section.type, 0) + 1
        name = section.type.value if count == 1 else f"{section.type.value}-{count}"
        yield name, _part_of_section(section, value, titles)
    if said.get(BODY):
        yield BODY, _SectionText(HEADINGS[BODY], list(units_of_parts(document.own_parts())), said[BODY])
    if said.get(SOURCES):
        yield SOURCES, _SectionText(HEADINGS[SOURCES], list(units_of_sources(sources)), said[SOURCES])


def _part_of_section(section: Section, value: Any, titles: dict[int, str]) -> _SectionText:
    """A section with its sources by name: a number that stays may come to stand for another source."""
    cited = [(number, titles.get(number, _NOTHING)) for number in section.sources]
    units = [unit("section", section.heading, label=_("Heading")), *units_of_parts(section.parts)]
    units += [unit("cited", f"{number}. {title}", label=_("Rests on source")) for number, title in cited]
    return _SectionText(section.heading, units, [value, [title for number, title in cited]])


def _names(before: list[str], after: list[str]) -> list[str]:
    """The order of the new document; what is gone follows what it followed."""
    names = list(after)
    for at, name in enumerate(before):
        if name not in names:
            place = names.index(before[at - 1]) + 1 if at else 0
            names.insert(place, name)
    return names


def _moves(before: dict[str, _SectionText], after: dict[str, _SectionText]) -> dict[str, tuple[str, str]]:
    """What each section stood after and stands after, by heading, that changed places with another.

    One that moved with the section before it also has its place among those that both texts have.
    """
    found: dict[str, tuple[str, str]] = {}
    places = {name: place for place, name in enumerate(name for name in after if name in before)}
    for was, name in enumerate(name for name in before if name in after):
        now = places[name]
        if was != now:
            left, reached = _follows(name, before), _follows(name, after)
            found[name] = (left, reached) if left != reached else (f"{was}. {left}", f"{now}. {reached}")
    return found


def _follows(name: str, parts: dict[str, _SectionText]) -> str:
    names = list(parts)
    follows = names[names.index(name) - 1]
    return _NOTHING if follows == PAGE else parts[follows].heading


def _section(
    name: str, before: _SectionText | None, after: _SectionText | None, *, moved: tuple[str, str] | None
) -> SectionRedline:
    part = after or before
    assert part is not None  # noqa: S101  # a name comes from one of the two
    values = [before and before.value, after and after.value]
    status = _status(before, after, moved=moved is not None)
    lines = _lines(before.units if before else [], after.units if after else [])
    if moved:
        lines.insert(0, _form(_("Stands after"), *moved, Flag.MOVED))
    if status not in (Status.UNCHANGED, Status.MOVED) and not any(line.changed for line in lines):
        old, new = (canonical_json(value).decode() if value else "" for value in values)
        lines.append(_form(_("How it is put together"), old, new, Flag.FORMAT))
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
    return [line for pair in pairs for line in lines_of_pair(pair)]


def _form(label: str, before: str, after: str, flag: Flag) -> Line:
    """What differs and has no words of its own to show it."""
    runs = compare_words(tokens_of(plain(before)), tokens_of(plain(after)), LineContext("form"))
    shown = tuple(replace(run, flags=() if run.op is Op.SAME else (flag,)) for run in runs)
    return Line(Op.CHANGED, shown, LineContext("form", label=label), flags=(flag,))


def _unflagged(section: SectionRedline) -> SectionRedline:
    def bare(run: Run) -> Run:
        return replace(run, flags=()) if run.flags else run

    lines = tuple(
        replace(line, flags=(), runs=tuple(bare(run) for run in line.runs)) for line in section.lines
    )
    return replace(section, lines=lines, flags=())
