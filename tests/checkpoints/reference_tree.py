"""Merkle trees as RFC 6962, section 2.1, writes them down, and consistency proofs as RFC 9162 verifies them.

Slow and recursive, after the text: what the product computes is compared with it.
"""

import hashlib


def root_of(leaves: list[bytes]) -> bytes:
    """MTH, of leaves that are hashes already."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def path_of(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH."""
    if len(leaves) == 1:
        return []
    split = largest_power_below(len(leaves))
    if index < split:
        return [*path_of(index, leaves[:split]), root_of(leaves[split:])]
    return [*path_of(index - split, leaves[split:]), root_of(leaves[:split])]


def largest_power_below(number: int) -> int:
    power = 1
    while power * 2 < number:
        power *= 2
    return power


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether a proof shows that the tree of ``new`` leaves extends that of ``old`` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not proof:
        return False
    nodes = [old_root, *proof] if old & (old - 1) == 0 else proof
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_found = new_found = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old_found = hashlib.sha256(b"\x01" + node + old_found).digest()
            new_found = hashlib.sha256(b"\x01" + node + new_found).digest()
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            new_found = hashlib.sha256(b"\x01" + new_found + node).digest()
        first, last = first >> 1, last >> 1
    return (old_found, new_found, last) == (old_root, new_root, 0)
