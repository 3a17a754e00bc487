"""Structured data (JSON-LD) of pages by their kind: medicines, classes, conditions, the home page.

Terms: https://schema.org/MedicalWebPage, https://schema.org/BreadcrumbList and https://schema.org/WebSite.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext

from monographs.document.models import (
    BaseDocument,
    CollectionType,
    ConditionDocument,
    DrugClassDocument,
    HomeDocument,
    MonographDocument,
)
from monographs.public.json_encoding import encode, joined
from monographs.public.list_context import ListContext
from monographs.public.queries import HOME, ReadEdition
from monographs.public.responses import absolute_url
from monographs.public.schema_org import medicine_terms, organisation, page_terms, without_empty


def structured_data(
    document: BaseDocument,
    edition: ReadEdition,
    links: Mapping[str, str],
    listing: ListContext,
    publisher: str,
) -> str:
    """Return the JSON-LD of the page of ``document``; empty for a kind of page without.

    ``links`` are public paths by key, ``listing`` the lists on the page, ``publisher`` the site's name.
    """
    match document:
        case HomeDocument():
            return encode({"@context": "https://schema.org", **_site(document, publisher)})
        case MonographDocument():
            class_path = links.get(document.drug_class.key) if document.drug_class else None
            class_address = absolute_url(class_path) if class_path else ""
            more = _encoded_medicine(document, absolute_url(edition.path), class_address)
            above = (gettext("Medicines A to Z"), CollectionType.MEDICINES.path)
        case DrugClassDocument():
            more = encode({"about": _treated_with("DrugClass", document, listing)})
            above = (gettext("Drug classes"), CollectionType.CLASSES.path)
        case ConditionDocument():
            more = encode({"about": _treated_with("MedicalCondition", document, listing)})
            above = (gettext("Conditions"), CollectionType.CONDITIONS.path)
        case _:
            return ""
    breadcrumb = _breadcrumb([(publisher, HOME), above, (document.title, edition.path)])
    terms = {**page_terms(document, edition, publisher), "breadcrumb": breadcrumb}
    return joined({"@context": "https://schema.org", **without_empty(terms)}, more)


@lru_cache(maxsize=256)
def _encoded_medicine(document: MonographDocument, address: str, class_address: str) -> str:
    """Return what does not change while an edition is current, as JSON: a sixth of the time of a page."""
    return encode(without_empty(medicine_terms(document, address, class_address)))


def _site(document: HomeDocument, publisher: str) -> dict[str, Any]:
    return without_empty(
        {
            "@type": "WebSite",
            "@id": absolute_url(HOME),
            "url": absolute_url(HOME),
            "name": publisher,
            "description": document.summary,
            "inLanguage": document.language,
            "publisher": organisation(publisher),
        }
    )


def _treated_with(term: str, document: BaseDocument, listing: ListContext) -> dict[str, Any]:
    """Return a class or a condition with its medicines."""
    medicines = [
        without_empty(
            {
                "@type": "Drug",
                "name": entry.title,
                "proprietaryName": list(entry.brand_names),
                "url": absolute_url(entry.path),
            }
        )
        for entry in listing.medicines
    ]
    return without_empty({"@type": term, "name": document.title, "drug": medicines})


def _breadcrumb(places: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the way to a page, from the home page to itself: names and public paths."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": {"@type": "WebPage", "@id": absolute_url(path)},
            }
            for position, (name, path) in enumerate(places, 1)
        ],
    }
