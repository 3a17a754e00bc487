"""Structured data (JSON-LD) of pages by their kind: medicines, classes, conditions, the home page.

Terms: https://schema.org/MedicalWebPage, https://schema.org/BreadcrumbList and https://schema.org/WebSite.
"""

from collections.abc import Iterable, Mapping
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
) -> dict[str, Any] | None:
    """Return the JSON-LD of the page of ``document``, None for a kind of page without.

    ``links`` are public paths by key, ``listing`` the lists on the page, ``publisher`` the site's name.
    """
    match document:
        case HomeDocument():
            return {"@context": "https://schema.org", **_site(document, publisher)}
        case MonographDocument():
            more = medicine_terms(document, edition, links)
            above = (gettext("Medicines A to Z"), CollectionType.MEDICINES.path)
        case DrugClassDocument():
            more = {"about": _treated_with("DrugClass", document, listing)}
            above = (gettext("Drug classes"), CollectionType.CLASSES.path)
        case ConditionDocument():
            more = {"about": _treated_with("MedicalCondition", document, listing)}
            above = (gettext("Conditions"), CollectionType.CONDITIONS.path)
        case _:
            return None
    breadcrumb = _breadcrumb([(publisher, HOME), above, (document.title, edition.path)])
    terms = {**page_terms(document, edition, publisher), "breadcrumb": breadcrumb, **more}
    return {"@context": "https://schema.org", **without_empty(terms)}


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
