"""Documents: the content of one page as plain, immutable data.

A document holds everything a patient will read on one page, with nothing left to look up. It is the one
form that is previewed, reviewed, signed, stored and served. This package depends on no database, no Wagtail
and no other package of the project, so that a document means the same wherever it is read.
"""

from monographs.document.canonical import canonical_bytes, sha256_of
from monographs.document.canonical_text import CanonicalText
from monographs.document.models import (
    ConditionDocument,
    Document,
    DrugClassDocument,
    HomeDocument,
    IndexDocument,
    InformationDocument,
    MonographDocument,
    StandardTextDocument,
)
from monographs.document.sections import (
    OPTIONAL_SECTIONS,
    REQUIRED_SECTIONS,
    SECTION_HEADINGS,
    SECTION_ORDER,
    Section,
    SectionType,
)
from monographs.document.versions.stored_document import matches_hash, parse_document

__all__ = [
    "OPTIONAL_SECTIONS",
    "REQUIRED_SECTIONS",
    "SECTION_HEADINGS",
    "SECTION_ORDER",
    "CanonicalText",
    "ConditionDocument",
    "Document",
    "DrugClassDocument",
    "HomeDocument",
    "IndexDocument",
    "InformationDocument",
    "MonographDocument",
    "Section",
    "SectionType",
    "StandardTextDocument",
    "canonical_bytes",
    "matches_hash",
    "parse_document",
    "sha256_of",
]
