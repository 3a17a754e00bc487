"""Files that hold labels: SPL XML, openFDA JSON (one result or an API answer), and zips of them.

``label_contents`` splits a file into the bytes of single labels, one at a time, so that memory does not grow
with the file; ``read_label`` reads such bytes. The bytes are what is stored: read again, they are the same
label. A result of openFDA is stored as canonical JSON (RFC 8785), which is the same from the API and the bulk
download.
"""

import codecs
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from rfc8785 import CanonicalizationError

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.labels.label import Label
from monographs.labels.openfda import MAX_RESULT_BYTES, read_openfda
from monographs.labels.refusal import LabelRefused
from monographs.labels.spl import read_spl
from monographs.labels.xml_source import MAX_XML_BYTES

_CHUNK = 1 << 16
#: Zips in zips: DailyMed's bulk download holds a zip per label.
_MAX_ZIP_DEPTH = 2
#: Bytes of an inner zip: a label and its pictures.
_MAX_INNER_ZIP = 60_000_000
_RESULTS = re.compile(r'"results"\s*:\s*\[')
#: Characters before the list of results in an API answer or a part of the bulk download.
_LONGEST_HEAD = 100_000
_ZIP_FAULTS = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class LabelContent:
    """The bytes of one label and where they were: a file's name, and in a list of results its number."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash by which a version is stored once."""
        return sha256_hex(self.data)


def read_label(data: bytes) -> Label:
    """Read the bytes of one label. Raises ``LabelRefused``, with the reason, for anything else."""
    start = data[:1000].removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"{"):
        return read_openfda(data.removeprefix(codecs.BOM_UTF8))
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise LabelRefused("the file is a web page, not a label: the address or the service has changed")
    if start.startswith(b"<") or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return read_spl(data)
    raise LabelRefused("the file is no label: neither SPL XML nor JSON of openFDA")


def label_contents(path: Path) -> Iterator[LabelContent]:
    """Yield the labels of a file, or of all files of a folder in order of their names.

    Raises ``LabelRefused`` for a damaged or foreign file; what it held before the damage was yielded.
    """
    for file in files_of(path):
        with file.open("rb") as stream:
            yield from contents_of_stream(stream, file.name)


def files_of(path: Path) -> list[Path]:
    """Return the files of a folder that may hold labels, in order of their names; a file itself."""
    if not path.is_dir():
        return [path]
    files = sorted(path.rglob("*"))
    return [file for file in files if file.suffix.lower() in (".xml", ".json", ".zip") and file.is_file()]


def contents_of_stream(stream: IO[bytes], name: str, depth: int = 0) -> Iterator[LabelContent]:
    """Yield the labels of an open file; see ``label_contents``."""
    start = stream.read(_CHUNK)
    stream.seek(0)
    if start.startswith(b"PK"):
        yield from _contents_of_zip(stream, name, depth)
    elif _RESULTS.search(start.decode("utf-8", "replace")):
        yield from _results(stream, name)
    else:
        data = stream.read(max(MAX_XML_BYTES, MAX_RESULT_BYTES) + 1)
        if start.lstrip().startswith(b"{"):
            data = canonical_result(_parsed(data))
        yield LabelContent(name, data)


def _contents_of_zip(stream: IO[bytes], name: str, depth: int) -> Iterator[LabelContent]:
    if depth >= _MAX_ZIP_DEPTH:
        raise LabelRefused(f"{name}: zips are inside each other more than {_MAX_ZIP_DEPTH} deep")
    try:
        with ZipFile(stream) as package:
            entries = [entry for entry in package.infolist() if _may_hold_labels(entry)]
            if not entries:
                raise LabelRefused(f"{name}: the zip holds no XML and no JSON")
            for entry in entries:
                yield from _contents_of_entry(package, entry, f"{name}/{entry.filename}", depth)
    except _ZIP_FAULTS as error:
        raise LabelRefused(f"{name}: the zip is damaged, cut short or protected: {error}") from error


def _may_hold_labels(entry: ZipInfo) -> bool:
    return entry.filename.lower().endswith((".xml", ".json", ".zip"))


def _contents_of_entry(package: ZipFile, entry: ZipInfo, name: str, depth: int) -> Iterator[LabelContent]:
    with package.open(entry) as inner:
        if entry.filename.lower().endswith(".json"):
            yield from _json_contents(inner, name)
            return
        limit = _MAX_INNER_ZIP if entry.filename.lower().endswith(".zip") else MAX_XML_BYTES
        data = inner.read(limit + 1)
    if len(data) > limit:
        raise LabelRefused(f"{name}: it unpacks to more than {limit:,} bytes")
    yield from contents_of_stream(BytesIO(data), name, depth + 1)


def _json_contents(stream: IO[bytes], name: str) -> Iterator[LabelContent]:
    """Yield the labels of a JSON file in a zip, which is read once, from front to back."""
    yield from _results(stream, name)


def _results(stream: IO[bytes], name: str) -> Iterator[LabelContent]:
    """Yield each result of an answer, reading only as much as one result needs."""
    reader = _TextReader(stream)
    head = reader.until(_RESULTS, _LONGEST_HEAD)
    if head is None:
        yield LabelContent(name, canonical_result(_parsed(reader.rest().encode())))
        return
    decoder, number = json.JSONDecoder(), 0
    while (start := reader.next_value()) != "]":
        if start != "{":
            raise LabelRefused(f"{name}: the list of results is cut short or damaged")
        number += 1
        yield LabelContent(f"{name}#{number}", canonical_result(reader.value(decoder, name)))


class _TextReader:
    """A text that is read piece by piece."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self.text = ""
        self.ended = False

    def more(self) -> bool:
        chunk = b"" if self.ended else self.stream.read(max(_CHUNK, len(self.text)))
        self.ended = not chunk
        self.text += self.decoder.decode(chunk, final=not chunk)
        return bool(chunk)

    def until(self, pattern: re.Pattern[str], limit: int) -> str | None:
        """Read up to the end of ``pattern``; None (nothing is consumed) if it is not within ``limit``."""
        while not (match := pattern.search(self.text)) and len(self.text) < limit and self.more():
            pass
        if match is None:
            return None
        head, self.text = self.text[: match.end()], self.text[match.end() :]
        return head

    def rest(self) -> str:
        while len(self.text) <= MAX_RESULT_BYTES and self.more():
            pass
        return self.text

    def next_value(self) -> str:
        """Skip commas and white space; return the next character, "" at the end."""
        self.text = self.text.lstrip(" \t\r\n,")
        while not self.text and self.more():
            self.text = self.text.lstrip(" \t\r\n,")
        return self.text[:1]

    def value(self, decoder: json.JSONDecoder, name: str) -> Any:
        while True:
            try:
                value, end = decoder.raw_decode(self.text)
            except RecursionError as error:
                raise LabelRefused(f"{name}: a result nests too deep") from error
            except ValueError as error:
                if len(self.text) > MAX_RESULT_BYTES or not self.more():
                    raise LabelRefused(f"{name}: a result is cut short or damaged: {error}") from error
                continue
            self.text = self.text[end:]
            return value


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise LabelRefused(f"the file is no complete JSON, cut short or damaged: {error}") from error


def canonical_result(result: Any) -> bytes:
    """Return the bytes by which a parsed result of openFDA is stored. Raises ``LabelRefused``."""
    try:
        return canonical_json(result)
    except (CanonicalizationError, ValueError, TypeError, RecursionError) as error:
        raise LabelRefused(f"the result holds what JSON cannot store: {error}") from error
