"""Notes signed by Ed25519 keys (c2sp.org/signed-note, tlog-checkpoint and tlog-cosignature)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

#: Types of signatures: of the log itself, and of a witness with its time.
ED25519, COSIGNATURE = 1, 4
#: Bounds of what is read: a note of a ledger has three lines, and one signature by each witness.
NOTE_CHARACTERS, NOTE_SIGNATURES = 100_000, 100
SIZE_LIMIT = 2**63
SIGNATURE_MARK = "\u2014 "
VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")

#: Whether the third is an Ed25519 signature of the second by the first, the public key.
Check = Callable[[bytes, bytes, bytes], bool]


class NoteRefused(ValueError):
    """The text is not a note, or not signed as it must be; the message says why."""


class VerifierKey(NamedTuple):
    """A public key, of a name and for one type of signatures."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    def text(self) -> str:
        """The key as others are given it."""
        data = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{data}"


class NoteSignature(NamedTuple):
    """One line of signature."""

    name: str
    key_id: bytes
    data: bytes

    def line(self) -> str:
        """The line as notes end with it."""
        return f"{SIGNATURE_MARK}{self.name} {base64.b64encode(self.key_id + self.data).decode()}\n"


class SignedNote(NamedTuple):
    """A text that ends with a line break, and its signatures, not verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def whole(self) -> str:
        """Text and signatures."""
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)


class TreeHead(NamedTuple):
    """What a checkpoint says: the log, how many entries it has, and the root of the tree over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Signed(NamedTuple):
    """A key that signed, and the time that a witness states, in seconds since 1970; None for others."""

    key: VerifierKey
    time: int | None


def verifier_key(name: str, public: bytes, kind: int = ED25519) -> VerifierKey:
    """The key ``public`` under ``name``. Raises ``NoteRefused`` for a name that notes cannot hold."""
    if not name or CONTROL.search(name) or re.search(r"[\s+]", name):
        raise NoteRefused(f"{name!r} cannot name a key: it is empty or has a space or a plus sign")
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]
    return VerifierKey(name, key_id, kind, public)


def parse_verifier_key(text: str) -> VerifierKey:
    """Read ``name+id+key``. Raises ``NoteRefused``."""
    found = VERIFIER_KEY.fullmatch(text.strip())
    data = decoded(found[3]) if found else b""
    if not found or len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):  # noqa: PLR2004  # type and key
        raise NoteRefused(f"{text!r} is no Ed25519 key in the form name+id+key")
    key = verifier_key(found[1], data[1:], data[0])
    if key.key_id.hex() != found[2]:
        raise NoteRefused(f"{text!r}: the id is not that of its key")
    return key


def decoded(text: str) -> bytes:
    """Bytes of base64 text that has one spelling only. Raises ``NoteRefused``."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRefused(f"{text[:60]!r} is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise NoteRefused(f"{text[:60]!r} is not base64")
    return data


def parse_note(whole: str) -> SignedNote:
    """Take a note apart, without verifying it. Raises ``NoteRefused``."""
    text, gap, lines = whole.rpartition("\n\n")
    if len(whole) > NOTE_CHARACTERS or CONTROL.search(whole) or not gap or not lines.endswith("\n"):
        raise NoteRefused("this is no signed note")
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > NOTE_SIGNATURES:
        raise NoteRefused("the note has too many signatures")
    return SignedNote(text + "\n", signatures)


def _signature(line: str) -> NoteSignature:
    parts = line.removeprefix(SIGNATURE_MARK).split(" ")
    if not line.startswith(SIGNATURE_MARK) or len(parts) != 2 or not parts[0] or "+" in parts[0]:  # noqa: PLR2004
        raise NoteRefused(f"{line[:60]!r} is no line of a signature")
    data = decoded(parts[1])
    if len(data) <= 4:  # noqa: PLR2004  # the id alone
        raise NoteRefused(f"{line[:60]!r} is no line of a signature")
    return NoteSignature(parts[0], data[:4], data[4:])


def parse_tree_head(text: str) -> TreeHead:
    """Read the text of a checkpoint. Raises ``NoteRefused``; so do lines that follow the third."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:  # noqa: PLR2004  # three lines, each with its end
        raise NoteRefused("this is no checkpoint of three lines")
    size = whole_number(lines[1])
    root = decoded(lines[2])
    if len(root) != 32:  # noqa: PLR2004  # SHA-256
        raise NoteRefused("the checkpoint's root is no SHA-256 hash")
    return TreeHead(lines[0], size, root)


def whole_number(text: str) -> int:
    """A number as notes write it. Raises ``NoteRefused``."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) >= SIZE_LIMIT:
        raise NoteRefused(f"{text[:60]!r} is no number of entries")
    return int(text)


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs of a checkpoint's text."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def verified_signatures(note: SignedNote, keys: Iterable[VerifierKey], check: Check) -> list[Signed]:
    """The signatures of ``note`` by ``keys``; those of other keys are ignored.

    Raises ``NoteRefused`` if one by a known key does not hold.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[VerifierKey, Signed] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        message, data, seconds = note.text.encode(), signature.data, None
        if key.kind == COSIGNATURE:
            seconds, data = int.from_bytes(data[:8], "big"), data[8:]
            message = cosigned_message(note.text, seconds)
        if not check(key.public, message, data) or (seconds or 0) >= SIZE_LIMIT:
            raise NoteRefused(f"the signature of {key.name} is not of this text")
        found.setdefault(key, Signed(key, seconds))
    return list(found.values())


def opened_checkpoint(
    note: SignedNote,
    log_keys: Iterable[VerifierKey],
    witness_keys: Iterable[VerifierKey],
    quorum: int,
    check: Check,
) -> tuple[TreeHead, list[Signed]]:
    """What a checkpoint says, and who signed it: one of ``log_keys`` and ``quorum`` of ``witness_keys``.

    Raises ``NoteRefused`` otherwise, and for a log key of another name than the checkpoint's first line.
    """
    head = parse_tree_head(note.text)
    logs = [key for key in log_keys if key.kind == ED25519 and key.name == head.origin]
    witnesses = [key for key in witness_keys if key.kind == COSIGNATURE]
    signed = verified_signatures(note, [*logs, *witnesses], check)
    if not any(one.key in logs for one in signed):
        raise NoteRefused(f"{head.origin!r} is not signed by a key of that name that is trusted")
    seen = {one.key.public for one in signed if one.key in witnesses}
    if len(seen) < quorum:
        raise NoteRefused(f"{len(seen)} trusted witnesses signed, and {quorum} must")
    return head, signed
