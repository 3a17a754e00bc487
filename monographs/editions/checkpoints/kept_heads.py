"""Compare the ledger's entries with heads and checkpoints that were kept, in the database and elsewhere."""

from collections.abc import Iterable, Iterator

from monographs.editions.checkpoints.checkpoint import head_of
from monographs.editions.checkpoints.entry_tree import BLOCK, EntryRoots, roots_of_entries
from monographs.editions.models import Checkpoint, LedgerBlock, LedgerEntry
from monographs.editions.record.signed_note import NoteRefused, TreeHead

ELSEWHERE, STORED = "the checkpoint kept elsewhere", "the stored checkpoint"
#: A block's number and the root in hexadecimal, as stored.
StoredBlock = tuple[int, str]


def faults_of_heads(heads: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Yield a fault for each head (sequence, hash) kept elsewhere that the ledger does not have."""
    wanted = set(heads)
    found = dict(LedgerEntry.objects.filter(seq__in=[seq for seq, _ in wanted]).values_list("seq", "hash"))
    for seq, digest in sorted(wanted):
        if seq not in found:
            yield f"ledger entry {seq}: missing (the head kept elsewhere names it)"
        elif found[seq] != digest:
            yield f"ledger entry {seq}: differs from the head kept elsewhere"


def faults_of_checkpoints(kept: Iterable[TreeHead], *, stored: bool) -> Iterator[str]:
    """Yield a fault for each checkpoint whose tree is not that of the entries.

    ``stored``: also for the checkpoints and blocks of the database. One pass over the entries.
    """
    heads = [(head, ELSEWHERE) for head in kept]
    blocks: list[StoredBlock] = []
    if stored:
        rows = list(Checkpoint.objects.order_by("size"))
        yield from _faults_of_rows(rows)
        heads += [(TreeHead("", row.size, bytes.fromhex(row.root)), STORED) for row in rows]
        blocks = list(LedgerBlock.objects.order_by("number").values_list("number", "root"))
    sizes = {head.size for head, _ in heads} | ({BLOCK * len(blocks)} if blocks else set())
    roots = roots_of_entries(sizes)
    for head, what in heads:
        if head.size not in roots.of_sizes:
            yield f"ledger entry {head.size}: missing ({what} of {head.size} entries has it)"
        elif roots.of_sizes[head.size] != head.root:
            yield f"ledger: its first {head.size} entries differ from {what}"
    yield from _faults_of_blocks(blocks, roots)


def _faults_of_rows(rows: Iterable[Checkpoint]) -> Iterator[str]:
    for row in rows:
        try:
            head = head_of(row)
        except NoteRefused as refusal:
            yield f"checkpoint {row.size}: {refusal}"
            continue
        if (head.size, head.root.hex()) != (row.size, row.root):
            yield f"checkpoint {row.size}: differs from what was signed"


def _faults_of_blocks(blocks: Iterable[StoredBlock], roots: EntryRoots) -> Iterator[str]:
    for number, root in blocks:
        if number >= len(roots.of_blocks) or roots.of_blocks[number].hex() != root:
            yield f"ledger block {number}: differs from the entries from {number * BLOCK + 1} on"
