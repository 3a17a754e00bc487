"""Structured data (JSON-LD) of a medicine's page in terms of schema.org.

Every value is taken from the document or the edition, so that search engines show nothing a reviewer has not
signed. Terms: https://schema.org/MedicalWebPage and https://schema.org/Drug.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any
from urllib.parse import quote

from monographs.document.html import plain_text
from monographs.document.models import BaseDocument, Identifiers, MonographDocument, Source
from monographs.document.parts import (
    Advice,
    CommonPart,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Part,
    Table,
    Text,
)
from monographs.document.sections import SectionType
from monographs.document.table_text import table_texts
from monographs.public.queries import ReadEdition
from monographs.public.responses import absolute_url

#: URL of an FDA label by its set id (DailyMed's documented form for links).
LABEL_URL = "https://dailymed.nlm.nih.gov/dailymed/lookup.cfm?setid="
#: Characters; search engines show about this many of a description.
DESCRIPTION_LENGTH = 160


def structured_data(
    document: MonographDocument, edition: ReadEdition, links: Mapping[str, str], publisher: str
) -> dict[str, Any]:
    """Return the JSON-LD of the page of ``document``. ``links`` are public paths by key."""
    return {
        "@context": "https://schema.org",
        **_without_empty(
            {
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
                "publisher": {"@type": "Organization", "name": publisher, "url": absolute_url("/")},
                "citation": [_citation(source) for source in document.sources],
                "about": _drug(document, edition, links),
            }
        ),
    }


def description(document: BaseDocument) -> str:
    """Return a short description of a page: its summary, or the beginning of its text."""
    text = document.summary or next((t for part in document.all_parts() for t in _part_texts(part)), "")
    if len(text) <= DESCRIPTION_LENGTH or text == document.summary:
        return text
    return text[:DESCRIPTION_LENGTH].rpartition(" ")[0] + " …"


def _drug(document: MonographDocument, edition: ReadEdition, links: Mapping[str, str]) -> dict[str, Any]:
    """Return the medicine, as a Drug and a MedicalTherapy: adverse outcomes are properties of the latter."""
    effects = [part for part in document.all_parts() if isinstance(part, Effects)]
    return _without_empty(
        {
            "@type": ["Drug", "MedicalTherapy"],
            "@id": absolute_url(edition.path) + "#medicine",
            "name": document.title,
            "nonProprietaryName": document.title,
            "proprietaryName": list(document.brand_names),
            "drugClass": _drug_class(document, links),
            "mechanismOfAction": _section_text(document, SectionType.HOW_IT_WORKS),
            "administrationRoute": list(document.routes),
            "adverseOutcome": _outcomes(effects, "common"),
            "seriousAdverseOutcome": _outcomes(effects, "serious"),
            "contraindication": _section_text(document, SectionType.WHO_SHOULD_NOT_TAKE_IT),
            "pregnancyWarning": _section_text(document, SectionType.PREGNANCY_AND_BREASTFEEDING),
            "warning": _section_text(document, SectionType.BOXED_WARNING),
            "labelDetails": _label(document.identifiers),
            "rxcui": list(document.identifiers.rxcui),
            "code": _codes(document.identifiers),
        }
    )


def _drug_class(document: MonographDocument, links: Mapping[str, str]) -> dict[str, Any] | None:
    if document.drug_class is None:
        return None
    path = links.get(document.drug_class.key)
    return _without_empty(
        {
            "@type": "DrugClass",
            "name": document.drug_class.name,
            "url": absolute_url(path) if path else "",
        }
    )


def _outcomes(groups: Iterable[Effects], group: str) -> list[dict[str, Any]]:
    return [_outcome(effect) for part in groups if part.group == group for effect in part.items]


def _outcome(effect: Effect) -> dict[str, Any]:
    texts = (effect.frequency_label, effect.explanation, effect.urgency_label, effect.what_to_do)
    return _without_empty({"@type": "MedicalEntity", "name": effect.name, "description": _sentences(texts)})


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
    return _without_empty(
        {"@type": "Person", "name": reviewer["name"], "honorificSuffix": reviewer.get("credentials", "")}
    )


def _citation(source: Source) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": source.publisher} if source.publisher else None
    return _without_empty(
        {"@type": "CreativeWork", "name": source.title, "publisher": publisher, "url": source.address}
    )


def _section_text(document: MonographDocument, wanted: SectionType) -> str:
    """Return the text of a section, without its lists of effects and companions."""
    parts = (part for part, section, _ in document.walk() if section and section.type is wanted)
    return " ".join(text for part in parts for text in _part_texts(part))


def _part_texts(part: Part | CommonPart) -> Iterator[str]:
    match part:
        case Text():
            yield plain_text(part.html)
        case Advice():
            yield _sentences((part.urgency_label, plain_text(part.html)))
        case DoDont():
            yield _sentences(
                (*(f"Do: {item}" for item in part.do), *(f"Do not: {item}" for item in part.dont))
            )
        case Table():
            yield _sentences(table_texts(part))
        case ConditionPart():
            yield f"For {part.condition_name}:"


def _sentences(texts: Iterable[str]) -> str:
    """Join texts, adding a full stop to each that has no closing punctuation."""
    return " ".join(s if s.endswith((".", "!", "?", ":")) else f"{s}." for s in texts if s)


def _without_empty(terms: dict[str, Any]) -> dict[str, Any]:
    """Return ``terms`` without empty values, which would be read as statements."""
    return {term: value for term, value in terms.items() if value}
