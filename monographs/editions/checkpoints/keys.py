"""The key that signs checkpoints, and those that are trusted."""

import base64
import os
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from monographs.editions.record.signed_note import (
    COSIGNATURE,
    ED25519,
    NoteRefused,
    NoteSignature,
    VerifierKey,
    cosigned_message,
    decoded,
    parse_verifier_key,
    verifier_key,
)

#: How a secret key begins (golang.org/x/mod/sumdb/note).
SECRET = "PRIVATE+KEY+"  # noqa: S105  # a prefix
SEED_BYTES = 32


class KeyMissing(Exception):
    """There is no key to sign with; the message says how to make one."""


class SigningKey(NamedTuple):
    """A secret key with its public one."""

    public: VerifierKey
    seed: bytes

    def secret_text(self) -> str:
        """The key as its file holds it."""
        data = base64.b64encode(bytes([self.public.kind]) + self.seed).decode()
        return f"{SECRET}{self.public.name}+{self.public.key_id.hex()}+{data}"

    def sign(self, text: str, seconds: int = 0) -> NoteSignature:
        """Sign the text of a note; a witness's key signs it with a time."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        if self.public.kind == COSIGNATURE:
            data = seconds.to_bytes(8, "big") + private.sign(cosigned_message(text, seconds))
        else:
            data = private.sign(text.encode())
        return NoteSignature(self.public.name, self.public.key_id, data)


def new_key(name: str, kind: int = ED25519) -> SigningKey:
    """Make a key. Raises ``NoteRefused`` for a name that notes cannot hold."""
    private = Ed25519PrivateKey.generate()
    return SigningKey(
        verifier_key(name, private.public_key().public_bytes_raw(), kind), private.private_bytes_raw()
    )


def parse_signing_key(text: str) -> SigningKey:
    """Read a secret key. Raises ``NoteRefused``, whose message does not repeat it."""
    name, _, rest = text.strip().removeprefix(SECRET).partition("+")
    key_id, _, data_text = rest.partition("+")
    try:
        data = decoded(data_text)
    except NoteRefused:
        data = b""
    if not text.startswith(SECRET) or len(data) != SEED_BYTES + 1 or data[0] not in (ED25519, COSIGNATURE):
        raise NoteRefused("this is no secret key as `ledger new_key` writes it")
    private = Ed25519PrivateKey.from_private_bytes(data[1:])
    key = SigningKey(verifier_key(name, private.public_key().public_bytes_raw(), data[0]), data[1:])
    if key.public.key_id.hex() != key_id:
        raise NoteRefused("the secret key's id is not that of its key")
    return key


def write_key(key: SigningKey, file: Path) -> None:
    """Write a secret key to a new file that its owner alone can read: all of it. Raises ``OSError``."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(f"{key.secret_text()}\n")
    except OSError:
        file.unlink()
        raise


def signing_key() -> SigningKey:
    """The key in the file that the setting names. Raises ``KeyMissing``."""
    if not settings.LEDGER_KEY_FILE:
        raise KeyMissing(
            "There is no key to sign the ledger's head with. Make one with `manage.py ledger new_key FILE`, "
            "and name the file in the setting LEDGER_KEY_FILE."
        )
    try:
        return parse_signing_key(Path(settings.LEDGER_KEY_FILE).read_text(encoding="utf-8"))
    except (OSError, NoteRefused, UnicodeError) as error:
        raise KeyMissing(f"LEDGER_KEY_FILE ({settings.LEDGER_KEY_FILE}) cannot be used: {error}.") from error


def log_keys() -> list[VerifierKey]:
    """The public keys of this ledger: today's, if there is one, and former ones."""
    today = [signing_key().public] if settings.LEDGER_KEY_FILE else []
    return [*today, *map(parse_verifier_key, settings.LEDGER_FORMER_KEYS)]


def witness_keys() -> list[VerifierKey]:
    """The public keys of the witnesses that are trusted."""
    return [parse_verifier_key(text) for text in settings.LEDGER_WITNESS_KEYS]


def is_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """As ``record.ed25519.is_signature_of``, by ``cryptography``: a hundred times as fast."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
