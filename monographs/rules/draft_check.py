"""Everything the rules say of a draft on the desk, and of a text in review."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as FieldsInvalid
from pydantic import ValidationError
from wagtail.fields import StreamField

from monographs.blocks.image_snapshot import ImageError
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.document.models import BaseDocument
from monographs.models import MonographPage, ReviewedPage
from monographs.rules.block_errors import block_errors
from monographs.rules.check_context import CheckContext
from monographs.rules.checks.structure import CHANGE_NOTE, SOURCE_NAMES, UNFINISHED, UNREADABLE
from monographs.rules.document_check import document_violations, in_order
from monographs.rules.finding import Finding
from monographs.rules.models import Overrule
from monographs.rules.rule import HouseRule, Violation
from monographs.rules.submit_error import SubmitError
from monographs.rules.text_index import TextIndex


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """A draft, resolved and checked once.

    ``index`` and ``context`` are None for a draft that cannot be resolved to a document. ``found`` are all
    findings in the order of the page, without regard to overrules.
    """

    key: UUID
    found: list[Finding]
    index: TextIndex | None = None
    context: CheckContext | None = None

    @property
    def document(self) -> BaseDocument | None:
        """The document of the draft; None if it cannot be resolved."""
        return self.index.document if self.index else None

    def findings(self) -> list[Finding]:
        """Return the findings, overruled ones marked. One query, for the overrules as they are now."""
        return with_overrules(self.found, self.key) if self.index else self.found


def check_draft(draft: ReviewedPage, *, published: BaseDocument | None) -> DraftCheck:
    """Resolve ``draft`` and check it against all rules.

    ``published`` is the document that patients read now, None before the first edition. Three queries for the
    context, in addition to those that resolve and validate the draft, however long the text is.
    """
    key = draft.translation_key
    try:
        document = draft.to_document()
    except ImageError as problem:
        return DraftCheck(key, in_order([(UNREADABLE, Violation("", "Figure", str(problem)))]))
    except ValidationError as error:
        faults = (Violation("", ".".join(map(str, f["loc"])), f["msg"]) for f in error.errors())
        return DraftCheck(key, in_order((UNREADABLE, fault) for fault in faults))
    index = TextIndex(document)
    context = CheckContext.on_desk(index)
    hits = [
        *document_violations(index, context),
        *_draft_hits(draft),
        *_note_hits(document, published),
    ]
    return DraftCheck(key, in_order(hits), index, context)


def findings_of(draft: ReviewedPage, *, published: BaseDocument | None) -> list[Finding]:
    """Return the findings on ``draft``, overruled ones marked: see ``check_draft``."""
    return check_draft(draft, published=published).findings()


def submit_errors_of(draft: ReviewedPage, *, published: BaseDocument | None) -> list[SubmitError]:
    """What keeps ``draft`` from being submitted, in the order of the page."""
    return [
        SubmitError(finding.place, message_of(finding), finding.anchor)
        for finding in findings_of(draft, published=published)
        if finding.stops
    ]


def findings_of_submission(document: BaseDocument, key: Any) -> list[Finding]:
    """Everything the rules say of a submitted text, overruled ones with the reason; in reading order.

    ``key`` is the page's. Four queries. What only a draft can break is not asked again.
    """
    reading = TextIndex(document)
    return with_overrules(in_order(document_violations(reading, CheckContext.on_desk(reading))), key)


def with_overrules(findings: list[Finding], key: Any) -> list[Finding]:
    """``findings`` with the reason wherever somebody overruled the rule at that place. One query."""
    overruled = {
        (row.rule, row.anchor, row.fingerprint): row
        for row in Overrule.objects.filter(key=key, withdrawn_at=None)
    }
    return [_marked(finding, overruled) for finding in findings]


def _marked(finding: Finding, overruled: dict[tuple[str, str, str], Overrule]) -> Finding:
    row = overruled.get((finding.rule, finding.anchor, finding.fingerprint))
    if row is None or not finding.overrulable:
        return finding
    return replace(finding, reason=row.reason, overruled_by=row.overruler.name)


def message_of(finding: Finding) -> str:
    """The message of a finding, with the words it is about where it does not quote them itself."""
    if not finding.excerpt or finding.excerpt in finding.message:
        return finding.message
    return f"{finding.message} It says “{finding.excerpt}”."


def _draft_hits(draft: ReviewedPage) -> Iterator[tuple[HouseRule, Violation]]:
    for field in (f for f in draft._meta.get_fields() if isinstance(f, StreamField)):
        for problem in block_errors(getattr(draft, field.name), field.name):
            yield UNFINISHED, Violation(problem.anchor, problem.place, problem.message)
    if isinstance(draft, MonographPage):
        for hit in _source_hits(draft):
            yield SOURCE_NAMES, hit
    for hit in _field_hits(draft):
        yield UNFINISHED, hit


def _field_hits(draft: ReviewedPage) -> Iterable[Violation]:
    """What Wagtail itself would refuse when the page is published, an address in use for one.

    Not that there is no title: required parts say so in better words.
    """
    try:
        draft.full_clean(exclude=[f.name for f in draft._meta.get_fields() if isinstance(f, StreamField)])
    except FieldsInvalid as error:
        for field, messages in error.message_dict.items():
            if field == "title" and not draft.title.strip():
                continue
            for message in messages:
                yield Violation(field, field.replace("_", " ").capitalize(), message)


def _source_hits(draft: MonographPage) -> Iterator[Violation]:
    references = draft.source_references()
    for reference in sorted({r for r in references if references.count(r) > 1}):
        yield Violation("sources", "Sources", f"Two sources are called “{reference}”. Rename one.")
    for section, reference in draft.unknown_references():
        message = f"There is no source called “{reference}”. Add it to the sources, or mend the name."
        yield Violation(section, SECTION_HEADINGS[SectionType(section)], message)


def _note_hits(
    document: BaseDocument, published: BaseDocument | None
) -> Iterator[tuple[HouseRule, Violation]]:
    if published is None or document == published:
        return
    if not document.change_note:
        message = "Say in a sentence what is different in this edition."
    elif document.change_note == published.change_note:
        message = "This is the note of the edition before; say what is new now."
    else:
        return
    yield CHANGE_NOTE, Violation("change_note", "What changed", message)
