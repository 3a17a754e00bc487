"""Walking a document: every part in reading order, with its section and its condition."""

from monographs.document import InformationDocument, MonographDocument
from monographs.document.models import LocatedPart
from monographs.document.parts import ConditionPart, Text
from monographs.document.sections import Section, SectionType

KEY = "00000000-0000-4000-8000-000000000001"
FIRST, INNER, LAST = (Text(html=f"<p>{word}</p>") for word in ("first", "inner", "last"))
FOR_CONDITION = ConditionPart(condition=KEY, condition_name="CML", parts=(INNER,))


def test_parts_for_one_condition_follow_the_part_that_holds_them() -> None:
    section = Section(type=SectionType.HOW_IT_WORKS, heading="How it works", parts=(FOR_CONDITION, LAST))
    opening = Section(type=SectionType.BOXED_WARNING, heading="Most serious warnings", parts=(FIRST,))
    document = MonographDocument(
        key=KEY, slug="x", title="x", review_interval_months=12, sections=(opening, section)
    )
    assert list(document.walk()) == [
        LocatedPart(FIRST, opening),
        LocatedPart(FOR_CONDITION, section),
        LocatedPart(INNER, section, FOR_CONDITION),
        LocatedPart(LAST, section),
    ]
    assert list(document.all_parts()) == [FIRST, FOR_CONDITION, INNER, LAST]
    assert list(section.all_parts()) == [FOR_CONDITION, INNER, LAST]


def test_a_document_without_sections_has_parts_without_a_section() -> None:
    document = InformationDocument(
        key=KEY, slug="x", title="x", review_interval_months=12, body=(FIRST, LAST)
    )
    assert list(document.walk()) == [LocatedPart(FIRST), LocatedPart(LAST)]
