"""A folder that is not an export is a named fault, never a traceback."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monographs.editions.export.verify_export import check_folder
from tests.export.bundles import Bundle, verify

#: One worker exports the record once for all of them.
pytestmark = pytest.mark.xdist_group("export")

#: Not checked: the primary key of the table that relates editions and figures.
UNCHECKED = {("figures", "id")}


def change_lines(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        file = folder / name
        file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))

    return spoil


def put(name: str, data: bytes) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)

    return spoil


def link(name: str, to: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(to)

    return spoil


def list_in_manifest(name: str) -> Callable[[Path], None]:
    """Have the manifest list a file that leads elsewhere."""

    def spoil(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["files"][name] = {"sha256": "0" * 64, "size": 0}
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (
            change_lines("signatures.jsonl", lambda rest: [b"{not json\n", *rest]),
            "signatures.jsonl, line 1: not as",
        ),
        (change_lines("editions.jsonl", lambda rest: [*rest, b"\n"]), r"editions.jsonl, line \d+: not as"),
        (
            change_lines("editions.jsonl", lambda rest: [*rest, b"[]\n"]),
            r"editions.jsonl, line \d+: .*not one object",
        ),
        (change_lines("ledger.jsonl", lambda rest: [*rest, b'{"seq":1,"seq":2}\n']), "a name occurs twice"),
        (change_lines("ledger.jsonl", lambda rest: [*rest, b'{"seq":NaN}\n']), "NaN is not a whole number"),
        (change_lines("ledger.jsonl", lambda rest: [*rest, b'{"seq":1e99}\n']), "1e99 is not a whole number"),
        (
            change_lines("ledger.jsonl", lambda rest: [*rest, b'{"seq":' + b"9" * 9999 + b"}\n"]),
            "ledger.jsonl, line",
        ),
        (change_lines("ledger.jsonl", lambda rest: [*rest, b"[" * 100_000 + b"\n"]), "ledger.jsonl, line"),
        (
            change_lines("ledger.jsonl", lambda rest: [*rest, b'"\xff"\n']),
            "ledger.jsonl, line .*UnicodeDecodeError",
        ),
        (change_lines("ledger.jsonl", lambda rest: [*rest, b"{}\n"]), r"ledger entry \d+: not as .*KeyError"),
        (
            change_lines("publications.jsonl", lambda rest: [*rest[:-1], rest[-1].rstrip()]),
            "not one object on one line",
        ),
        (
            change_lines("editions/testumab-1.html", lambda rest: [b"\xff"]),
            "edition .*UnicodeDecodeError",
        ),
        (change_lines("ledger.jsonl", lambda rest: []), r"contribution|signature \d+: not in the ledger"),
    ],
)
def test_what_cannot_be_read_is_named(bundle: Bundle, spoil: Callable[[Path], None], fault: str) -> None:
    ledger = bundle.rows("ledger")
    spoil(bundle.folder)
    bundle.rewrite_manifest(ledger[-1])
    status, answer = verify(bundle)
    assert status == 1
    assert re.search(f"^FAULT .*(?:{fault})", answer, re.MULTILINE), answer


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda folder: (folder / "ledger.jsonl").unlink(), "ledger.jsonl: missing"),
        (
            lambda folder: (folder / "editions" / "testumab-1.html").unlink(),
            "editions/testumab-1.html: missing",
        ),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json: missing"),
        (put("manifest.json", b"{"), "manifest.json: not as it was written"),
        (put("manifest.json", b"[]"), "manifest.json: not as it was written"),
        (put("manifest.json", b'{"format": 1, "files": 5}'), "manifest.json: not as it was written"),
        (put("manifest.json", b'{"format": 2}'), "manifest.json: has format 2, this program reads 1"),
        (put("notes.txt", b"mine"), "notes.txt: not in the manifest"),
        (put("more/notes.txt", b"mine"), "more/notes.txt: not in the manifest"),
        (put("\x1b[2J.txt", b"mine"), r"\\x1b\[2J.txt: not in the manifest"),
        (link("ledger.jsonl", "/etc/passwd"), "ledger.jsonl: not a file or a folder"),
        (link("loop", "."), "loop: not a file or a folder"),
        (lambda folder: os.mkfifo(folder / "pipe"), "pipe: not a file or a folder"),
        (list_in_manifest("../outside"), "lists '../outside', which is not part of an export"),
        (list_in_manifest("/etc/passwd"), "lists '/etc/passwd', which is not part of an export"),
        (
            list_in_manifest("editions/../../outside"),
            "lists 'editions/../../outside', which is not part of an export",
        ),
        (list_in_manifest("editions\\outside"), "which is not part of an export"),
        (list_in_manifest("another.jsonl"), "lists 'another.jsonl', which is not part of an export"),
        (list_in_manifest("editions/nothing-1.html"), "editions/nothing-1.html: missing"),
    ],
)
def test_a_folder_that_is_no_export_is_named(
    bundle: Bundle, spoil: Callable[[Path], None], fault: str
) -> None:
    spoil(bundle.folder)
    status, answer = verify(bundle)
    assert status == 1
    assert re.search(f"^FAULT .*(?:{fault})", answer, re.MULTILINE), answer


@pytest.mark.parametrize("name", ["ledger", "signatures", "editions", "publications", "figures"])
def test_a_damaged_line_does_not_hide_the_other_faults(bundle: Bundle, name: str) -> None:
    change_lines(name + ".jsonl", lambda lines: [lines[0], b"{damaged\n", *lines[1:]])(bundle.folder)
    row = bundle.rows("withdrawals")[0]
    bundle.change("withdrawals", {"note": "Another note."}, id=row["id"])
    bundle.rewrite_manifest(bundle_head(bundle))
    status, answer = verify(bundle)
    assert status == 1
    assert f"FAULT {name}.jsonl, line 2: not as it was written" in answer
    assert f"FAULT withdrawal {row['id']}: note differs from ledger entry" in answer


@pytest.mark.parametrize(
    "name",
    ["editions", "signatures", "contributions", "withdrawals", "publications", "figures", "ledger"],
)
def test_no_column_can_say_anything_else(bundle: Bundle, name: str) -> None:
    rows = bundle.rows(name)
    unnoticed = []
    others: tuple[Any, ...] = (None, 7, "other", [{}])
    for column, value in rows[0].items():
        for other in others:
            if other == value and type(other) is type(value):
                continue
            bundle.write(name, [{**rows[0], column: other}, *rows[1:]])
            bundle.rewrite_manifest(bundle_head(bundle))
            if check(bundle) is None and (name, column) not in UNCHECKED:
                unnoticed.append((column, other))
        bundle.write(name, [{c: v for c, v in rows[0].items() if c != column}, *rows[1:]])
        bundle.rewrite_manifest(bundle_head(bundle))
        if check(bundle) is None and (name, column) not in UNCHECKED:
            unnoticed.append((column, "left out"))
    assert unnoticed == []


def check(bundle: Bundle) -> str | None:
    """The first fault. Runs in this process: a new one for every case would take minutes."""
    return next(iter(check_folder(bundle.folder).faults), None)


def bundle_head(bundle: Bundle) -> dict[str, Any]:
    seq, digest = bundle.head.split()
    return {"seq": int(seq), "hash": digest}
