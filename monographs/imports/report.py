"""What an import tells the person who ran it: one line per file, nothing that was left out unsaid."""

from collections.abc import Iterable

from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS
from monographs.document.sections import SERIOUS_HEADING
from monographs.imports.draft_writer import DraftResult
from monographs.imports.parsed_text import ParsedMonograph
from monographs.rules.draft_check import message_of
from monographs.rules.finding import Finding


def imported(file_name: str, drafted: DraftResult, outcome: str, findings: Iterable[Finding] = ()) -> str:
    """The line for a text that became a draft.

    ``outcome`` is what became of the draft; those of ``findings`` that keep it from review are to be mended.
    """
    parsed = drafted.parsed
    facts = [_title(drafted), _sections(parsed), f"{parsed.word_count()} words", outcome]
    remarks = [*_gaps(parsed), *_lists(parsed), *parsed.notes, *drafted.notes]
    if parsed.named_by_file:
        remarks.append("named after the file")
    remarks += _to_mend(findings)
    return one_line("; ".join([f"{file_name}: {', '.join(facts)}", *remarks]))


def refused(file_name: str, reason: object) -> str:
    """The line for a file of which nothing was kept."""
    return one_line(f"{file_name}: not imported: {reason}")


def one_line(words: str) -> str:
    """Words on one line that any terminal can show, whatever a file's name is made of."""
    return " ".join(words.split()).encode("utf-8", "replace").decode()


def _title(drafted: DraftResult) -> str:
    page = drafted.page
    return f"{page.title} ({', '.join(page.brand_names)})" if page.brand_names else str(page.title)


def _sections(parsed: ParsedMonograph) -> str:
    required = len(REQUIRED_SECTIONS)
    optional = sum(1 for s in parsed.sections if s not in REQUIRED_SECTIONS and parsed.has(s))
    also = f" and {optional} optional" if optional else ""
    return f"{required - len(parsed.missing)} of {required} sections{also}"


def _to_mend(findings: Iterable[Finding]) -> Iterable[str]:
    errors = [f"{finding.place}: {message_of(finding)}" for finding in findings if finding.stops]
    if errors:
        yield f"to mend before it can be submitted ({len(errors)}): {' '.join(errors)}"


def _gaps(parsed: ParsedMonograph) -> Iterable[str]:
    missing = [SECTION_HEADINGS[s] for s in parsed.missing]
    if not parsed.serious:
        missing.append(SERIOUS_HEADING)
    if missing:
        yield f"missing: {', '.join(missing)}"


def _lists(parsed: ParsedMonograph) -> Iterable[str]:
    for label, lines in (("left out", parsed.left_out), ("could not be placed", parsed.unplaced)):
        if lines:
            count = f"{len(lines)} line{'s' if len(lines) > 1 else ''}"
            yield f"{label} {count} ({', '.join(f'“{line}”' for line in lines)})"
