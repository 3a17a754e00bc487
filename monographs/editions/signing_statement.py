"""What a signature states: which text is approved, and by whom, as the signer and readers see it."""

import uuid

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.person import Person


def signing_statement(person: Person, *, sha256: str, submission: uuid.UUID, step: str, meaning: str) -> str:
    """Canonical JSON of a signature of ``person``: every word of it that anybody reads, and what it is for.

    ``sha256`` is of the document or of the withdrawal's text, ``submission`` its UUID.
    """
    statement = {
        "sha256": sha256,
        "submission": str(submission),
        "step": step,
        "meaning": meaning,
        "name": person.name,
        "credentials": person.credentials,
        "field": person.field,
    }
    return canonical_json(statement).decode()


def statement_hash(statement: str) -> str:
    """SHA-256 of a statement, in hexadecimal."""
    return sha256_hex(statement.encode())
