"""What a page must have before it can be reviewed."""

from collections.abc import Iterator

from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS, MonographDocument, SectionType
from monographs.document.models import HomeDocument, IndexDocument
from monographs.document.parts import Effects
from monographs.document.sections import SERIOUS_HEADING
from monographs.rules.check_context import CheckContext
from monographs.rules.rule import HouseRule, Severity, Violation, house_rule
from monographs.rules.text_index import TextIndex


@house_rule(
    "required-part",
    title="Required parts",
    severity=Severity.ERROR,
    why="Readers look for the same seven parts on every medicine, and serious side effects apart from the "
    "common ones. A missing part looks like good news.",
    source="The list of required sections; EU QRD template for leaflets, sections 2 and 4",
    bad="“Who should not take it” is left empty",
    good="The label names nobody who must not take it. Tell your care team about allergies.",
    unwritten=True,
)
def required_part(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """A medicine has a title, the seven sections and the serious effects; other pages have a text."""
    document = text.document
    if not document.title.strip():
        yield Violation("title", "Title", "Give the page a name.")
    if isinstance(document, MonographDocument):
        yield from _sections(document)
    elif isinstance(document, HomeDocument):
        if not document.organisation:
            yield Violation("organisation", "Organisation", "Name the organisation; every page shows it.")
    elif not isinstance(document, IndexDocument) and not any(document.walk()):
        yield Violation("body", "Body", "Write the text of the page.")


def _sections(document: MonographDocument) -> Iterator[Violation]:
    present = {section.type: section for section in document.sections}
    for required in REQUIRED_SECTIONS:
        if required not in present:
            yield Violation(
                required,
                SECTION_HEADINGS[required],
                "This section is empty. Write it, or say why there is nothing to say.",
            )
    effects = present.get(SectionType.COMMON_SIDE_EFFECTS)
    if effects and not any(isinstance(p, Effects) and p.group == "serious" for p in effects.parts):
        yield Violation(
            SectionType.COMMON_SIDE_EFFECTS,
            SERIOUS_HEADING,
            "Say which effects need action; this part is required apart from the common ones.",
        )


#: These are checked by ``draft_check``, as they need the draft, not only its text.
UNFINISHED = HouseRule(
    "unfinished-field",
    title="Nothing half filled in",
    severity=Severity.ERROR,
    why="A field that its form asks for and that is empty or wrong would be missing on the page, or keep it "
    "from being published after it was signed.",
    source="The fields of the editor",
    bad="An advice box without “How soon to act”",
    good="Call your care team today",
)
UNREADABLE = HouseRule(
    "unreadable-draft",
    title="A draft that can be shown",
    severity=Severity.ERROR,
    why="What cannot be shown as a page cannot be read by a reviewer.",
    source="The schema of documents",
    bad="A picture file that no browser shows",
    good="The same picture as PNG",
)
CHANGE_NOTE = HouseRule(
    "change-note",
    title="What changed",
    severity=Severity.ERROR,
    why="Readers who come back need to see what is different in an edition, and the reviewer needs to know "
    "what was meant.",
    source="NHS standard for creating health content; PIF TICK, criterion on review and updates",
    bad="The note of the edition before",
    good="Says how long to keep using birth control.",
    unwritten=True,
)
SOURCE_NAMES = HouseRule(
    "source-names",
    title="Sources that can be told apart",
    severity=Severity.ERROR,
    why="A section names its sources by their short names. A name that is not in the list, or is there "
    "twice, points nowhere.",
    source="The list of sources",
    bad="A section names “nhs”, which is not in the list of sources",
    good="The source is in the list and is called “nhs”",
)
NAME_IN_USE = HouseRule(
    "name-in-use",
    title="One medicine, one page",
    severity=Severity.ERROR,
    why="Readers who find two pages of one name read whichever comes first, and its text may be about "
    "another form of the medicine, or out of date.",
    source="ISMP List of Confused Drug Names (2024): similar names are a known cause of harm",
    bad="A copy of the page on vexarubicin that is called vexarubicin too",
    good="vexarubicin (liposomal)",
)
WITHDRAWN_TEXT = HouseRule(
    "withdrawn-text",
    title="No withdrawn standard texts",
    severity=Severity.ERROR,
    why="A standard text that was withdrawn is wrong wherever it is included.",
    source="Decision 74 of this project: standard texts are signed once",
    bad="A page includes version 2 of a standard text, which was withdrawn",
    good="It includes version 3, which was signed since",
)

RULES = (required_part, UNFINISHED, UNREADABLE, CHANGE_NOTE, SOURCE_NAMES, NAME_IN_USE, WITHDRAWN_TEXT)
