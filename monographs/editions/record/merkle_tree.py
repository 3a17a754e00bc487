"""Merkle trees of Certificate Transparency (RFC 6962, section 2.1; proofs: RFC 9162, section 2.1.3)."""

import hashlib
from collections.abc import Sequence

HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def level_above(hashes: Sequence[bytes]) -> list[bytes]:
    """The nodes above ``hashes``; one without a neighbour rises as it is."""
    above = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
    return [*above, hashes[-1]] if len(hashes) % 2 else above


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The root of the tree that has ``hashes`` as its lowest nodes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        hashes = level_above(hashes)
    return hashes[0]


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The neighbours of node ``index`` and of the nodes above it, from below."""
    path = []
    while len(hashes) > 1:
        if index ^ 1 < len(hashes):
            path.append(hashes[index ^ 1])
        hashes, index = level_above(hashes), index // 2
    return path


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root of a tree of ``size`` entries with ``leaf`` at ``index``; None if the path does not fit."""
    if not 0 <= index < size:
        return None
    node, last, found = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if node % 2 or node == last:
            found = node_hash(neighbour, found)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            found = node_hash(found, neighbour)
        node, last = node // 2, last // 2
    return found if last == 0 else None
