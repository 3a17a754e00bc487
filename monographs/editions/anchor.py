"""Read heads of the ledger that were stored outside the database."""

from pathlib import Path
from typing import NamedTuple

from monographs.editions.checkpoints.checkpoint import opened
from monographs.editions.checkpoints.keys import KeyMissing
from monographs.editions.record.signed_note import NoteRefused, TreeHead

#: A ledger entry's sequence number and hash.
Head = tuple[int, str]
HASH_LENGTH = 64


class AnchorUnreadable(Exception):
    """The file holds neither the output of ``ledger head`` nor a checkpoint of this ledger."""


class Anchor(NamedTuple):
    """Heads kept elsewhere: those that ``ledger head`` printed, and signed checkpoints."""

    heads: tuple[Head, ...] = ()
    checkpoints: tuple[TreeHead, ...] = ()

    @property
    def last(self) -> Head | None:
        """The last of the heads."""
        return max(self.heads, default=None)


def read_anchor(path: Path | None) -> Anchor:
    """The heads in the file, one a line, or the checkpoint; nothing without a file.

    Raises ``AnchorUnreadable``, also for a checkpoint that no key of this ledger signed.
    """
    if path is None:
        return Anchor()
    try:
        text = path.read_text(encoding="utf-8")
        if "\n\n" in text:
            return Anchor(checkpoints=(opened(text),))
        if not text.strip():
            raise ValueError("it is empty")
        return Anchor(heads=tuple(_head(line) for line in text.splitlines() if line.strip()))
    except (NoteRefused, KeyMissing) as error:
        raise AnchorUnreadable(f"{path} is no checkpoint of this ledger: {error}") from error
    except (OSError, ValueError) as error:
        raise AnchorUnreadable(f"{path} does not hold the output of `ledger head`: {error}") from error


def _head(line: str) -> Head:
    seq, _, digest = " ".join(line.split()).partition(" ")
    if not seq.isdecimal() or len(digest) != HASH_LENGTH:
        raise ValueError("a line is no number and SHA-256 hash")  # without it: it may be of a file of a key
    return int(seq), digest
