"""Helpers to change an exported folder and to run its verifier."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
GENESIS = "0" * 64


@dataclass(frozen=True)
class Bundle:
    """An exported folder, and the ledger's head at the time of the export."""

    folder: Path
    head: str

    def rows(self, name: str) -> list[Row]:
        return [json.loads(line) for line in (self.folder / f"{name}.jsonl").read_bytes().splitlines()]

    def write(self, name: str, rows: list[Row]) -> None:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (self.folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")

    def change(self, name: str, changes: Row, **where: Any) -> Row:
        """Change the first row that has the values ``where``; return the row as it was."""
        rows = self.rows(name)
        row = next(row for row in rows if all(row[column] == value for column, value in where.items()))
        before = dict(row)
        row.update(changes)
        self.write(name, rows)
        return before

    def row(self, name: str, **where: Any) -> Row:
        """The first row that has the values ``where``."""
        return self.change(name, {}, **where)

    def change_entries(self, change: Callable[[str, Row], None]) -> None:
        """Call ``change`` with event and data of every ledger entry, and forge the chain accordingly."""
        rows = self.rows("ledger")
        for row in rows:
            body = json.loads(row["body"])
            change(row["event"], body["data"])
            row["body"] = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.write_chain(rows)

    def write_chain(self, rows: list[Row]) -> None:
        """Write ledger entries with new sequence numbers and matching hashes."""
        previous = GENESIS
        for seq, row in enumerate(rows, start=1):
            row |= {"seq": seq, "prev_hash": previous}
            columns = ("seq", "at", "prev_hash", "event", "subject", "body")
            text = "\n".join(str(row[column]) for column in columns)
            row["hash"] = previous = hashlib.sha256(text.encode()).hexdigest()
        self.write("ledger", rows)

    def replace_everywhere(self, old: str, new: str) -> None:
        """Replace words in every text file of the folder."""
        for file in self.folder.rglob("*"):
            if file.suffix in (".jsonl", ".html"):
                file.write_bytes(file.read_bytes().replace(old.encode(), new.encode()))

    def rewrite_manifest(self, head: Row | None = None) -> None:
        """List the files again, so that only the record itself contradicts the change."""
        head = head or self.rows("ledger")[-1]
        manifest = json.loads((self.folder / "manifest.json").read_bytes())
        found = {}
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and file.name != "manifest.json":
                data = file.read_bytes()
                facts = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
                found[file.relative_to(self.folder).as_posix()] = facts
        manifest["files"] = found
        manifest["counts"] = {
            name: (self.folder / f"{name}.jsonl").read_bytes().count(b"\n") for name in manifest["counts"]
        }
        manifest["head"] = {"seq": head["seq"], "hash": head["hash"]}
        (self.folder / "manifest.json").write_text(json.dumps(manifest))


def run_isolated(*arguments: str | Path, program: Path, where: Path) -> subprocess.CompletedProcess[str]:
    """Run a program with a Python that has its standard library only."""
    where.mkdir(exist_ok=True)
    command = [sys.executable, "-I", "-S", program, *arguments]
    return subprocess.run(
        command, cwd=where, env={}, capture_output=True, text=True, check=False, timeout=600, encoding="utf-8"
    )


def verify(bundle: Bundle, *arguments: str | Path) -> tuple[int, str]:
    """Exit status and output of the bundle's own verifier, started in an empty folder."""
    nowhere = bundle.folder.with_name("nowhere")
    result = run_isolated(*arguments, program=bundle.folder / "verify_export.py", where=nowhere)
    assert os.listdir(nowhere) == []
    assert "Traceback" not in result.stderr
    return result.returncode, result.stdout
