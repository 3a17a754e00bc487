"""Ask witnesses to cosign a checkpoint (c2sp.org/tlog-witness)."""

import base64
import re
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from monographs.editions.checkpoints.checkpoint import add_cosignatures
from monographs.editions.checkpoints.entry_tree import EntryTree
from monographs.editions.models import Checkpoint
from monographs.editions.record.signed_note import NOTE_CHARACTERS, NoteRefused, whole_number

#: Seconds for one request, and the most requests to one witness: the second has the size that it knows.
TIMEOUT_SECONDS = 20.0
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
    address = urlsplit(url)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", f"{address.path}/add-checkpoint", body.encode())
        response = connection.getresponse()
        return response.status, response.read(NOTE_CHARACTERS).decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise WitnessRefused(f"it cannot be reached: {str(error) or type(error).__name__}") from error
    finally:
        connection.close()
