"""Requests to witnesses to cosign a checkpoint (c2sp.org/tlog-witness)."""

import base64
import re
from http import HTTPStatus

from monographs.editions.checkpoints.checkpoint import add_cosignatures
from monographs.editions.checkpoints.entry_tree import EntryTree
from monographs.editions.checkpoints.http_post import PostFailed, post
from monographs.editions.models import Checkpoint
from monographs.editions.record.signed_note import NOTE_CHARACTERS, NoteRefused, whole_number

#: The most requests to one witness: the second has the size that it knows.
ATTEMPTS = 2


class WitnessRefused(Exception):
    """A witness did not cosign; the message says why."""


def cosign(checkpoint: Checkpoint, url: str) -> int:
    """Ask the witness at ``url`` to cosign ``checkpoint``, and store its signatures; return their number.

    Raises ``WitnessRefused``.
    """
    known = _last_cosigned()
    for _ in range(ATTEMPTS):
        status, answer = _ask(url, request_body(checkpoint, known))
        if status == HTTPStatus.OK:
            return _stored(checkpoint, answer)
        size = answer.strip()
        if status != HTTPStatus.CONFLICT or not re.fullmatch(r"\d+", size):
            break
        known = whole_number(size)
        if known > checkpoint.size:
            raise WitnessRefused(
                f"it has seen {known} entries, more than this ledger has: the end was cut off"
            )
    raise WitnessRefused(f"it answered {status}: {answer.strip()[:200] or 'nothing'}")


def request_body(checkpoint: Checkpoint, known: int) -> str:
    """What a witness is sent that has seen the ledger's first ``known`` entries."""
    proof = EntryTree(checkpoint.size).consistency(known)
    lines = [f"old {known}", *(base64.b64encode(node).decode() for node in proof), "", checkpoint.note]
    return "\n".join(lines)


def _last_cosigned() -> int:
    sizes = Checkpoint.objects.filter(cosignatures__isnull=False).order_by("-size")
    return sizes.values_list("size", flat=True).first() or 0


def _stored(checkpoint: Checkpoint, answer: str) -> int:
    try:
        count = add_cosignatures(checkpoint.note + answer)
    except NoteRefused as refusal:
        raise WitnessRefused(f"its answer is refused: {refusal}") from refusal
    if not count:
        raise WitnessRefused("its key is not in LEDGER_WITNESS_KEYS")
    return count


def _ask(url: str, body: str) -> tuple[int, str]:
    try:
        status, answer = post(f"{url}/add-checkpoint", body.encode(), "text/plain", NOTE_CHARACTERS)
    except PostFailed as error:
        raise WitnessRefused(str(error)) from error
    return status, answer.decode(errors="replace")
