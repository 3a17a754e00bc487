"""Public keys to which backups are encrypted (https://age-encryption.org/v1)."""

from typing import Any

import pyrage


class KeyRefused(Exception):
    """A key cannot be read, or does not open the archive; the message says which and what to do."""


def recipient(text: str) -> Any:
    """Return the public key ``age1…`` or ``ssh-ed25519 …``. Raises ``KeyRefused``."""
    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise KeyRefused(
            f"{text!r} is no public key ({error}). It begins with age1; `age-keygen -o backup.key` makes a "
            "key and prints the public one."
        ) from error
