"""Proofs that an edition is in the ledger, for people who have a proof, a key and nothing else."""

import json

from monographs.editions.checkpoints.checkpoint import (
    check_extends,
    head_of,
    make_checkpoint,
    newest_checkpoint,
    whole_note,
)
from monographs.editions.checkpoints.entry_tree import EntryTree
from monographs.editions.checkpoints.keys import is_signature, log_keys
from monographs.editions.ledger import Event, entry_bytes
from monographs.editions.models import Edition, LedgerEntry
from monographs.editions.record.tree_proof import TreeProof, proven_edition


class EditionUnknown(Exception):
    """No edition is meant, or more than one; the message says which there are."""


def edition_named(name: str) -> Edition:
    """The edition of ``slug/number`` or ``/public/path/number``; the newest one without a number.

    Raises ``EditionUnknown``.
    """
    place, _, number = name.strip("/").rpartition("/")
    if not number.isdecimal():
        place, number = name.strip("/"), ""
    editions = Edition.objects.order_by("key", "-number")
    editions = editions.filter(path=f"/{place}/") if "/" in place else editions.filter(slug=place)
    if number:
        editions = editions.filter(number=int(number))
    found = list(editions.distinct("key"))
    if len(found) == 1:
        return found[0]
    paths = ", ".join(f"{edition.path}{edition.number}" for edition in found)
    raise EditionUnknown(
        f"{name} names several editions: {paths}. Name one of these."
        if found
        else f"There is no edition {name}. Name it as slug/number, e.g. imatinib/3."
    )


def proof_of(edition: Edition) -> str:
    """The text of a proof that ``edition`` is in the newest checkpoint; makes one if it is not in that yet.

    Raises ``ForkRefused``, ``KeyMissing``; and ``NoteRefused`` if what was made does not hold.
    """
    entry = _entry_of(edition)
    checkpoint = newest_checkpoint()
    if checkpoint is None or checkpoint.size < entry.seq:
        checkpoint = make_checkpoint()
    else:
        check_extends(head_of(checkpoint))
    path = EntryTree(checkpoint.size).path(entry.seq - 1)
    text = TreeProof(entry_bytes(entry), entry.seq - 1, tuple(path), whole_note(checkpoint)).text()
    proven_edition(text, log_keys(), is_signature)
    return text


def _entry_of(edition: Edition) -> LedgerEntry:
    entries = LedgerEntry.objects.filter(subject=str(edition.key), event=Event.EDITION).order_by("seq")
    for entry in entries:
        if json.loads(entry.body)["data"]["edition"] == edition.pk:
            return entry
    raise EditionUnknown(f"The ledger has no entry of edition {edition}: run `ledger verify`.")
