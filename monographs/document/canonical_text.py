"""The canonical text of a document: what is submitted, signed, stored and hashed."""

from dataclasses import dataclass
from functools import cached_property

from monographs.document.canonical import canonical_bytes, sha256_hex
from monographs.document.models import BaseDocument
from monographs.document.versions.stored_document import parse_document


@dataclass(frozen=True)
class CanonicalText:
    """A canonical text, of whatever version it was written in.

    A stored text is passed on as this, never as a document to be written again: that would be another text,
    with another hash, as soon as a release has a newer version of documents.
    """

    canonical: str

    @classmethod
    def of(cls, document: BaseDocument) -> "CanonicalText":
        """The text of a document that is written now, in the newest version."""
        return cls(canonical_bytes(document).decode())

    @cached_property
    def sha256(self) -> str:
        """The hash that signatures are bound to."""
        return sha256_hex(self.canonical.encode())

    @cached_property
    def document(self) -> BaseDocument:
        """The document it says. Raises ``UnreadableDocument``."""
        document: BaseDocument = parse_document(self.canonical)
        return document
