"""Compare the ledger's entries with heads and checkpoints that were kept, in the database and elsewhere."""

from collections.abc import Iterable, Iterator

from monographs.editions.checkpoints.checkpoint import head_of
from monographs.editions.checkpoints.entry_tree import BLOCK, block_roots, leaves, roots_of_entries
from monographs.editions.models import Checkpoint, LedgerBlock, LedgerEntry
from monographs.editions.record.signed_note import NoteRefused, TreeHead


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
    checkpoints = [(head, "the checkpoint kept elsewhere") for head in kept]
    if stored:
        for row in Checkpoint.objects.order_by("size").iterator():
            try:
                head = head_of(row)
            except NoteRefused as refusal:
                yield f"checkpoint {row.size}: {refusal}"
                continue
            if (head.size, head.root.hex()) != (row.size, row.root):
                yield f"checkpoint {row.size}: differs from what was signed"
            checkpoints.append((head, "the stored checkpoint"))
        yield from _faults_of_blocks()
    roots = roots_of_entries(head.size for head, _ in checkpoints)
    for head, what in checkpoints:
        if head.size not in roots:
            yield f"ledger entry {head.size}: missing ({what} of {head.size} entries has it)"
        elif roots[head.size] != head.root:
            yield f"ledger: its first {head.size} entries differ from {what}"


def _faults_of_blocks() -> Iterator[str]:
    stored = LedgerBlock.objects.order_by("number").values_list("number", "root")
    found = block_roots(leaves(0, len(stored) * BLOCK))
    roots = {number: root.hex() for number, (count, root) in enumerate(found) if count == BLOCK}
    for number, root in stored:
        if roots.get(number) != root:
            yield f"ledger block {number}: differs from the entries from {number * BLOCK + 1} on"
