"""Time stamps (RFC 3161): an authority signs at what time it was shown a checkpoint's file.

Queries are made, and answers verified, by the program ``openssl``, as whoever gets the files can do
(docs/decisions/0080). What does not hold is not kept.
"""

import hashlib
import os
import re
import secrets
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from monographs.core.db_clock import database_now
from monographs.editions.checkpoints.http_post import PostFailed, post
from monographs.editions.models import Checkpoint, TimeStamp

#: The most bytes of an answer: a time stamp with a long chain of certificates has some 10 kB.
ANSWER_BYTES = 100_000
#: How far the authority's clock may differ from the database's: more, and one of them is wrong.
CLOCKS_APART = timedelta(minutes=5)
OPENSSL_SECONDS = 20
TIME_LINE = re.compile(r"^Time stamp: (.+) GMT$", re.MULTILINE)
STATUS_LINE = re.compile(r"^Status: (?!Granted)(.+)$", re.MULTILINE)
DESCRIPTION_LINE = re.compile(r"^(?:Status description|Failure info): (?!unspecified)(.+)$", re.MULTILINE)


class TimeStampRefused(Exception):
    """There is no time stamp that holds; the message says why."""


def time_stamp(checkpoint: Checkpoint, note: str) -> None:
    """Have the authority stamp the file that holds ``note``, unless it did. Raises ``TimeStampRefused``."""
    data = note.encode()
    if stored_stamp(data) is not None:
        return
    digest = hashlib.sha256(data).hexdigest()
    query = _query(digest)
    answer = _ask(query)
    stamp = TimeStamp(
        checkpoint_id=checkpoint.size, sha256=digest, answer=answer, stamped_at=verified(answer, query)
    )
    TimeStamp.objects.bulk_create([stamp], ignore_conflicts=True)


def try_authority(seconds: float) -> None:
    """Request a time stamp of a random digest as a test, within ``seconds``; nothing is stored.

    Raises ``TimeStampRefused`` if there is no answer, or its time stamp is not valid.
    """
    query = _query(secrets.token_hex(hashlib.sha256().digest_size))
    verified(_ask(query, seconds), query)


def stored_stamp(data: bytes) -> bytes | None:
    """The authority's answer about a file with these bytes, or None."""
    digest = hashlib.sha256(data).hexdigest()
    found = TimeStamp.objects.filter(sha256=digest).values_list("answer", flat=True).first()
    return None if found is None else bytes(found)


def verified(answer: bytes, query: bytes) -> datetime:
    """The time of an authority's answer to ``query``, which has the file's digest and a nonce.

    Raises ``TimeStampRefused`` unless it is a time stamp of now that leads to the configured CA.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer_file, query_file = Path(folder) / "answer", Path(folder) / "query"
        answer_file.write_bytes(answer)
        query_file.write_bytes(query)
        said = _openssl("-reply", "-in", answer_file, "-text", wrong="its answer is no time stamp")
        text = said.decode(errors="replace")
        if refused := STATUS_LINE.search(text):
            reasons = "; ".join([refused[1], *DESCRIPTION_LINE.findall(text)])
            raise TimeStampRefused(f"it gave no time stamp: {reasons}")
        files = ("-queryfile", query_file, "-in", answer_file, "-CAfile", settings.LEDGER_TSA_CA_FILE)
        _openssl("-verify", *files, wrong="its time stamp does not hold")
    return _time_of(text)


def _query(digest: str) -> bytes:
    return _openssl("-query", "-digest", digest, "-sha256", "-cert")


def _ask(query: bytes, seconds: float = 0) -> bytes:
    kind = "application/timestamp-query"
    try:
        status, answer = post(settings.LEDGER_TSA_URL, query, kind, ANSWER_BYTES, seconds)
    except PostFailed as error:
        raise TimeStampRefused(str(error)) from error
    if status != HTTPStatus.OK:
        raise TimeStampRefused(f"it answered {status}")
    return answer


def _time_of(said: str) -> datetime:
    """The time in what OpenSSL prints of an answer. Raises ``TimeStampRefused`` if it is not now."""
    found = TIME_LINE.search(said)
    if found is None:
        raise TimeStampRefused("its time stamp has no time")
    # Seconds can have a fraction, which nothing here needs
    text = re.sub(r"\.\d+", "", found[1])
    stamped_at = datetime.strptime(text, "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    if abs(stamped_at - database_now()) > CLOCKS_APART:
        raise TimeStampRefused(
            f"its time is {stamped_at:%Y-%m-%d %H:%M:%S} UTC, which the database's clock contradicts. "
            "Compare both with another clock."
        )
    return stamped_at


def _openssl(*arguments: str | Path, wrong: str = "openssl failed") -> bytes:
    """Run ``openssl ts`` and return what it prints. Raises ``TimeStampRefused`` with its reason."""
    # A configuration of the machine can neither add trusted certificates nor change what is printed
    environment = {**os.environ, "OPENSSL_CONF": os.devnull, "LC_ALL": "C"}
    command = ["openssl", "ts", *map(str, arguments)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=OPENSSL_SECONDS, check=False, env=environment
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TimeStampRefused(f"openssl cannot be run: {error}") from error
    if done.returncode:
        raise TimeStampRefused(
            f"{wrong}: {_reason(done.stderr.decode(errors='replace')) or 'openssl gave no reason'}"
        )
    return done.stdout


def _reason(messages: str) -> str:
    """What the last of OpenSSL's messages says: error:number:library:function:reason:file:line:more."""
    errors = re.findall(r"error:[0-9A-F]+:(.+)", messages)
    parts = errors[-1].split(":") if errors else []
    return ", ".join(part for part in (*parts[2:3], *parts[5:]) if part)
