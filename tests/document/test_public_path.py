"""Public paths: one pattern per kind of document, from which everything else is made."""

from typing import Any

import pytest

from monographs.document.models import DOCUMENT_TYPES, PATH_PATTERNS, CollectionType
from monographs.editions.record.text_facts import path_of

FIELDS: dict[str, Any] = {
    "key": "00000000-0000-4000-8000-000000000001",
    "slug": "a-slug",
    "title": "A title",
    "review_interval_months": 12,
    "collection": CollectionType.CLASSES,
    "organisation": "An organisation",
}


def document_of(document_type: Any) -> Any:
    """A document of this type with its required fields only."""
    required = [name for name, field in document_type.model_fields.items() if field.is_required()]
    return document_type(**{name: FIELDS[name] for name in required})


def test_published_paths_stay_as_they_are() -> None:
    paths = {document_of(each).kind: document_of(each).path for each in DOCUMENT_TYPES}
    published = {
        "monograph": "/medicines/a-slug/",
        "drug_class": "/classes/a-slug/",
        "condition": "/conditions/a-slug/",
        "information": "/about/a-slug/",
        "index": "/classes/",
        "home": "/",
    }
    assert paths.items() >= published.items()


@pytest.mark.parametrize("document_type", DOCUMENT_TYPES)
def test_the_verifier_in_exports_gives_the_same_path(document_type: Any) -> None:
    """``verify_export.py`` runs alone, so it has a copy of the patterns."""
    document = document_of(document_type)
    assert path_of(document.model_dump(mode="json")) == document.path


def test_no_two_kinds_share_a_path() -> None:
    assert len(set(PATH_PATTERNS.values())) == len(DOCUMENT_TYPES) == len(PATH_PATTERNS)
