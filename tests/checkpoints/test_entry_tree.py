"""The tree over the ledger's entries is that of RFC 6962, whatever is stored of it."""

from collections.abc import Callable

import pytest

from monographs.editions.checkpoints.entry_tree import (
    BLOCK,
    EntryTree,
    TreeTooSmall,
    leaves,
    ledger_size,
    roots_of_entries,
    store_blocks,
)
from monographs.editions.ledger import entry_bytes
from monographs.editions.models import LedgerBlock, LedgerEntry
from monographs.editions.record.merkle_tree import inclusion_path, leaf_hash, root_by_path, tree_root
from tests.checkpoints.reference_tree import is_consistent, path_of, root_of

#: Around powers of two, block ends, and in between.
SIZES = (1, 2, 3, 255, 256, 257, 300, 511, 512, 513, 530)


def test_a_tree_in_memory_is_that_of_the_standard() -> None:
    hashes = [leaf_hash(bytes([n])) for n in range(70)]
    for size in range(71):
        assert tree_root(hashes[:size]) == root_of(hashes[:size])
    for size in (1, 2, 7, 8, 70):
        for index in range(size):
            path = inclusion_path(hashes[:size], index)
            assert path == path_of(index, hashes[:size])
            assert root_by_path(hashes[index], index, size, path) == root_of(hashes[:size])
            if path:
                assert root_by_path(hashes[index], index, size, path[:-1]) is None
            assert root_by_path(hashes[index], index, size, [*path, hashes[0]]) is None


def test_the_database_computes_the_leaves_that_others_compute(db: None, long_ledger: None) -> None:
    entries = LedgerEntry.objects.order_by("seq")
    assert list(leaves(0, ledger_size())) == [leaf_hash(entry_bytes(entry)) for entry in entries]


@pytest.mark.parametrize("stored", [0, 512])
def test_roots_paths_and_consistency_are_those_of_the_standard(
    db: None, long_ledger: None, stored: int
) -> None:
    hashes = list(leaves(0, ledger_size()))
    store_blocks(stored)
    assert LedgerBlock.objects.count() == stored // BLOCK
    found = roots_of_entries(SIZES)
    assert found.of_sizes == {size: root_of(hashes[:size]) for size in SIZES}
    assert found.of_blocks == [root_of(hashes[:256]), root_of(hashes[256:512])]
    for size in SIZES:
        tree = EntryTree(size)
        assert tree.root() == root_of(hashes[:size])
        for index in {0, size // 2, size - 1}:
            assert tree.path(index) == path_of(index, hashes[:size])
        for old in (one for one in SIZES if one <= size):
            proof = tree.consistency(old)
            assert is_consistent(old, size, root_of(hashes[:old]), tree.root(), proof)


def test_blocks_are_stored_once_they_are_full(
    db: None, long_ledger: None, add_entries: Callable[[int], None], django_assert_num_queries: Callable
) -> None:
    store_blocks(ledger_size())
    assert LedgerBlock.objects.count() == 2
    add_entries(300)
    store_blocks(ledger_size())
    assert LedgerBlock.objects.count() == 3
    size = ledger_size()
    with django_assert_num_queries(2):  # the blocks, and the entries of the last one
        EntryTree(size).root()


def test_there_is_no_tree_beyond_the_last_entry(db: None, long_ledger: None) -> None:
    with pytest.raises(TreeTooSmall):
        EntryTree(ledger_size() + 1)
    assert roots_of_entries([ledger_size() + 1]).of_sizes == {}
