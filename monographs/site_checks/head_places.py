"""The places of ``LEDGER_HEAD_TO``, as far as this machine can check."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from monographs.site_checks.site_check import site_check

#: A problem, as a sentence after the place's name, and its remedy.
Problem = tuple[str, str]


@site_check(manual="Evidence")
def head_places() -> Iterator[CheckMessage]:
    """The ledger's head can be stored at each place of LEDGER_HEAD_TO."""
    for place in settings.LEDGER_HEAD_TO:
        for problem, remedy in _problems(place):
            yield Error(f"LEDGER_HEAD_TO: {place} {problem}.", hint=remedy)


def _problems(place: str) -> Iterator[Problem]:
    match place.partition(":")[0]:
        case "mailto":
            yield from _address_problems(unquote(place.partition(":")[2]))
        case "file":
            yield from _folder_problems(_folder(place))
        case "git":
            yield from _folder_problems(_folder(place))
            yield from _clone_problems(_folder(place))
        case _:
            yield from _bucket_problems(place)


def _folder(place: str) -> Path:
    return Path(unquote(urlsplit(place).path))


def _address_problems(address: str) -> Iterator[Problem]:
    try:
        validate_email(address)
    except ValidationError:
        yield "names no email address", "Write one address, e.g. mailto:board@example.org."


def _folder_problems(folder: Path) -> Iterator[Problem]:
    user = os.geteuid()
    if not folder.is_dir():
        remedy = "Make the folder, or mount it; the service must be allowed to write to it."
        yield "names no folder that is there", remedy
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield f"cannot be written to by user {user}", f"chown {user} {folder}, or name another folder."


def _clone_problems(folder: Path) -> Iterator[Problem]:
    if shutil.which("git") is None:
        remedy = "Install git; the image has none: run `manage.py ledger publish_head` where it is."
        yield "needs git, which is not installed", remedy
    # A clone has a folder of this name, a further working tree a file
    if folder.is_dir() and not any((above / ".git").exists() for above in (folder, *folder.parents)):
        yield "is no clone of a repository", "`git clone` one there, whose remote is somebody else's."


def _bucket_problems(place: str) -> Iterator[Problem]:
    address = urlsplit(place)
    packages = "pip install --require-hashes -r requirements-s3.txt"
    if not address.netloc:
        yield "names no bucket", "Write s3://bucket/folder."
    if find_spec("boto3") is None:
        yield (
            "needs the package boto3, which is not installed",
            f"{packages} (image: --build-arg REQUIREMENTS).",
        )
    for days in parse_qs(address.query, keep_blank_values=True).get("retain_days", []):
        if not (days.isascii() and days.isdigit() and int(days)):
            yield f"locks objects for {days!r} days, which is no number", "Write e.g. ?retain_days=3650."
