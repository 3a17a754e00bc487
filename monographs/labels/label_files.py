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
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from rfc8785 import CanonicalizationError

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.labels.label import Label
from monographs.labels.label_error import LabelRefused
from monographs.labels.openfda import MAX_RESULT_BYTES, read_openfda
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
#: Faults of one file that are told; the others are counted.
_MOST_FAULTS = 5
_NOT_UTF8 = "the JSON is not in UTF-8, so its letters would be read wrongly; save it as UTF-8"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
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
    if data.startswith(_UTF16) and start[2:].replace(b"\0", b"").lstrip().startswith(b"{"):
        raise LabelRefused(_NOT_UTF8)
    if start.startswith(b"<") or data.startswith(_UTF16):
        return read_spl(data)
    raise LabelRefused("the file is no label: neither SPL XML nor JSON of openFDA")


def label_contents(path: Path) -> Iterator[LabelContent]:
    """Yield the labels of a file, or of all files of a folder in order of their names.

    Raises ``LabelRefused`` for a damaged or foreign file, after all that can be read of it: what stands
    before the damage, and the other entries of a zip.
    """
    for file in files_of(path):
        with file.open("rb") as stream:
            yield from contents_of_stream(stream, file.name)


def files_of(path: Path) -> list[Path]:
    """Return the files of a folder that may hold labels, in order of their names; a file itself."""
    if not path.is_dir():
        return [path]
    return [file for file in sorted(path.rglob("*")) if _may_hold_labels(file.name) and file.is_file()]


def contents_of_stream(stream: IO[bytes], name: str, depth: int = 0) -> Iterator[LabelContent]:
    """Yield the labels of an open file; see ``label_contents``."""
    start = stream.read(_CHUNK)
    stream.seek(0)
    try:
        if start.startswith(b"PK"):
            yield from _contents_of_zip(stream, name, depth)
        elif start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
            yield from _results(stream, name)
        else:
            yield LabelContent(name, stream.read(max(MAX_XML_BYTES, MAX_RESULT_BYTES) + 1))
    except LabelRefused as error:
        raise LabelRefused(f"{name.rpartition('/')[2]}: {error}") from error


def _contents_of_zip(stream: IO[bytes], name: str, depth: int) -> Iterator[LabelContent]:
    """Yield the labels of all entries; one that is damaged does not keep the others from being read."""
    if depth >= _MAX_ZIP_DEPTH:
        raise LabelRefused(f"zips are inside each other more than {_MAX_ZIP_DEPTH} deep")
    faults = _Faults()
    try:
        with ZipFile(stream) as package:
            entries = [entry for entry in package.infolist() if _may_hold_labels(entry.filename)]
            if not entries:
                raise LabelRefused("the zip holds no XML and no JSON")
            for entry in entries:
                try:
                    yield from _contents_of_entry(package, entry, f"{name}/{entry.filename}", depth)
                except LabelRefused as error:
                    faults.add(str(error))
                except _ZIP_FAULTS as error:
                    faults.add(f"{entry.filename}: it is damaged, cut short or protected: {error}")
    except _ZIP_FAULTS as error:
        raise LabelRefused(f"the zip is damaged, cut short or protected: {error}") from error
    faults.refuse()


def _may_hold_labels(filename: str) -> bool:
    """Whether a file is of a kind that is read; macOS adds files that begin with “._” to folders and zips."""
    name = filename.rpartition("/")[2].lower()
    return name.endswith((".xml", ".json", ".zip")) and not name.startswith("._")


def _contents_of_entry(package: ZipFile, entry: ZipInfo, name: str, depth: int) -> Iterator[LabelContent]:
    with package.open(entry) as inner:
        if entry.filename.lower().endswith(".json"):
            yield from contents_of_stream(inner, name)  # read from front to back, however long it is
            return
        limit = _MAX_INNER_ZIP if entry.filename.lower().endswith(".zip") else MAX_XML_BYTES
        data = inner.read(limit + 1)
    if len(data) > limit:
        raise LabelRefused(f"{entry.filename}: it unpacks to more than {limit:,} bytes")
    yield from contents_of_stream(BytesIO(data), name, depth + 1)


@dataclass
class _Faults:
    """What was wrong with parts of a file, the others of which were read."""

    told: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, fault: str) -> None:
        self.count += 1
        if len(self.told) < _MOST_FAULTS:
            self.told.append(fault)

    def refuse(self) -> None:
        """Raise ``LabelRefused`` with the first faults, if there are any."""
        if self.count:
            more = f"; and {self.count - len(self.told):,} more" if self.count > len(self.told) else ""
            raise LabelRefused("; ".join(self.told) + more)


def _results(stream: IO[bytes], name: str) -> Iterator[LabelContent]:
    """Yield each result of an answer, reading only as much as one result needs; or the one that it is."""
    reader = _TextReader(stream)
    if not reader.skip_past(_RESULTS, _LONGEST_HEAD):
        yield LabelContent(name, canonical_result(_parsed(reader.rest())))
        return
    decoder, number, faults = json.JSONDecoder(), 0, _Faults()
    while (start := reader.next_value()) != "]":
        if start != "{":
            raise LabelRefused("the list of results is cut short or damaged")
        number += 1
        try:
            content = LabelContent(f"{name}#{number}", canonical_result(reader.value(decoder)))
        except _CannotStore as error:
            faults.add(f"result {number}: {error}")
        else:
            yield content
    if not number:
        raise LabelRefused("its list of results is empty")
    faults.refuse()


class _TextReader:
    """A text that is read piece by piece."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
        self.text = ""
        self.ended = False

    def more(self) -> bool:
        chunk = b"" if self.ended else self.stream.read(max(_CHUNK, len(self.text)))
        self.ended = not chunk
        try:
            self.text += self.decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise LabelRefused(f"{_NOT_UTF8}: {error.reason}") from error
        return bool(chunk)

    def skip_past(self, pattern: re.Pattern[str], limit: int) -> bool:
        """Skip to the end of ``pattern``; False (nothing is skipped) if it is not within ``limit``."""
        while not (match := pattern.search(self.text)) and len(self.text) < limit and self.more():
            pass
        if match is not None:
            self.text = self.text[match.end() :]
        return match is not None

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

    def value(self, decoder: json.JSONDecoder) -> Any:
        while True:
            try:
                value, end = decoder.raw_decode(self.text)
            except RecursionError as error:
                raise LabelRefused("a result nests too deep") from error
            except ValueError as error:
                if len(self.text) > MAX_RESULT_BYTES or not self.more():
                    raise LabelRefused(f"a result is cut short or damaged: {error}") from error
                continue
            self.text = self.text[end:]
            return value


def _parsed(data: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise LabelRefused(f"the file is no complete JSON, cut short or damaged: {error}") from error


class _CannotStore(LabelRefused):
    """A result holds what canonical JSON cannot express; the results after it may be sound."""


def canonical_result(result: Any) -> bytes:
    """Return the bytes by which a parsed result of openFDA is stored. Raises ``LabelRefused``."""
    try:
        return canonical_json(result)
    except (CanonicalizationError, ValueError, TypeError, RecursionError) as error:
        raise _CannotStore(f"the result holds what JSON cannot store: {error}") from error
