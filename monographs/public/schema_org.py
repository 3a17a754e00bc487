"""Structured data (JSON-LD) in terms of schema.org: of every reviewed page, and of a medicine's.

Every value is taken from the document or the edition, so that search engines show nothing a reviewer has not
signed. Terms: https://schema.org/MedicalWebPage and https://schema.org/Drug.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from urllib.parse import quote

from monographs.document.models import BaseDocument, Identifiers, MonographDocument, Source
from monographs.document.parts import Effects
from monographs.document.passages import as_text, excerpt, part_passages, passages
from monographs.document.sections import SectionType
from monographs.public.queries import ReadEdition
from monographs.public.responses import absolute_url

#: URL of an FDA label by its set id (DailyMed's documented form for links).
LABEL_URL = "https://dailymed.nlm.nih.gov/dailymed/lookup.cfm?setid="
#: Characters; search engines show about this many of a description.
DESCRIPTION_LENGTH = 160


def page_terms(document: BaseDocument, edition: ReadEdition, publisher: str) -> dict[str, Any]:
    """Return what is said of every reviewed page: its name, who reviewed it and when, who publishes it."""
    return {
        "@type": "MedicalWebPage",
        "@id": absolute_url(edition.path),
        "url": absolute_url(edition.path),
        "name": document.title,
        "description": description(document),
        "inLanguage": document.language,
        "version": edition.number,
        "dateModified": edition.published_at.astimezone(UTC).isoformat(),
        "lastReviewed": edition.last_reviewed.isoformat(),
        "reviewedBy": [_person(reviewer) for reviewer in edition.reviewers],
        "medicalAudience": {"@type": "Patient"},
        "publisher": organisation(publisher),
    }


def medicine_terms(document: MonographDocument, address: str, class_address: str = "") -> dict[str, Any]:
    """Return what the page of a medicine says besides: its sources, and the medicine itself.

    ``address`` is that of the page; ``class_address`` that of its drug class, empty if that is not public.
    """
    return {
        "citation": [_citation(source) for source in document.sources],
        "about": _drug(document, address, class_address),
    }


def organisation(name: str) -> dict[str, Any]:
    """Return the organisation that publishes the site."""
    home = absolute_url("/")
    return {"@type": "Organization", "@id": f"{home}#organisation", "name": name, "url": home}


def description(document: BaseDocument) -> str:
    """Return a short description of a page: its summary, or the beginning of its text."""
    if document.summary:
        return document.summary
    first = next(passages(document), None)
    return excerpt(first, DESCRIPTION_LENGTH) if first else ""


def _drug(document: MonographDocument, address: str, class_address: str) -> dict[str, Any]:
    """Return the medicine, as a Drug and a MedicalTherapy: adverse outcomes are properties of the latter."""
    return without_empty(
        {
            "@type": ["Drug", "MedicalTherapy"],
            "@id": f"{address}#medicine",
            "name": document.title,
            "nonProprietaryName": document.title,
            "proprietaryName": list(document.brand_names),
            "drugClass": _drug_class(document, class_address),
            "mechanismOfAction": _section_texts(document, SectionType.HOW_IT_WORKS),
            "administrationRoute": list(document.routes),
            "adverseOutcome": _outcomes(document, "common"),
            "seriousAdverseOutcome": _outcomes(document, "serious"),
            "contraindication": _section_texts(document, SectionType.WHO_SHOULD_NOT_TAKE_IT),
            "pregnancyWarning": _section_texts(document, SectionType.PREGNANCY_AND_BREASTFEEDING),
            "warning": _section_texts(document, SectionType.BOXED_WARNING),
            "labelDetails": _label(document.identifiers),
            "rxcui": list(document.identifiers.rxcui),
            "code": _codes(document.identifiers),
        }
    )


def _drug_class(document: MonographDocument, address: str) -> dict[str, Any] | None:
    if document.drug_class is None:
        return None
    return without_empty({"@type": "DrugClass", "name": document.drug_class.name, "url": address})


def _outcomes(document: MonographDocument, group: str) -> list[dict[str, Any]]:
    return [
        {"@type": "MedicalEntity", "name": passage.name, "description": as_text(passage)}
        for located in document.walk()
        if isinstance(located.part, Effects) and located.part.group == group
        for passage in part_passages(located)
        if passage.name
    ]


def _codes(identifiers: Identifiers) -> list[dict[str, Any]]:
    known = {"ATC": identifiers.atc, "UNII": identifiers.unii}
    return [
        {"@type": "MedicalCode", "codingSystem": system, "codeValue": value}
        for system, value in known.items()
        if value
    ]


def _label(identifiers: Identifiers) -> str:
    return LABEL_URL + quote(identifiers.label_set_id, safe="") if identifiers.label_set_id else ""


def _person(reviewer: Mapping[str, str]) -> dict[str, Any]:
    return without_empty(
        {"@type": "Person", "name": reviewer["name"], "honorificSuffix": reviewer.get("credentials", "")}
    )


def _citation(source: Source) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": source.publisher} if source.publisher else None
    return without_empty(
        {"@type": "CreativeWork", "name": source.title, "publisher": publisher, "url": source.address}
    )


def _section_texts(document: MonographDocument, wanted: SectionType) -> list[str]:
    """Return what a section says, each box by itself."""
    located = (each for each in document.walk() if each.section and each.section.type is wanted)
    found = (passage for each in located for passage in part_passages(each))
    return [as_text(passage, with_section=True) for passage in found]


def without_empty(terms: dict[str, Any]) -> dict[str, Any]:
    """Return ``terms`` without empty values, which would be read as statements."""
    return {term: value for term, value in terms.items() if value}
