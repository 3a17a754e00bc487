"""10,000 forged or split heads and proofs are refused, and those that were not changed are accepted."""

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from monographs.editions.checkpoints.checkpoint import make_checkpoint
from monographs.editions.checkpoints.entry_tree import leaves, ledger_size
from monographs.editions.checkpoints.keys import SigningKey, is_signature, new_key
from monographs.editions.checkpoints.proofs import proof_of
from monographs.editions.models import Edition
from monographs.editions.record.ed25519 import is_signature_of
from monographs.editions.record.merkle_tree import inclusion_path, leaf_hash, tree_root
from monographs.editions.record.signed_note import NoteRefused, TreeHead, parse_note, parse_tree_head
from monographs.editions.record.tree_proof import parse_proof, proven_edition

pytestmark = pytest.mark.usefixtures("db", "long_ledger", "signing")

FORGERIES = 10_000
#: Those that the program for other machines checks, too: its arithmetic is in Python.
CHECKED_IN_PYTHON = 100
CHARACTERS = "ABCxyz0189+/= \n—"


class Forger:
    """Changes a proof that holds so that it must not: by single characters, parts, keys, or another tree."""

    def __init__(self, proof: str, other: str, hashes: list[bytes], key: SigningKey, seed: int) -> None:
        self.proof, self.other, self.hashes, self.key = proof, other, hashes, key
        self.random = random.Random(seed)  # noqa: S311  # of a test
        self.stranger = new_key(key.public.name)

    def forgeries(self) -> Iterator[str]:
        ways = (
            self.character,
            self.removed_line,
            self.swapped_lines,
            self.other_entry,
            self.other_index,
            self.other_node,
            self.other_size,
            self.other_checkpoint,
            self.split_view,
            self.signed_by_a_stranger,
        )
        while True:
            for way in ways:
                forged = way()
                if forged != self.proof:
                    yield forged

    def character(self) -> str:
        at = self.random.randrange(len(self.proof))
        return self.proof[:at] + self.random.choice(CHARACTERS) + self.proof[at + 1 :]

    def removed_line(self) -> str:
        lines = self.proof.split("\n")[:-1]
        del lines[self.random.randrange(len(lines))]
        return "\n".join(lines) + "\n"

    def swapped_lines(self) -> str:
        lines = self.proof.split("\n")
        a, b = self.random.sample(range(len(lines)), 2)
        lines[a], lines[b] = lines[b], lines[a]
        return "\n".join(lines)

    def other_entry(self) -> str:
        proof = parse_proof(self.proof)
        at = self.random.randrange(len(proof.entry))
        changed = bytes([proof.entry[at] ^ 1 << self.random.randrange(7)])
        return replace(proof, entry=proof.entry[:at] + changed + proof.entry[at + 1 :]).text()

    def other_index(self) -> str:
        return replace(parse_proof(self.proof), index=self.random.randrange(len(self.hashes) + 5)).text()

    def other_node(self) -> str:
        proof = parse_proof(self.proof)
        path = list(proof.path)
        at = self.random.randrange(len(path))
        match self.random.randrange(4):
            case 0:
                path[at] = self.random.randbytes(32)
            case 1:
                del path[at]
            case 2:
                path.insert(at, self.random.randbytes(32))
            case _:
                path[at] = path[at][::-1]
        return replace(proof, path=tuple(path)).text()

    def other_size(self) -> str:
        """The checkpoint says another size, under the signature of the true one."""
        proof = parse_proof(self.proof)
        note = parse_note(proof.checkpoint)
        head = parse_tree_head(note.text)
        forged = head._replace(size=self.random.randrange(1, 10 * head.size))
        return replace(proof, checkpoint=note._replace(text=forged.text()).whole()).text()

    def other_checkpoint(self) -> str:
        """The checkpoint of a later tree, which is signed, with the path in the earlier one."""
        later = parse_proof(self.other)
        return replace(parse_proof(self.proof), checkpoint=later.checkpoint).text()

    def split_view(self) -> str:
        """Another ledger with one entry changed, its paths right, under the true signature."""
        return self._split_view(self.random.randrange(2, 40))

    @cache  # noqa: B019  # one forger, of one test
    def _split_view(self, edition: int) -> str:
        proof = parse_proof(self.proof)
        entry = proof.entry.replace(b'"number":1', b'"number":%d' % edition)
        hashes = [*self.hashes]
        hashes[proof.index] = leaf_hash(entry)
        note = parse_note(proof.checkpoint)
        head = TreeHead(self.key.public.name, len(hashes), tree_root(hashes))
        forged = note._replace(text=head.text()).whole()
        path = tuple(inclusion_path(hashes, proof.index))
        return replace(proof, entry=entry, path=path, checkpoint=forged).text()

    def signed_by_a_stranger(self) -> str:
        """The signature of a key that has the same name, or also claims to have the same id."""
        proof = parse_proof(self.proof)
        text = parse_note(proof.checkpoint).text
        line = self.stranger.sign(text)
        if self.random.random() < 0.5:
            line = line._replace(key_id=self.key.public.key_id)
        return replace(proof, checkpoint=f"{text}\n{line.line()}").text()


def test_ten_thousand_forgeries_are_refused(log_key: SigningKey, add_entries: Callable[[int], None]) -> None:
    edition = Edition.objects.get(kind="monograph", number=1)
    proof = proof_of(edition)
    hashes = list(leaves(0, ledger_size()))
    add_entries(40)
    later = proof_of_later(edition)
    keys = [log_key.public]
    true = [
        proven_edition(text, keys, check)
        for text in (proof, later)
        for check in (is_signature, is_signature_of)
    ]
    assert {one.edition["sha256"] for one in true} == {edition.sha256}
    refused, accepted = 0, []
    forger = Forger(proof, later, hashes, log_key, seed=20261129)
    for number, forged in zip(range(FORGERIES), forger.forgeries(), strict=False):
        try:
            proven_edition(forged, keys, is_signature)
        except NoteRefused:
            refused += 1
        else:
            accepted.append(forged)
        if number < CHECKED_IN_PYTHON:
            with pytest.raises(NoteRefused):
                proven_edition(forged, keys, is_signature_of)
    assert (refused, accepted) == (FORGERIES, [])


def proof_of_later(edition: Edition) -> str:
    """The proof in a tree that has grown."""
    make_checkpoint()
    return proof_of(edition)


def test_a_proof_is_read_as_it_is_written() -> None:
    text = proof_of(Edition.objects.get(kind="monograph", number=1))
    assert parse_proof(text).text() == text
    assert base64.b64encode(parse_proof(text).path[0]).decode() in text
