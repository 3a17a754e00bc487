"""Nothing in a redline is a code of ours: every fact and every detail is in words that people read."""

import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from monographs.document.models import (
    DOCUMENT_TYPES,
    CollectionType,
    HomeDocument,
    Identifiers,
    Link,
    MonographDocument,
    Reference,
    Source,
    StandardTextUse,
)
from monographs.document.parts import (
    Advice,
    Companion,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Frequency,
    Table,
    Text,
    Urgency,
)
from monographs.document.sections import Section, SectionType
from monographs.presentation.redline_pdf import Cover, _data
from monographs.redline import redline
from tests.redline.notation import KEY

SET_ID = "aaaaaaaa-2222-4333-8444-555555555555"
SHA256 = "ab" * 32
PART_TYPES = (Text, Advice, DoDont, Table, Figure, ConditionPart, Effects, Companions)
#: A value of each fact of any document, and what a reader of the redline sees of it.
FACTS: dict[str, tuple[Any, str]] = {
    "slug": ("imatinib-tablets", "imatinib-tablets"),
    "language": ("en", "Language English"),
    "title": ("imatinib", "Name imatinib"),
    "summary": ("Summary.", "Summary Summary."),
    "change_note": ("New.", "What changed New."),
    "review_interval_months": (12, "Review interval in months 12"),
    "demonstration": (True, "Marked as demonstration yes"),
    "brand_names": (("Exemplar",), "Brand name Exemplar"),
    "pronunciation": ("i-MAT-i-nib", "Pronunciation i-MAT-i-nib"),
    "drug_class": (Reference(key=KEY, name="Kinase inhibitors"), "Drug class Kinase inhibitors"),
    "conditions": ((Reference(key=KEY, name="Leukemia"),), "Condition Leukemia"),
    "routes": (("By mouth",), "Route By mouth"),
    "identifiers": (
        Identifiers(rxcui=("1",), atc="L01", unii="U2", label_set_id=SET_ID, label_version="3"),
        f"RxCUI 1 ATC code L01 UNII U2 Label set id {SET_ID} Label version 3",
    ),
    "standard_texts": (
        (StandardTextUse(key=KEY, title="Reporting", number=2, sha256=SHA256),),
        "Standard text Reporting, version 2",
    ),
    "collection": (CollectionType.CLASSES, "Collection Drug classes"),
    "organisation": ("Foundation", "Organisation Foundation"),
    "account_link": (Link(label="Account", address="https://a.example/"), "Account link Account"),
    "app_heading": ("The app", "App heading The app"),
    "app_text": ("Get it.", "App text Get it."),
    "app_links": ((Link(label="Store", address="https://b.example/"),), "App link Store"),
    "notice": ("Closed today.", "Notice Closed today."),
    "if_nobody_answers": ("Call again.", "If nobody answers Call again."),
}
#: Words that no person writes: booleans and nothing of a program, names with an underscore, days and hashes.
_CODE = re.compile(r"\b(?:True|False|None|null)\b|\b[a-z0-9]+_[a-z_]+\b|\b\d{4}-\d\d-\d\d\b|[0-9a-f]{16,}")
_NOT_FACTS = {"schema_version", "kind", "key", "sections", "sources", "body"}


def facts_of(kind: Any) -> dict[str, Any]:
    return {name: FACTS[name][0] for name in set(kind.model_fields) - _NOT_FACTS}


def words_of(document: Any) -> str:
    """The redline of a new document as it is read."""
    sections = redline(None, document).sections
    pages = [render_to_string("redline/section.html", {"section": section}) for section in sections]
    shown = BeautifulSoup("".join(pages), "html.parser")
    for aloud in shown.select(".redline__aloud"):
        aloud.decompose()
    return " ".join(shown.get_text(" ").split())


def pdf_words(document: Any) -> str:
    sections = _data(redline(None, document), Cover("", "en", "", ()), {}, {})["sections"]
    lines = [line for section in sections for line in section["items"] if "rows" not in line]
    return " ".join(f"{line['label']} {''.join(run['text'] for run in line['runs'])}" for line in lines)


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.__name__)
def test_every_fact_of_a_page_is_in_words(kind: Any) -> None:
    document = kind(key=KEY, **facts_of(kind))
    for shown in (words_of(document), pdf_words(document)):
        for name in set(kind.model_fields) - _NOT_FACTS:
            assert FACTS[name][1] in shown, name
        assert not _CODE.findall(shown.replace(SET_ID, ""))


def test_every_part_of_a_text_is_in_words() -> None:
    parts = (
        Advice(urgency=Urgency.CALL_TODAY, urgency_label="Call the nurse", html="<p>Now.</p>"),
        DoDont(do=("Drink.",), dont=("Drive.",)),
        Figure(sha256=SHA256, media_type="image/png", width=10, height=20, alt="A pill"),
        Table(caption="Doses", header=("Day", "Dose"), row_headers=True, rows=(("1", "2 mg"),)),
        ConditionPart(condition=KEY, condition_name="Leukemia", parts=(Text(html="<p>Daily.</p>"),)),
        *(
            Effects(group="serious", items=(Effect(name="Fever", frequency=band, frequency_label="Seen"),))
            for band in Frequency
        ),
        Companions(items=(Companion(name="Other", page=KEY, why="Both."),)),
    )
    assert {type(part) for part in parts} | {Text} == set(PART_TYPES)
    source = Source(number=1, title="The label", publisher="FDA", date_seen=date(2026, 3, 1))
    section = Section(type=SectionType.HOW_IT_WORKS, heading="How it works", parts=parts, sources=(1,))
    document = MonographDocument(
        key=KEY, **facts_of(MonographDocument), sections=(section,), sources=(source,)
    )
    shown = words_of(document)
    for words in ("Date seen March 1, 2026", "Picture abababab….png", "Seen (very common)"):
        assert words in shown
        assert words in pdf_words(document)
    assert not _CODE.findall(shown.replace(SET_ID, ""))


def test_a_language_without_a_name_is_shown_as_it_is_stored() -> None:
    assert "Language tlh" in words_of(HomeDocument(key=KEY, **facts_of(HomeDocument) | {"language": "tlh"}))
