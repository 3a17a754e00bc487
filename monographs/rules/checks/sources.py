"""Sources of the text."""

from collections.abc import Iterator

from monographs.document import MonographDocument
from monographs.rules.check_context import CheckContext
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.source_faults import SourceFaultKind
from monographs.rules.text_index import TextIndex
from monographs.source_library.models import digest_of_source


@house_rule(
    "section-without-source",
    title="Every section has a source",
    severity=Severity.ERROR,
    why="A reviewer checks each section against its sources, and readers may look them up. Without a source "
    "neither is possible.",
    source="JAMA benchmarks (Silberg 1997): attribution; PIF TICK; NHS standard for creating health content",
    bad="“How it works” names no source",
    good="“How it works” names the label",
    unwritten=True,
)
def section_without_source(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Each section of a medicine names at least one source."""
    if isinstance(text.document, MonographDocument):
        for section in text.document.sections:
            if not section.sources:
                yield Violation(
                    section.type,
                    section.heading,
                    "This section has no source. Name at least one from the list of sources.",
                )


@house_rule(
    "incomplete-source",
    title="Sources can be found again",
    severity=Severity.ADVICE,
    why="Readers and reviewers find a source by who published it and where, and by the day it was read if it "
    "has changed since.",
    source="JAMA benchmarks (Silberg 1997): attribution and currency; NLM style for websites",
    bad="The label",
    good="Blincyto prescribing information, DailyMed, its address, seen 2 November 2026",
)
def incomplete_source(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Each source has a publisher, and an address or the day it was seen."""
    if not isinstance(text.document, MonographDocument):
        return
    for source in text.document.sources:
        missing = []
        if not source.publisher:
            missing.append("who published it")
        if not source.address and source.date_seen is None:
            missing.append("its address or the day it was seen")
        if missing:
            message = f"Add {' and '.join(missing)}, so that others find the same text."
            yield Violation("sources", f"Source {source.number}", message, source.title, source.title)


@house_rule(
    "unused-source",
    title="Sources are used",
    severity=Severity.ADVICE,
    why="A source that no section names says nothing about where a sentence comes from.",
    source="PIF TICK; JAMA benchmarks (Silberg 1997): attribution",
    bad="A trial report in the list that no section names",
    good="“Commonly tested with” names it",
)
def unused_source(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Each source in the list is named by a section."""
    if not isinstance(text.document, MonographDocument):
        return
    used = {number for section in text.document.sections for number in section.sources}
    for source in text.document.sources:
        if source.number not in used:
            yield Violation(
                "sources",
                f"Source {source.number}",
                "No section names this source. Name it where it belongs, or take it out.",
                source.title,
                source.title,
            )


@house_rule(
    "outdated-source",
    title="Sources are the newest",
    severity=Severity.ADVICE,
    overrulable=True,
    why="A text that rests on a guideline or a label that was replaced may say what nobody says any more. "
    "The library of sources knows what superseded a source, and when it is old.",
    source="PIF TICK; JAMA benchmarks (Silberg 1997): currency; checked in the background by check_sources",
    bad="Version 33 of a label whose version 34 is stored",
    good="Version 34, read for this text",
    remedy=RemedyKind.ONE_CLICK,
)
def outdated_source(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """Nothing is wrong with a source of the library; dead links have a rule of their own."""
    if not isinstance(text.document, MonographDocument):
        return
    for source in text.document.sources:
        digest = digest_of_source(source.title, source.publisher, source.address)
        for fault in context.sources.get(digest, ()):
            if fault.kind is not SourceFaultKind.DEAD_LINK:
                newer = context.newer_sources.get(digest)
                superseded = newer is not None and fault.kind is SourceFaultKind.SUPERSEDED
                yield Violation(
                    "sources",
                    f"Source {source.number}",
                    f"Look at this source again: {fault.words}.",
                    source.title,
                    source.title,
                    remedies=(newer,) if newer and superseded else (),
                )


RULES = (section_without_source, incomplete_source, unused_source, outdated_source)
