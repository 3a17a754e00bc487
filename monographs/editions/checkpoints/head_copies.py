"""Copies of the ledger's head out of the database's reach: email, folders, git repositories, S3 buckets.

Each checkpoint is a file named by its number of entries, with its time stamp beside it. A place that holds a
newer or another one than this ledger made is a fault: before it is written to, the ledger must extend the
newest head that it has.
"""

import importlib
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from monographs.core.db_clock import database_now
from monographs.core.mail import transport
from monographs.core.whole_file import write_whole
from monographs.editions.checkpoints.checkpoint import (
    ForkRefused,
    check_extends,
    make_checkpoint,
    opened,
    whole_note,
)
from monographs.editions.checkpoints.time_stamps import TimeStampRefused, stored_stamp, time_stamp
from monographs.editions.checkpoints.witnesses import WitnessRefused, cosign
from monographs.editions.models import Checkpoint
from monographs.editions.record.signed_note import NoteRefused, parse_note

#: Digits of the number in a file's name, so that names sort as numbers.
DIGITS = 12
SUFFIX = ".checkpoint"
#: What the name of a time stamp has more than that of its checkpoint.
STAMP_SUFFIX = ".tsr"
FILE_NAME = re.compile(rf"[0-9]{{{DIGITS}}}\{SUFFIX}")
GIT_SECONDS = 60


class CopyFailed(Exception):
    """The head could not be stored at a place; the message says why."""


@dataclass(frozen=True)
class CopyResult:
    """The result for one place, witness or authority: ``problem`` is empty if it succeeded."""

    place: str
    problem: str = ""


def publish_head() -> tuple[Checkpoint, list[CopyResult]]:
    """Sign the head, ask witnesses and time stamping authority, and store it at every place.

    One that fails keeps no other from being tried. To repeat it changes nothing. Raises ``ForkRefused`` and
    ``KeyMissing``, in which case nothing is stored anywhere.
    """
    checkpoint = make_checkpoint()
    results = [_tried(url, partial(cosign, checkpoint, url)) for url in settings.LEDGER_WITNESS_URLS]
    note = whole_note(checkpoint)
    if settings.LEDGER_TSA_URL:
        results.append(_tried(settings.LEDGER_TSA_URL, partial(time_stamp, checkpoint, note)))
    places = settings.LEDGER_HEAD_TO
    results += [_tried(place, partial(store, place, checkpoint, note)) for place in places]
    return checkpoint, results


def _tried(place: str, act: Callable[[], Any]) -> CopyResult:
    shown = place.partition("?")[0]
    try:
        act()
    except (CopyFailed, ForkRefused, TimeStampRefused, WitnessRefused, OSError) as error:
        return CopyResult(shown, str(error) or type(error).__name__)
    except Exception as error:  # a mail or S3 client's own; the others must be tried
        return CopyResult(shown, f"{type(error).__name__}: {error}")
    return CopyResult(shown)


def store(place: str, checkpoint: Checkpoint, note: str) -> None:
    """Store ``note``, the whole text of ``checkpoint``, at one place. Raises the error that prevents it."""
    scheme, _, rest = place.partition(":")
    match scheme:
        case "mailto":
            _send(rest, checkpoint, note)
        case "file":
            _write(_folder(rest), checkpoint, note)
        case "git":
            _commit(_folder(rest), checkpoint, note)
        case _:
            _put(place, checkpoint, note)


def file_name(checkpoint: Checkpoint) -> str:
    """The name of a checkpoint's file."""
    return f"{checkpoint.size:0{DIGITS}d}{SUFFIX}"


def stamp_name(checkpoint: Checkpoint) -> str:
    """The name of the file of a checkpoint's time stamp."""
    return f"{file_name(checkpoint)}{STAMP_SUFFIX}"


def _send(address: str, checkpoint: Checkpoint, note: str) -> None:
    message = EmailMessage(
        f"Head of the ledger: {checkpoint.size} entries",
        f"{note}\nThe attachment is the same text: keep it for `ledger verify --anchor`.\n",
        to=[unquote(address)],
        headers={"Date": formatdate(), "Auto-Submitted": "auto-generated"},
    )
    message.attach(file_name(checkpoint), note.encode(), "application/octet-stream")
    if stamp := stored_stamp(note.encode()):
        message.attach(stamp_name(checkpoint), stamp, "application/timestamp-reply")
    if transport().send_messages([message]) != 1:
        raise CopyFailed("the mail server did not take the message")


def _folder(rest: str) -> Path:
    folder = Path(unquote(urlsplit(rest).path))
    if not folder.is_dir():
        raise CopyFailed(f"{folder} is not a folder")
    return folder


def _write(folder: Path, checkpoint: Checkpoint, note: str) -> None:
    """Write the file, unless it is there with as many signatures, and the time stamp of what it holds."""
    names = sorted(path.name for path in folder.iterdir() if FILE_NAME.fullmatch(path.name))
    if names:
        _check_kept((folder / names[-1]).read_text(encoding="utf-8"), folder / names[-1])
    file, stamp_file = folder / file_name(checkpoint), folder / stamp_name(checkpoint)
    if not file.exists() or _has_more(note, file.read_text(encoding="utf-8")):
        write_whole(file, note.encode())
    stamp = stored_stamp(file.read_bytes())
    if stamp and not (stamp_file.exists() and stamp_file.read_bytes() == stamp):
        write_whole(stamp_file, stamp)


def _check_kept(text: str, where: Path | str) -> None:
    try:
        check_extends(opened(text))
    except NoteRefused as refusal:
        raise CopyFailed(f"{where} is no checkpoint of this ledger: {refusal}") from refusal


def _has_more(note: str, stored: str) -> bool:
    """Whether ``note`` has signatures that the stored one lacks."""
    return bool(set(parse_note(note).signatures) - set(parse_note(stored).signatures))


def _commit(folder: Path, checkpoint: Checkpoint, note: str) -> None:
    _write(folder, checkpoint, note)
    names = [name for name in (file_name(checkpoint), stamp_name(checkpoint)) if (folder / name).exists()]
    _git(folder, "add", "--", *names)
    if _git(folder, "status", "--porcelain", "--", *names).strip():
        author = ("-c", "user.name=Ledger", "-c", "user.email=ledger@localhost")
        message = f"Head of the ledger: {checkpoint.size} entries"
        _git(folder, *author, "commit", "--quiet", "--message", message, "--", *names)
    if _git(folder, "remote").strip():
        _git(folder, "push", "--quiet")


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=GIT_SECONDS, check=True, env=environment
        )
    except subprocess.CalledProcessError as error:
        raise CopyFailed(f"git {arguments[0]}: {error.stderr.strip()}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CopyFailed(f"git cannot be run: {error}") from error
    return done.stdout


def _put(place: str, checkpoint: Checkpoint, note: str) -> None:
    """Store the head as an object, locked for ``?retain_days=`` where the bucket has object lock."""
    try:
        boto3 = importlib.import_module("boto3")
    except ImportError as error:
        raise CopyFailed("S3 needs the package boto3, which is not installed") from error
    address = urlsplit(place)
    bucket, prefix = address.netloc, address.path.strip("/")
    folder = f"{prefix}/" if prefix else ""
    client = boto3.client("s3")
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
    keys = sorted(each["Key"] for page in pages for each in page.get("Contents", []))
    stored = [key for key in keys if FILE_NAME.fullmatch(key.removeprefix(folder))]
    if stored:
        newest = client.get_object(Bucket=bucket, Key=stored[-1])["Body"].read().decode()
        _check_kept(newest, stored[-1])
    lock = {}
    if days := parse_qs(address.query).get("retain_days"):
        until = database_now() + timedelta(days=int(days[0]))
        lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    key, data = f"{folder}{file_name(checkpoint)}", note.encode()
    if key in stored:  # a locked object is not written again for another witness
        data = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    stamp_key = f"{folder}{stamp_name(checkpoint)}"
    for new_key, body in ((key, data), (stamp_key, stored_stamp(data))):
        if body and new_key not in keys:
            client.put_object(Bucket=bucket, Key=new_key, Body=body, ChecksumAlgorithm="SHA256", **lock)
