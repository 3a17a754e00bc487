"""Read ledger heads that were stored outside the database."""

from pathlib import Path

#: Sequence number and hash of an entry.
Head = tuple[int, str]


class AnchorUnreadable(Exception):
    """The file does not hold the output of ``ledger head``."""


def read_anchors(path: Path | None) -> list[Head]:
    """Return the heads in a file, one a line, in order; none without a file. Raises ``AnchorUnreadable``.

    A file of one day has several if `ledger head` ran again that day.
    """
    if path is None:
        return []
    try:
        heads = [_head(line) for line in path.read_text().splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise AnchorUnreadable(f"{path} does not hold the output of `ledger head`: {error}") from error
    if not heads:
        raise AnchorUnreadable(f"{path} does not hold the output of `ledger head`: it is empty")
    return sorted(heads)


def _head(line: str) -> Head:
    seq, digest = line.split()
    return int(seq), digest
