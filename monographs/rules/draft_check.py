"""Findings of the house rules in a draft, and in a submitted text."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import ValidationError as FieldsInvalid
from pydantic import ValidationError
from wagtail.fields import StreamField

from monographs.blocks.image_snapshot import ImageError
from monographs.blocks.resolve_context import ListLevelsError
from monographs.blocks.standard_text_block import UnsignedTextError
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.document.models import BaseDocument
from monographs.editions.name_conflicts import name_conflicts
from monographs.editions.queries import current_edition
from monographs.editions.standard_texts import standard_texts_of, withdrawn_message, withdrawn_uses
from monographs.models import MonographPage, ReviewedPage
from monographs.rules.block_errors import block_errors
from monographs.rules.check_context import CheckContext
from monographs.rules.checks.structure import (
    CHANGE_NOTE,
    NAME_IN_USE,
    SOURCE_NAMES,
    UNFINISHED,
    UNREADABLE,
    WITHDRAWN_TEXT,
)
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

    ``published`` is the document that patients read now, None before the first edition. The queries for the
    context (``CheckContext.load``) are as many however long the text is.
    """
    key = draft.translation_key
    try:
        document = draft.to_document()
    except ImageError as problem:
        return DraftCheck(key, in_order([(UNREADABLE, Violation("", "Figure", str(problem)))]))
    except UnsignedTextError as problem:
        return DraftCheck(key, in_order([(UNREADABLE, Violation("", "Standard text", str(problem)))]))
    except ListLevelsError as problem:
        return DraftCheck(key, in_order([(UNREADABLE, Violation("", "Text", str(problem)))]))
    except ValidationError as error:
        faults = (Violation("", ".".join(map(str, f["loc"])), f["msg"]) for f in error.errors())
        return DraftCheck(key, in_order((UNREADABLE, fault) for fault in faults))
    index = TextIndex(document)
    context = CheckContext.load(index)
    violations = [
        *document_violations(index, context),
        *_draft_violations(draft, document),
        *_note_violations(document, published),
    ]
    return DraftCheck(key, in_order(violations), index, context)


def findings_of(draft: ReviewedPage, *, published: BaseDocument | None) -> list[Finding]:
    """Return what the rules find in ``draft``, overruled findings marked: see ``check_draft``."""
    return check_draft(draft, published=published).findings()


def current_findings(draft: ReviewedPage) -> list[Finding]:
    """Return what the rules find in ``draft``, compared with the current edition of its page."""
    edition = current_edition(draft.translation_key)
    return findings_of(draft, published=edition.document if edition else None)


def submit_errors_of(draft: ReviewedPage, *, published: BaseDocument | None) -> list[SubmitError]:
    """Return what keeps ``draft`` from being submitted, in the order of the page."""
    return [
        SubmitError(finding.place, message_of(finding), finding.anchor)
        for finding in findings_of(draft, published=published)
        if finding.stops
    ]


def findings_of_submission(document: BaseDocument, key: UUID) -> list[Finding]:
    """Return what the rules find in a submitted text, in reading order, overruled findings marked.

    ``key`` is the page's. Five queries, up to three more if a name has changed, and one or two if it follows
    a label. Rules that only a draft can break are not checked again.
    """
    text = TextIndex(document)
    return with_overrules(in_order(document_violations(text, CheckContext.load(text))), key)


def with_overrules(findings: list[Finding], key: UUID) -> list[Finding]:
    """Return ``findings``, with the reason where somebody overruled the rule at that place. One query."""
    overruled = {
        (row.rule, row.anchor, row.fingerprint): row
        for row in Overrule.objects.filter(key=key, withdrawn_at=None)
    }
    standing = {(finding.rule, finding.anchor, finding.fingerprint) for finding in findings}
    left = [row for place, row in overruled.items() if place not in standing]
    return [_with_reason(finding, overruled, left) for finding in findings]


def _with_reason(
    finding: Finding, overruled: dict[tuple[str, str, str], Overrule], left: list[Overrule]
) -> Finding:
    """Return ``finding`` with its reason, or with the one of ``left`` that was given for the same words."""
    row = overruled.get((finding.rule, finding.anchor, finding.fingerprint))
    if not finding.overrulable:
        return finding
    if row is None:
        words = _words(finding.excerpt)
        earlier = [
            each
            for each in left
            if (each.rule, each.anchor, _words(each.excerpt)) == (finding.rule, finding.anchor, words)
        ]
        return replace(
            finding, earlier_reason=max(earlier, key=lambda each: each.at).reason if earlier else ""
        )
    return replace(finding, reason=row.reason, overruled_by=row.overruler.name)


def _words(text: str) -> list[str]:
    return text.casefold().split()


def message_of(finding: Finding) -> str:
    """Return the message of a finding, with its excerpt where the message does not quote it."""
    if not finding.excerpt or finding.excerpt in finding.message:
        return finding.message
    return f"{finding.message} It says “{finding.excerpt}”."


def _draft_violations(draft: ReviewedPage, document: BaseDocument) -> Iterator[tuple[HouseRule, Violation]]:
    for field in (f for f in draft._meta.get_fields() if isinstance(f, StreamField)):
        for problem in block_errors(getattr(draft, field.name), field.name):
            yield UNFINISHED, Violation(problem.anchor, problem.place, problem.message)
    if isinstance(draft, MonographPage):
        for violation in _source_violations(draft):
            yield SOURCE_NAMES, violation
    for use in withdrawn_uses(standard_texts_of(document)):
        anchor = _section_with(draft, use.key) if isinstance(draft, MonographPage) else "body"
        yield WITHDRAWN_TEXT, Violation(anchor, "Standard text", withdrawn_message(use))
    for conflict in name_conflicts(document):
        place = "Title" if conflict.anchor == "title" else "Brand names"
        yield NAME_IN_USE, Violation(conflict.anchor, place, conflict.message, conflict.name, conflict.name)
    for violation in _field_violations(draft):
        yield UNFINISHED, violation


def _field_violations(draft: ReviewedPage) -> Iterable[Violation]:
    """What Wagtail would refuse when the page is published, for example a slug that is in use.

    A missing title is left out: ``required-part`` reports it in better words, and the slug follows from it.
    """
    try:
        draft.full_clean(exclude=[f.name for f in draft._meta.get_fields() if isinstance(f, StreamField)])
    except FieldsInvalid as error:
        for field, messages in error.message_dict.items():
            if field in ("title", "slug") and not draft.title.strip() and not getattr(draft, field):
                continue
            for message in messages:
                yield Violation(field, field.replace("_", " ").capitalize(), message)


def _source_violations(draft: MonographPage) -> Iterator[Violation]:
    references = draft.source_references()
    for reference in sorted({r for r in references if references.count(r) > 1}):
        yield Violation("sources", "Sources", f"Two sources are called “{reference}”. Rename one.")
    for section, reference in draft.unknown_references():
        message = f"There is no source called “{reference}”. Add it to the sources, or fix the name."
        yield Violation(section, SECTION_HEADINGS[SectionType(section)], message)


def _section_with(draft: MonographPage, words: str) -> str:
    """Return the first section whose stored value has ``words``; an empty text if none has."""
    stored = draft.sections.get_prep_value()
    return next((child["type"] for child in stored if words in json.dumps(child["value"])), "")


def change_note_problem(document: BaseDocument, published: BaseDocument | None) -> str:
    """Return what is wrong with what a document says on what changed since ``published``; "" if nothing."""
    if published is None or document == published:
        return ""
    if not document.change_note:
        return "Say in a sentence what is different in this edition."
    if document.change_note == published.change_note:
        return "This is the note of the edition before; say what is new in this one."
    return ""


def _note_violations(
    document: BaseDocument, published: BaseDocument | None
) -> Iterator[tuple[HouseRule, Violation]]:
    if message := change_note_problem(document, published):
        yield CHANGE_NOTE, Violation("change_note", "What changed", message)
