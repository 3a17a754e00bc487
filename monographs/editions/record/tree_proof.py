"""Proofs that an entry is in the ledger (c2sp.org/tlog-proof), and that it is of an edition."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from monographs.editions.record.json_values import Row, canonical, parsed, sha256
from monographs.editions.record.merkle_tree import HASH_BYTES, leaf_hash, root_by_path
from monographs.editions.record.signed_note import (
    Check,
    NoteRefused,
    Signed,
    TreeHead,
    VerifierKey,
    decoded,
    opened_checkpoint,
    parse_note,
    whole_number,
)

PROOF_TITLE = "c2sp.org/tlog-proof@v1"
#: A tree of 2^63 entries has no longer paths.
LONGEST_PATH = 63


@dataclass(frozen=True)
class TreeProof:
    """A proof as its file has it; ``entry`` is the ledger entry, the file's extra data."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: str

    def text(self) -> str:
        """The text of the file."""
        lines = [PROOF_TITLE, f"extra {base64.b64encode(self.entry).decode()}", f"index {self.index}"]
        lines += [base64.b64encode(node).decode() for node in self.path]
        return "\n".join([*lines, "", self.checkpoint])


class ProvenEdition(NamedTuple):
    """The data of an edition's ledger entry, when it was recorded, and who signed the tree that holds it."""

    edition: Row
    at: str
    head: TreeHead
    signed: list[Signed]


def parse_proof(text: str) -> TreeProof:
    """Take a proof apart, without checking it. Raises ``NoteRefused``."""
    opening, gap, checkpoint = text.partition("\n\n")
    lines = opening.split("\n")
    if not gap or len(lines) < 3 or lines[0] != PROOF_TITLE:  # noqa: PLR2004  # title, extra and index
        raise NoteRefused(f"this is no proof: its first line is not {PROOF_TITLE}")
    if not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise NoteRefused("the proof has no ledger entry (“extra”) or no “index”")
    path = tuple(decoded(line) for line in lines[3:])
    if len(path) > LONGEST_PATH or any(len(node) != HASH_BYTES for node in path):
        raise NoteRefused("the proof has a line that is no SHA-256 hash, or too many of them")
    entry, index = decoded(lines[1].removeprefix("extra ")), whole_number(lines[2].removeprefix("index "))
    return TreeProof(entry, index, path, checkpoint)


def proven_edition(
    text: str,
    log_keys: Collection[VerifierKey],
    check: Check,
    witness_keys: Collection[VerifierKey] = (),
    quorum: int = 0,
) -> ProvenEdition:
    """The edition of a proof that holds. Raises ``NoteRefused`` with the reason if it does not."""
    proof = parse_proof(text)
    head, signed = opened_checkpoint(parse_note(proof.checkpoint), log_keys, witness_keys, quorum, check)
    if root_by_path(leaf_hash(proof.entry), proof.index, head.size, proof.path) != head.root:
        raise NoteRefused("the entry is not in the signed tree, or not at this place")
    try:
        seq, at, _before, event, _subject, body = proof.entry.decode().split("\n")
        data = parsed(body)["data"]
        if event != "edition" or int(seq) != proof.index + 1:
            raise NoteRefused(f"the entry is not of an edition but of “{event}”, or of another place")
        if not isinstance(data["sha256"], str):
            raise NoteRefused("the entry names no text")
    except (KeyError, TypeError, RecursionError, ValueError) as error:
        raise error if isinstance(error, NoteRefused) else NoteRefused("the entry is not readable") from error
    return ProvenEdition(data, at, head, signed)


def is_text_of(edition: Row, text: bytes) -> bool:
    """Whether ``text`` is what was signed: its very bytes, or other JSON text of the same values."""
    if sha256(text) == edition["sha256"]:
        return True
    try:
        return sha256(canonical(parsed(text)).encode()) == edition["sha256"]
    except (RecursionError, UnicodeError, ValueError):
        return False
