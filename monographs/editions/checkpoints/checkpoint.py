"""Make checkpoints, each of which extends the one before, and add witnesses' signatures to them."""

from django.db import connection, transaction

from monographs.editions.checkpoints.entry_tree import EntryTree, TreeTooSmall, ledger_size, store_blocks
from monographs.editions.checkpoints.keys import is_signature, log_keys, signing_key, witness_keys
from monographs.editions.models import Checkpoint, Cosignature
from monographs.editions.record.signed_note import (
    NoteRefused,
    SignedNote,
    TreeHead,
    opened_checkpoint,
    parse_note,
    parse_tree_head,
    verified_signatures,
)

#: Class and number of the advisory lock of who makes a checkpoint; arbitrary.
CHECKPOINT_LOCK = (4207, 1)


class ForkRefused(Exception):
    """The ledger does not extend what was signed before: it was cut or rewritten."""


def newest_checkpoint() -> Checkpoint | None:
    """The checkpoint of the most entries."""
    return Checkpoint.objects.order_by("-size").first()


def make_checkpoint() -> Checkpoint:
    """Sign the ledger's head; if nothing was added since the last checkpoint, return that.

    Raises ``ForkRefused`` unless the ledger extends what the last one signed, and ``KeyMissing``.
    """
    key = signing_key()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", CHECKPOINT_LOCK)
        size, last = ledger_size(), newest_checkpoint()
        if last is not None:
            check_extends(TreeHead("", last.size, bytes.fromhex(last.root)))
            if last.size == size and _is_signed_by_today(last):
                return last
        store_blocks(size)
        root = EntryTree(size).root()
        text = TreeHead(key.public.name, size, root).text()
        note = SignedNote(text, (key.sign(text),)).whole()
        if last is not None and last.size == size:
            return Checkpoint(size=size, root=root.hex(), note=note)  # by a new key; the stored row stays
        return Checkpoint.objects.create(size=size, root=root.hex(), note=note)


def _is_signed_by_today(checkpoint: Checkpoint) -> bool:
    return bool(verified_signatures(parse_note(checkpoint.note), [signing_key().public], is_signature))


def check_extends(head: TreeHead) -> None:
    """Check that the ledger begins with the entries of an earlier ``head``. Raises ``ForkRefused``."""
    try:
        found = EntryTree(head.size).root()
    except TreeTooSmall as error:
        raise ForkRefused(
            f"A checkpoint of {head.size} entries was signed, and the ledger has {ledger_size()} only: its "
            "end was cut off. Restore it, and run `ledger verify --anchor` with the checkpoint."
        ) from error
    if found != head.root:
        raise ForkRefused(
            f"The first {head.size} entries of the ledger are not those of the checkpoint that was signed: "
            "they were changed since. Run `ledger verify`, and restore them."
        )


def whole_note(checkpoint: Checkpoint) -> str:
    """The checkpoint with all signatures."""
    lines = checkpoint.cosignatures.order_by("pk").values_list("line", flat=True)
    return checkpoint.note + "".join(lines)


def add_cosignatures(whole: str) -> int:
    """Store the signatures of trusted witnesses on ``whole``, one of our checkpoints; return their number.

    Raises ``NoteRefused`` if it is not ours, or a signature does not hold.
    """
    note = parse_note(whole)
    head, signed = opened_checkpoint(note, log_keys(), witness_keys(), 0, is_signature)
    checkpoint = Checkpoint.objects.filter(size=head.size, root=head.root.hex()).first()
    if checkpoint is None or parse_note(checkpoint.note).text != note.text:
        raise NoteRefused(f"this ledger made no such checkpoint of {head.size} entries")
    lines = {(one.name, one.key_id): one.line() for one in note.signatures}
    found = [one.key for one in signed if one.time is not None]
    Cosignature.objects.bulk_create(
        [
            Cosignature(checkpoint=checkpoint, key=key.text(), line=lines[key.name, key.key_id])
            for key in found
        ],
        ignore_conflicts=True,
    )
    return len(found)


def opened(whole: str) -> TreeHead:
    """What one of this ledger's checkpoints says. Raises ``NoteRefused`` unless one of our keys signed it."""
    return opened_checkpoint(parse_note(whole), log_keys(), [], 0, is_signature)[0]


def head_of(checkpoint: Checkpoint) -> TreeHead:
    """What a stored checkpoint says."""
    return parse_tree_head(parse_note(checkpoint.note).text)
