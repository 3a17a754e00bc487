"""A medicine's page as search engines read it: schema.org's terms, filled from the signed document.

Every value is taken from the document or the edition, so that a machine is told nothing a reviewer has not
signed. Terms: https://schema.org/MedicalWebPage and https://schema.org/Drug.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any
from urllib.parse import quote

from monographs.document.html import plain_text
from monographs.document.models import BaseDocument, Identifiers, MonographDocument, Source
from monographs.document.parts import Advice, CommonPart, ConditionPart, DoDont, Effect, Effects, Part, Text
from monographs.document.sections import SectionType
from monographs.public.queries import ReadEdition
from monographs.public.responses import public_address

#: How the FDA's label is read, by its set id (DailyMed's documented address for links).
LABEL = "https://dailymed.nlm.nih.gov/dailymed/lookup.cfm?setid="
#: Search engines show about this many characters of a description.
DESCRIPTION_LENGTH = 160


def structured_data(
    document: MonographDocument, edition: ReadEdition, links: Mapping[str, str], publisher: str
) -> dict[str, Any]:
    """The page of ``document`` as JSON-LD. ``links`` are public paths by key."""
    return {
        "@context": "https://schema.org",
        **_filled(
            {
                "@type": "MedicalWebPage",
                "@id": public_address(edition.path),
                "url": public_address(edition.path),
                "name": document.title,
                "description": description(document),
                "inLanguage": document.language,
                "version": edition.number,
                "dateModified": edition.published_at.astimezone(UTC).isoformat(),
                "lastReviewed": edition.last_reviewed.isoformat(),
                "reviewedBy": [_person(reviewer) for reviewer in edition.reviewers],
                "medicalAudience": {"@type": "Patient"},
                "publisher": {"@type": "Organization", "name": publisher, "url": public_address("/")},
                "citation": [_citation(source) for source in document.sources],
                "about": _drug(document, edition, links),
            }
        ),
    }


def description(document: BaseDocument) -> str:
    """What a page is about in a line: its summary, or how its first section begins."""
    words = document.summary or next((said for part in document.all_parts() for said in _said(part)), "")
    if len(words) <= DESCRIPTION_LENGTH or words == document.summary:
        return words
    return words[:DESCRIPTION_LENGTH].rpartition(" ")[0] + " …"


def _drug(document: MonographDocument, edition: ReadEdition, links: Mapping[str, str]) -> dict[str, Any]:
    """The medicine. What it does to people are terms of a therapy; the vocabulary lets a thing be both."""
    effects = [part for part in document.all_parts() if isinstance(part, Effects)]
    section = SectionType
    return _filled(
        {
            "@type": ["Drug", "MedicalTherapy"],
            "@id": public_address(edition.path) + "#medicine",
            "name": document.title,
            "nonProprietaryName": document.title,
            "proprietaryName": list(document.brand_names),
            "drugClass": _drug_class(document, links),
            "mechanismOfAction": _words(document, section.HOW_IT_WORKS),
            "administrationRoute": list(document.routes),
            "adverseOutcome": _outcomes(effects, "common"),
            "seriousAdverseOutcome": _outcomes(effects, "serious"),
            "contraindication": _words(document, section.WHO_SHOULD_NOT_TAKE_IT),
            "pregnancyWarning": _words(document, section.PREGNANCY_AND_BREASTFEEDING),
            "warning": _words(document, section.BOXED_WARNING),
            "labelDetails": _label(document.identifiers),
            "rxcui": list(document.identifiers.rxcui),
            "code": _codes(document.identifiers),
        }
    )


def _drug_class(document: MonographDocument, links: Mapping[str, str]) -> dict[str, Any] | None:
    if document.drug_class is None:
        return None
    path = links.get(document.drug_class.key)
    return _filled(
        {
            "@type": "DrugClass",
            "name": document.drug_class.name,
            "url": public_address(path) if path else "",
        }
    )


def _outcomes(groups: Iterable[Effects], group: str) -> list[dict[str, Any]]:
    return [_outcome(effect) for part in groups if part.group == group for effect in part.items]


def _outcome(effect: Effect) -> dict[str, Any]:
    said = (effect.frequency_label, effect.explanation, effect.urgency_label, effect.what_to_do)
    return _filled({"@type": "MedicalEntity", "name": effect.name, "description": _sentences(said)})


def _codes(identifiers: Identifiers) -> list[dict[str, Any]]:
    known = {"ATC": identifiers.atc, "UNII": identifiers.unii}
    return [
        {"@type": "MedicalCode", "codingSystem": system, "codeValue": value}
        for system, value in known.items()
        if value
    ]


def _label(identifiers: Identifiers) -> str:
    return LABEL + quote(identifiers.label_set_id, safe="") if identifiers.label_set_id else ""


def _person(reviewer: Mapping[str, str]) -> dict[str, Any]:
    return _filled(
        {"@type": "Person", "name": reviewer["name"], "honorificSuffix": reviewer.get("credentials", "")}
    )


def _citation(source: Source) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": source.publisher} if source.publisher else None
    return _filled(
        {"@type": "CreativeWork", "name": source.title, "publisher": publisher, "url": source.address}
    )


def _words(document: MonographDocument, wanted: SectionType) -> str:
    """What a section says, without its lists of effects and companions."""
    parts = (part for part, section, _ in document.walk() if section and section.type is wanted)
    return " ".join(said for part in parts for said in _said(part))


def _said(part: Part | CommonPart) -> Iterator[str]:
    match part:
        case Text():
            yield plain_text(part.html)
        case Advice():
            yield _sentences((part.urgency_label, plain_text(part.html)))
        case DoDont():
            yield _sentences(
                (*(f"Do: {item}" for item in part.do), *(f"Do not: {item}" for item in part.dont))
            )
        case ConditionPart():
            yield f"For {part.condition_name}:"


def _sentences(said: Iterable[str]) -> str:
    """What was said, each with a full stop if it has no end of its own."""
    return " ".join(s if s.endswith((".", "!", "?", ":")) else f"{s}." for s in said if s)


def _filled(terms: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known: an empty value would be a statement."""
    return {term: value for term, value in terms.items() if value}
