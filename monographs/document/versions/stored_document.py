"""The versions of documents, and reading a stored document of any of them.

A stored text is read as it is: its canonical form is checked over its bytes, its shape against the frozen
shape of its own version. Then it is upgraded, version by version, to the models of today, which pages,
redlines and searches know. It is never written back: hash, signature and export are of the stored bytes.

``matches_hash`` compares a draft with a stored text of any version: ``hashes_of`` gives the hash of the draft
in every version that can hold it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.document.html import STORED
from monographs.document.models import BaseDocument, Document
from monographs.document.versions import version_1, version_2, version_3
from monographs.document.versions.shape import Shape, ShapeError

#: A document as plain data.
PlainDocument = dict[str, Any]


class UnreadableDocument(ValueError):
    """A stored text is no document this release can read; the message completes “the text is …”."""


class UnknownVersion(UnreadableDocument):
    """A stored text is of a version that this release does not know, so it is of a newer release."""


def _same(document: PlainDocument) -> PlainDocument:
    return document


@dataclass(frozen=True)
class DocumentVersion:
    """One version: its frozen shape, and how its documents follow from those of the version before.

    ``upgrade`` and ``downgrade`` return new data and lose nothing that the other version can say;
    ``downgrade`` need not refuse what the earlier version cannot say, because its shape does.
    """

    number: int
    shape: Shape
    upgrade: Callable[[PlainDocument], PlainDocument] = _same
    downgrade: Callable[[PlainDocument], PlainDocument] = _same


#: Every version there ever was, oldest first; the last one is that of today's models.
VERSIONS = [
    DocumentVersion(version_1.NUMBER, version_1.SHAPE),
    DocumentVersion(version_2.NUMBER, version_2.SHAPE, version_2.upgrade, version_2.downgrade),
    DocumentVersion(version_3.NUMBER, version_3.SHAPE, version_3.upgrade, version_3.downgrade),
]
#: Reads data of the newest version into today's models.
MODELS: list[TypeAdapter[Any]] = [TypeAdapter(Document)]


def version_of(text: str | bytes) -> DocumentVersion:
    """Return the version of a stored text. Raises ``UnreadableDocument``."""
    return _version(_plain(text))


def parse_document(text: str | bytes) -> Any:
    """Return the document in a stored text of any version, as one of today's models.

    Raises ``UnknownVersion`` for a newer version than this release knows, ``UnreadableDocument`` for other
    texts.
    """
    plain = _plain(text)
    version = _version(plain)
    try:
        version.shape.check(plain)
        for later in VERSIONS[VERSIONS.index(version) + 1 :]:
            plain = later.upgrade(plain)
        return MODELS[-1].validate_python(plain, context=STORED)
    except (ShapeError, ValidationError) as error:
        raise UnreadableDocument(f"not a document of version {version.number}: {error}") from error


def hashes_of(document: BaseDocument) -> Iterator[str]:
    """Yield the hash of ``document`` in every version that can hold all of it, newest first."""
    return (sha256_hex(form) for form in canonical_forms(document))


def matches_hash(document: BaseDocument, sha256: str) -> bool:
    """Whether the stored text with this hash is ``document``, whatever version it was written in."""
    return sha256 in hashes_of(document)


def canonical_forms(document: BaseDocument) -> Iterator[bytes]:
    """Yield the canonical bytes of ``document`` in every version that can hold all of it, newest first."""
    plain = document.model_dump(mode="json")
    yield canonical_json(plain)
    for newer, older in zip(VERSIONS[:0:-1], VERSIONS[-2::-1], strict=True):
        earlier = newer.downgrade(plain)
        try:
            older.shape.check(earlier)
        except ShapeError:
            return
        if newer.upgrade(earlier) != plain:
            return
        plain = earlier
        yield canonical_json(plain)


def _plain(text: str | bytes) -> PlainDocument:
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(f"not JSON: {error}") from error
    if not isinstance(plain, dict):
        raise UnreadableDocument("not a document: no JSON object")
    return plain


def _version(plain: PlainDocument) -> DocumentVersion:
    number = plain.get("schema_version")
    for version in VERSIONS:
        if type(number) is int and number == version.number:
            return version
    newest = VERSIONS[-1].number
    if type(number) is int and number > newest:
        raise UnknownVersion(
            f"of version {number} of documents, and this release knows versions up to {newest}: a newer "
            "release wrote it. Update this one"
        )
    raise UnreadableDocument(f"not a document: its schema_version is {number!r}")
