"""What must be there before a reviewer's time is asked for."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError as FieldsInvalid
from pydantic import ValidationError
from wagtail.fields import StreamField

from monographs.blocks.figures import FigureProblem
from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS, MonographDocument, SectionType
from monographs.document.models import BaseDocument, HomeDocument, IndexDocument
from monographs.document.parts import Effects
from monographs.document.sections import SERIOUS_HEADING
from monographs.models import MonographPage, ReviewedPage
from monographs.rules.blocks import block_problems
from monographs.rules.problem import Problem


def problems_of(draft: ReviewedPage, *, published: BaseDocument | None) -> list[Problem]:
    """Everything that keeps ``draft`` from being submitted, in the order of the page.

    ``published`` is what patients read now, None before the first edition.
    """
    return list(dict.fromkeys(_problems(draft, published)))


def _problems(draft: ReviewedPage, published: BaseDocument | None) -> Iterator[Problem]:
    try:
        document = draft.to_document()
    except FigureProblem as problem:
        yield Problem("Figure", str(problem))
        return
    except ValidationError as error:
        for fault in error.errors():
            yield Problem(".".join(str(step) for step in fault["loc"]), fault["msg"])
        return
    yield from _document_problems(document)
    for field in (f for f in draft._meta.get_fields() if isinstance(f, StreamField)):
        yield from block_problems(getattr(draft, field.name), field.name)
    if isinstance(draft, MonographPage):
        yield from _source_problems(draft)
    yield from _note_problems(document, published)
    yield from _field_problems(draft)


def _note_problems(document: BaseDocument, published: BaseDocument | None) -> Iterator[Problem]:
    if published is None or document == published:
        return
    if not document.change_note:
        yield Problem("What changed", "Say in a sentence what is different in this edition.", "change_note")
    elif document.change_note == published.change_note:
        yield Problem(
            "What changed", "This is the note of the edition before; say what is new now.", "change_note"
        )


def _field_problems(draft: ReviewedPage) -> Iterator[Problem]:
    """What Wagtail itself would refuse when the page is published, an address in use for one."""
    try:
        draft.full_clean(exclude=[f.name for f in draft._meta.get_fields() if isinstance(f, StreamField)])
    except FieldsInvalid as error:
        for field, messages in error.message_dict.items():
            for message in messages:
                yield Problem(field.replace("_", " ").capitalize(), message, field)


def _document_problems(document: BaseDocument) -> Iterator[Problem]:
    if not document.title.strip():
        yield Problem("Title", "Give the page a name.", "title")
    if isinstance(document, MonographDocument):
        yield from _section_problems(document)
    elif isinstance(document, HomeDocument):
        if not document.organisation:
            yield Problem("Organisation", "Name the organisation; every page shows it.", "organisation")
    elif not isinstance(document, IndexDocument) and not list(document.own_parts()):
        yield Problem("Body", "Write the text of the page.", "body")


def _section_problems(document: MonographDocument) -> Iterator[Problem]:
    present = {section.type: section for section in document.sections}
    for required in REQUIRED_SECTIONS:
        heading = SECTION_HEADINGS[required]
        if required not in present:
            yield Problem(
                heading, "This section is empty. Write it, or say why there is nothing to say.", required
            )
    effects = present.get(SectionType.COMMON_SIDE_EFFECTS)
    if effects and not any(isinstance(p, Effects) and p.group == "serious" for p in effects.parts):
        yield Problem(
            SERIOUS_HEADING,
            "Say which effects need action; this part is required apart from the common ones.",
            SectionType.COMMON_SIDE_EFFECTS,
        )


def _source_problems(draft: MonographPage) -> Iterator[Problem]:
    references = draft.source_references()
    for reference in sorted({r for r in references if references.count(r) > 1}):
        yield Problem("Sources", f"Two sources are called “{reference}”. Rename one.", "sources")
    for section, reference in draft.unknown_references():
        heading: Any = SECTION_HEADINGS[SectionType(section)]
        yield Problem(
            heading,
            f"There is no source called “{reference}”. Add it to the sources, or mend the name.",
            section,
        )
