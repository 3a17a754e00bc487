"""Where the label of a new medicine comes from: the service of the settings, or a file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from monographs.imports.errors import ImportRefused
from monographs.label_watch.configured_source import configured_service
from monographs.label_watch.label_services import LabelGone
from monographs.label_watch.polite_http import HttpLimits, ServiceBusy, ServiceUnavailable
from monographs.labels import Label, LabelContent, LabelRefused, read_label
from monographs.labels.label_files import contents_of_stream

#: Somebody waits for the answer, and so does a web worker, which has 30 s: one attempt, no waits.
_LIMITS = HttpLimits(step=8.0, request=20.0, waits=(), longest_wait=0.0)
_SET_ID = re.compile(r"(?<![0-9a-f-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])")
#: Bytes of an uploaded file. The largest labels have some 5 MB, a version with its pictures as a zip more.
MAX_FILE = 60_000_000
#: What else a writer can do, where a file can be chosen and where not.
_UPLOAD = "or save the label’s file from DailyMed and choose it here"
_LATER = "or wait for the next label check, which asks again"
_CHOOSE_FILE = "choose the label’s file instead"
_READ_FILES = "whoever runs the site can have it read from files (check_labels --from)"


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """A label, the bytes that it is stored by, and the address or the file that they came from."""

    data: bytes
    label: Label
    origin: str


def set_id_in(words: str) -> str:
    """Return the one set id in ``words``, which may be an address of DailyMed. Raises ``ImportRefused``."""
    found = set(_SET_ID.findall(words.lower()))
    if len(found) != 1:
        raise ImportRefused(
            f"“{words.strip()[:80]}” is no set id; it has the form 38b482a8-960b-4591-9857-5031ecb830aa and "
            "is in the address of the label on DailyMed"
        )
    return found.pop()


def fetched_label(set_id: str, *, takes_files: bool = True) -> FoundLabel:
    """Ask the service of the settings for the newest version of a label. Raises ``ImportRefused``.

    ``takes_files``: whether the label's file can be chosen where the message is shown.
    """
    otherwise = _UPLOAD if takes_files else _LATER
    service = configured_service(_LIMITS)
    if service is None:
        files = _CHOOSE_FILE if takes_files else _READ_FILES
        raise ImportRefused(f"this site asks no service for labels; {files}")
    try:
        data, address = service.fetch(set_id)
        label = read_label(data)
    except LabelGone as error:
        raise ImportRefused(
            f"{service.name} has no label with the set id {set_id}; compare it with the address of the label"
        ) from error
    except ServiceBusy as error:
        raise ImportRefused(
            f"{service.name} asks us to wait ({error}); try again in some minutes, {otherwise}"
        ) from error
    except ServiceUnavailable as error:
        raise ImportRefused(f"{service.name} cannot be reached ({error}); try again, {otherwise}") from error
    except LabelRefused as error:
        raise ImportRefused(f"{service.name}: {error}") from error
    if label.set_id != set_id:
        raise ImportRefused(f"{service.name} was asked for {set_id} and sent another label ({label.set_id})")
    return FoundLabel(data, label, address)


def label_of_file(data: bytes, name: str) -> FoundLabel:
    """Return the one label of an uploaded file (SPL XML, JSON of openFDA, or a zip of one)."""
    if len(data) > MAX_FILE:
        raise ImportRefused(
            f"the file {name} has {len(data):,} bytes, more than {MAX_FILE:,}; give the label alone"
        )
    try:
        contents = list(islice(_contents(data, name), 2))
        if len(contents) > 1:
            raise ImportRefused(f"the file {name} holds several labels; choose a file with one of them")
        if not contents:
            raise ImportRefused(f"the file {name} holds no label")
        return FoundLabel(contents[0].data, read_label(contents[0].data), f"file {name}")
    except LabelRefused as error:
        raise ImportRefused(f"the file {name} cannot be used: {error}") from error


def _contents(data: bytes, name: str) -> Iterator[LabelContent]:
    return contents_of_stream(BytesIO(data), name)
