"""Output of ``import_monographs``: one line per file, which names everything that was left out."""

from collections.abc import Iterable

from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS
from monographs.document.sections import SERIOUS_HEADING
from monographs.imports.draft_writer import DraftResult
from monographs.imports.parsed_text import ParsedMonograph, all_remarks
from monographs.imports.placement import Choices, offers_in
from monographs.rules.draft_check import message_of
from monographs.rules.finding import Finding


def imported(file_name: str, result: DraftResult, outcome: str, findings: Iterable[Finding] = ()) -> str:
    """Return the line for a text that was imported.

    ``outcome`` says what was done with the draft. Those of ``findings`` that are errors are listed.
    """
    parsed = result.parsed
    facts = [_title(result), _sections(parsed), f"{parsed.word_count()} words", outcome]
    remarks = [*_gaps(parsed), *_lists(parsed), *parsed.notes, *_remarks(parsed), *result.notes]
    if result.replaced:
        who = ", ".join(result.replaced)
        remarks.append(f"replaced unpublished work of {who}, which stays in the page's history")
    if offers := offers_in(parsed, Choices()):
        remarks.append(
            f"{len(offers)} lists of side effects or sources stay text; the import in the admin can store "
            "them as such"
        )
    if parsed.named_by_file:
        remarks.append("named after the file")
    remarks += _errors(findings)
    return one_line("; ".join([f"{file_name}: {', '.join(facts)}", *remarks]))


def refused(file_name: str, reason: object) -> str:
    """Return the line for a file that was not imported."""
    return one_line(f"{file_name}: not imported: {reason}")


def one_line(words: str) -> str:
    """Return ``words`` on one line, without characters of a file's name that cannot be encoded."""
    return " ".join(words.split()).encode("utf-8", "replace").decode()


def _title(result: DraftResult) -> str:
    page = result.page
    return f"{page.title} ({', '.join(page.brand_names)})" if page.brand_names else str(page.title)


def _sections(parsed: ParsedMonograph) -> str:
    required = len(REQUIRED_SECTIONS)
    optional = sum(1 for s in parsed.sections if s not in REQUIRED_SECTIONS and parsed.has(s))
    also = f" and {optional} optional" if optional else ""
    return f"{required - len(parsed.missing)} of {required} sections{also}"


def _errors(findings: Iterable[Finding]) -> Iterable[str]:
    errors = [f"{finding.place}: {message_of(finding)}" for finding in findings if finding.stops]
    if errors:
        yield f"to fix before it can be submitted ({len(errors)}): {' '.join(errors)}"


def _gaps(parsed: ParsedMonograph) -> Iterable[str]:
    missing = [SECTION_HEADINGS[s] for s in parsed.missing]
    if not parsed.serious:
        missing.append(SERIOUS_HEADING)
    if missing:
        yield f"missing: {', '.join(missing)}"


def _remarks(parsed: ParsedMonograph) -> Iterable[str]:
    """Yield what was remarked on the text, each difference in its own words."""
    for remark in all_remarks(parsed):
        message = remark.message.rstrip(".")
        quoted = f" (“{remark.quote}”)" if remark.quote and remark.quote not in message else ""
        yield message[:1].lower() + message[1:] + quoted


def _lists(parsed: ParsedMonograph) -> Iterable[str]:
    for label, lines in (("left out", parsed.left_out), ("could not be placed", parsed.unplaced)):
        if lines:
            count = f"{len(lines)} line{'s' if len(lines) > 1 else ''}"
            yield f"{label} {count} ({', '.join(f'“{line}”' for line in lines)})"
