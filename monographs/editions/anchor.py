"""Read a ledger head that was stored outside the database."""

from pathlib import Path


class AnchorUnreadable(Exception):
    """The file does not hold the output of ``ledger head``."""


def read_anchor(path: Path | None) -> tuple[int, str] | None:
    """Return the head (sequence, hash) in the file; None without one. Raises ``AnchorUnreadable``."""
    if path is None:
        return None
    try:
        seq, digest = path.read_text().split()
        return int(seq), digest
    except (OSError, ValueError) as error:
        raise AnchorUnreadable(f"{path} does not hold the output of `ledger head`: {error}") from error
