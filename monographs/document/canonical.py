"""The canonical bytes of a document and their hash.

RFC 8785 (JSON Canonicalization Scheme) gives one byte sequence for one JSON value, so equal content
has equal bytes, and a signature can be bound to their SHA-256.
"""

import hashlib
from typing import Any

import rfc8785
from pydantic import BaseModel


def canonical_json(value: Any) -> bytes:
    """Return a JSON value as RFC 8785 bytes. Raises ``rfc8785.CanonicalizationError`` for others."""
    return rfc8785.dumps(value)


def canonical_bytes(document: BaseModel) -> bytes:
    """Return the bytes that are signed, stored and hashed."""
    return canonical_json(document.model_dump(mode="json"))


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(document: BaseModel) -> str:
    """Return the hash of ``document`` that signatures are bound to."""
    return sha256_hex(canonical_bytes(document))
