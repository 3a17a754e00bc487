"""The Merkle tree over the ledger's entries (RFC 6962): a leaf is made of the bytes that the entry hashes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from django.db import connection

from monographs.editions.models import LedgerBlock, LedgerEntry
from monographs.editions.record.merkle_tree import inclusion_path, tree_root

#: Entries of a block, whose root is stored: a power of two.
BLOCK = 256
#: Blocks that are stored by one statement.
BLOCKS_AT_A_TIME = 500

# The lines are those of `ledger.entry_hash` and of the table's trigger
_LEAVES = r"""
    SELECT sha256('\x00'::bytea || convert_to(concat_ws(E'\n',
        seq::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        prev_hash, event, subject, body), 'UTF8'))
    FROM editions_ledgerentry WHERE seq > %s AND seq <= %s ORDER BY seq
"""


class TreeTooSmall(Exception):
    """The ledger has fewer entries than the tree that was asked for."""


def leaves(start: int, end: int) -> Iterator[bytes]:
    """The leaves of the entries with index ``start`` up to ``end``, computed from their content now."""
    with connection.cursor() as cursor:
        for first in range(start, end, BLOCK * BLOCKS_AT_A_TIME):
            cursor.execute(_LEAVES, [first, min(end, first + BLOCK * BLOCKS_AT_A_TIME)])
            for (leaf,) in cursor:
                yield bytes(leaf)


def block_roots(source: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The size and root of each block of leaves; the last one may have fewer."""
    remaining = iter(source)
    while block := list(islice(remaining, BLOCK)):
        yield len(block), tree_root(block)


def ledger_size() -> int:
    """The number of entries."""
    return LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def store_blocks(size: int) -> None:
    """Store the roots of the blocks that ``size`` entries fill, as far as they are not stored."""
    stored = LedgerBlock.objects.count()
    new = [
        LedgerBlock(number=number, root=root.hex())
        for number, (_, root) in enumerate(block_roots(leaves(stored * BLOCK, size // BLOCK * BLOCK)), stored)
    ]
    LedgerBlock.objects.bulk_create(new, batch_size=BLOCKS_AT_A_TIME, ignore_conflicts=True)


class EntryTree:
    """The tree over the first ``size`` entries, by the stored roots of full blocks.

    Raises ``TreeTooSmall`` if the ledger has fewer.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        full = size // BLOCK
        rows = LedgerBlock.objects.filter(number__lt=full).order_by("number").values_list("root", flat=True)
        self._blocks = [bytes.fromhex(root) for root in rows]
        known = len(self._blocks) * BLOCK
        rest = list(block_roots(leaves(known, size)))
        if known + sum(count for count, _ in rest) != size:
            raise TreeTooSmall(f"the ledger has fewer than {size} entries")
        self._blocks += [root for _, root in rest]

    def root(self) -> bytes:
        """The root of the tree."""
        return tree_root(self._blocks)

    def path(self, index: int) -> list[bytes]:
        """The proof that entry ``index`` is in the tree (RFC 6962, section 2.1.1)."""
        block = index // BLOCK
        own = list(leaves(block * BLOCK, min((block + 1) * BLOCK, self.size)))
        return inclusion_path(own, index % BLOCK) + inclusion_path(self._blocks, block)

    def consistency(self, old: int) -> list[bytes]:
        """The proof that the tree extends that of ``old`` entries (RFC 6962, section 2.1.2)."""
        return self._subproof(old, 0, self.size, True) if 0 < old < self.size else []

    def _subproof(self, old: int, start: int, end: int, is_whole: bool) -> list[bytes]:
        if old == end - start:
            return [] if is_whole else [self._range_root(start, end)]
        split = 1 << (end - start - 1).bit_length() - 1
        if old <= split:
            return [
                *self._subproof(old, start, start + split, is_whole),
                self._range_root(start + split, end),
            ]
        below = self._subproof(old - split, start + split, end, False)
        return [*below, self._range_root(start, start + split)]

    def _range_root(self, start: int, end: int) -> bytes:
        """The root over some entries; a range longer than a block starts where a block does, and ends there
        or with the tree.
        """
        if end - start < BLOCK:
            return tree_root(list(leaves(start, end)))
        return tree_root(self._blocks[start // BLOCK : -(-end // BLOCK)])


class EntryRoots(NamedTuple):
    """Roots computed from the entries: of the trees of some sizes, and of each full block."""

    of_sizes: dict[int, bytes]
    of_blocks: list[bytes]


def roots_of_entries(sizes: Iterable[int]) -> EntryRoots:
    """The root at each of ``sizes``, computed from the entries in one pass; none for sizes beyond them."""
    found = EntryRoots({}, [])
    wanted = sorted(set(sizes))
    block: list[bytes] = []
    source = leaves(0, wanted[-1] if wanted else 0)
    done = 0
    for size in wanted:
        for leaf in islice(source, size - done):
            done += 1
            block.append(leaf)
            if len(block) == BLOCK:
                found.of_blocks.append(tree_root(block))
                block = []
        if done < size:
            break
        last = [tree_root(block)] if block else []
        found.of_sizes[size] = tree_root([*found.of_blocks, *last])
    return found
