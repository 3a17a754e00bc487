#!/usr/bin/env python3
"""Check an exported record on a machine that has Python 3.11 or later and nothing else.

    python verify_export.py [FOLDER] [--anchor FILE | --anchor "SEQUENCE HASH"] [--key KEY]

FOLDER is the export, by default the folder of this file. Prints "OK …" and exits with status 0, or prints
a line "FAULT …" for each thing that is not as it was written, and exits with status 1. Wrong arguments
exit with status 2.

A chain of hashes cannot show that its end was cut off, or that all of it was rewritten. Both are found
with --anchor and a head that was kept elsewhere: "SEQUENCE HASH", as `ledger head` prints it, or a file with
that or with a signed checkpoint. For a checkpoint, --key is the ledger's public key ("name+id+key").
"""

import argparse
import hashlib
import html
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monographs.editions.record.ed25519 import is_signature_of
from monographs.editions.record.edition_rules import EditionFacts
from monographs.editions.record.json_values import Row, parsed
from monographs.editions.record.record_check import RecordCheck
from monographs.editions.record.record_index import RECORDED, Record, RecordedText
from monographs.editions.record.signed_note import (
    TreeHead,
    opened_checkpoint,
    parse_note,
    parse_verifier_key,
)

EXPORT_FORMAT = 1
MANIFEST_NAME = "manifest.json"
#: File names of an export; none can lead out of the folder.
FILE_NAME = re.compile(r"(?:(?:editions|figures)/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*", re.ASCII)
TAG = re.compile(r"<[^>]*>")
#: Fields of a text that are not shown on its page, and fields shown in an HTML attribute only.
HIDDEN_FIELDS = frozenset(
    "collection condition date_seen frequency group key kind language media_type page sha256 slug type "
    "urgency".split()
)
ATTRIBUTE_FIELDS = frozenset({"alt", "address"})
#: Fields that hold rich text; the latter two are the cells of tables.
HTML_FIELDS = frozenset({"html", "header", "rows"})
ROOT_FILES = {
    *(f"{name}.jsonl" for name in (*RECORDED, "figures", "ledger")),
    "index.html",
    "verify_export.py",
}
#: Files that exports of earlier releases do not have.
LATER_FILES = {
    f"{name}.jsonl" for name in ("retractions", "sentences", "conflicts", "conflict_ends", "label_answers")
}


def words_of(value: Any, name: str = "") -> Iterator[tuple[str, bool]]:
    """Every string of a text that its page shows, and whether it is in an HTML attribute."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from words_of(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item, name)
    elif isinstance(value, str) and name not in HIDDEN_FIELDS:
        yield (html.unescape(TAG.sub("", value)) if name in HTML_FIELDS else value), name in ATTRIBUTE_FIELDS


class ExportFolder:
    """The files of one export, as the source of a record."""

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder, self.record = folder, record
        self.files: dict[str, Row] = {}
        self.manifest: Row = {}
        self.homonyms: set[str] = set()
        self.pages: set[str] = set()

    def rows(self, name: str) -> Iterator[Row | None]:
        """Yield the rows of a file; None for a line that is not one."""
        file = self.folder / f"{name}.jsonl"
        if not file.is_file() or file.is_symlink():
            return
        with self.record.noting(file.name), file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                row = None
                with self.record.noting(f"{file.name}, line {number}"):
                    found = parsed(line)
                    if not isinstance(found, dict) or not line.endswith(b"\n"):
                        raise ValueError("not one object on one line")
                    row = found
                yield row

    def has_figure(self, file_name: str, digest: str) -> bool:
        """Whether the manifest, which is compared with the files, lists the figure with this hash."""
        facts = self.files.get(f"figures/{file_name}")
        return isinstance(facts, dict) and facts.get("sha256") == digest

    def earlier_text(self, key: str, number: int, before: int) -> RecordedText | None:
        """None: an export has the editions of all pages."""
        return None

    def check_files(self) -> bool:
        """Check that the folder holds the files its manifest lists, and no others.

        False if there is no manifest that this program can read.
        """
        found = set(self._file_names(self.folder, ""))
        if MANIFEST_NAME not in found:
            self.record.add(f"{MANIFEST_NAME}: missing")
            return False
        with self.record.noting(MANIFEST_NAME):
            self.manifest = parsed((self.folder / MANIFEST_NAME).read_bytes())
            if self.manifest["format"] != EXPORT_FORMAT:
                other = self.manifest["format"]
                self.record.add(f"{MANIFEST_NAME}: has format {other}, this program reads {EXPORT_FORMAT}")
                return False
            self.files = dict(self.manifest["files"])
        for name in sorted(self.files):
            if not FILE_NAME.fullmatch(name) or ("/" not in name and name not in ROOT_FILES):
                self.record.add(f"{MANIFEST_NAME}: lists {name!r}, which is not part of an export")
                del self.files[name]
        for name in sorted(found - {MANIFEST_NAME} - set(self.files)):
            self.record.add(f"{name}: not in the manifest")
        for name in sorted((ROOT_FILES - LATER_FILES | set(self.files)) - found):
            self.record.add(f"{name}: missing")
        for name in sorted(set(self.files) & found):
            self._check_hash(name, self.files[name])
        return True

    def _check_hash(self, name: str, facts: Row) -> None:
        with self.record.noting(name), (self.folder / name).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if (stream.tell(), digest) != (facts["size"], facts["sha256"]):
                self.record.add(f"{name}: does not match its hash in the manifest")

    def _file_names(self, folder: Path, prefix: str) -> Iterator[str]:
        with self.record.noting(prefix or str(folder)), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = prefix + entry.name
                if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                    self.record.add(f"{name}: not a file or a folder but a link or a device")
                elif entry.is_dir():
                    yield from self._file_names(folder / entry.name, f"{name}/")
                else:
                    yield name

    def page_shows_edition(self, record: Record, facts: EditionFacts) -> Iterator[str]:
        """The HTML page of an edition shows its whole text, its signatures and contributors."""
        row = facts.row
        name = f"editions/{row['slug']}-{row['number']}"
        page = f"{name}.{row['id']}.html" if name.lower() in self.homonyms else f"{name}.html"
        self.homonyms.add(name.lower())
        self.pages.add(page)
        if page not in self.files or (self.folder / page).is_symlink() or not (self.folder / page).is_file():
            yield f"{page} is missing, its page"
            return
        source = (self.folder / page).read_text(encoding="utf-8")
        attributes = without_spaces(html.unescape(source))
        text = without_spaces(html.unescape(TAG.sub("", source)))
        shown = [row["sha256"], row["reason"], row["created_at"], row["last_reviewed"], row["next_due"]]
        names = ("name", "credentials", "username", "step", "meaning", "method", "signed_at")
        shown += [signature[name] for signature, _ in facts.signatures for name in names]
        shown += [person["name"] for person in row["contributors"]]
        for words, in_attribute in (*words_of(facts.document), *((fact, False) for fact in shown)):
            if without_spaces(words) not in (attributes if in_attribute else text):
                yield f"{page} does not show what it says: {words[:60]!r}"

    def check_no_other_files(self) -> None:
        """Check that every page and figure file belongs to an edition."""
        shown = {
            f"figures/{file_name}" for figures in self.record.figures.values() for _, file_name in figures
        }
        for name in sorted(set(self.files) - shown - self.pages):
            if "/" in name:
                self.record.add(f"{name}: belongs to no edition")

    def check_manifest(self) -> None:
        """Check that the manifest's counts and head are those of the record."""
        seq, digest = self.record.head
        counts = {name: n for name, n in self.record.counts.items() if n or f"{name}.jsonl" in self.files}
        found = {"counts": counts, "head": {"seq": seq, "hash": digest}}
        for name, value in found.items():
            if self.manifest.get(name) != value:
                self.record.add(f"{MANIFEST_NAME}: its “{name}” differs from the record")


def check_folder(
    folder: Path, anchor: tuple[int, str] | None = None, kept_tree: TreeHead | None = None
) -> Record:
    """Check the export in ``folder`` and return its record, with all faults."""
    record = Record()
    files = ExportFolder(folder, record)
    with record.noting(str(folder)):
        if files.check_files():
            RecordCheck(files, record, datetime.now(UTC), [files.page_shows_edition]).run(anchor, kept_tree)
            files.check_no_other_files()
            files.check_manifest()
    return record


def without_spaces(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


# --- Command line -----------------------------------------------------------------------------------


def parse_anchor(text: str, keys: list[str]) -> tuple[int, str] | TreeHead:
    """A head or a signed checkpoint, given as text or as the name of a file. Raises ``ValueError``."""
    if not re.fullmatch(r"\s*\d+\s+[0-9a-f]{64}\s*", text):
        try:
            text = Path(text).read_text(encoding="utf-8")
        except OSError as error:
            raise ValueError(f"{text}: {error.strerror}") from error
    if text.count("\n\n") == 1:
        log_keys = [parse_verifier_key(key) for key in keys]
        return opened_checkpoint(parse_note(text), log_keys, [], 0, is_signature_of)[0]
    found = re.fullmatch(r"\s*(\d{1,18})\s+([0-9a-f]{64})\s*", text)
    if not found:
        raise ValueError("an anchor is a sequence number and a hash, or a file that holds them")
    return int(found[1]), found[2]


def print_line(text: str) -> None:
    """Print one line, with control characters escaped."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a TextIOWrapper
    sys.stdout.write(f"{plain}\n")


def main() -> int:
    """Check the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Check an exported record.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--anchor", help='a head kept elsewhere: "SEQUENCE HASH" or a file that holds it')
    parser.add_argument("--key", action="append", default=[], help="a public key of the ledger")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        parser.error(f"{arguments.folder} is not a folder")
    try:
        kept = parse_anchor(arguments.anchor, arguments.key) if arguments.anchor is not None else None
    except ValueError as error:
        parser.error(str(error))
    anchor, kept_tree = (None, kept) if isinstance(kept, TreeHead) else (kept, None)
    record = check_folder(arguments.folder, anchor, kept_tree)
    for fault in record.faults:
        print_line(f"FAULT {fault}")
    if record.faults:
        return 1
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in record.counts.items())
    print_line(f"OK {counts}. Head {record.head[0]} {record.head[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
