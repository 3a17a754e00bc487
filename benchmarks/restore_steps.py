"""The steps of ``benchmarks.restore``, each a process of its own with the settings of one site.

``python -m benchmarks.restore_steps sign`` publishes one medicine after the other until it is stopped;
``… record [SEQ EDITION]`` prints a hash of the record up to that entry and edition, as JSON; ``… all`` also
one of what readers are sent.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from devtools.last_release import BACKUP, last_release

ROOT = Path(__file__).resolve().parent.parent
#: Pages whose bytes are compared; the record is compared as a whole.
PAGES = 300
#: Kilobytes of ``ru_maxrss`` (Linux) in a megabyte.
_MEGABYTE = 1024
_SECRET_KEY = secrets.token_urlsafe(48)


@dataclass(frozen=True)
class Measured:
    """A command: when each line came, in seconds after its start; its processor time, and memory in MB."""

    lines: list[tuple[float, str]]
    seconds: float
    cpu: float
    megabytes: int

    def seconds_of(self, beginning: str) -> float:
        """When the line with this beginning came."""
        return next(seconds for seconds, line in self.lines if line.startswith(beginning))

    def line(self, beginning: str) -> str:
        """The line with this beginning."""
        return next(line for _, line in self.lines if line.startswith(beginning))


@dataclass(frozen=True)
class Site:
    """A database and the folders that belong to it."""

    url: str
    folder: Path

    def environment(self, settings: str) -> dict[str, str]:
        """Return the environment of this site's commands."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": f"cms.settings.{settings}",
            "FIGURES_ROOT": str(self.folder / "figures"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "SECRET_KEY": _SECRET_KEY,
            "ALLOWED_HOSTS": "testserver",
            "BASE_URL": "https://testserver",
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "ONE_DATABASE_ROLE": "true",
        }

    def manage(self, *words: str | Path, settings: str = "production") -> Measured:
        """Run a management command; raises ``SystemExit`` with its output if it fails."""
        command = [sys.executable, "manage.py", *map(str, words)]
        start = time.monotonic()
        with subprocess.Popen(
            command, cwd=ROOT, env=self.environment(settings), stdout=subprocess.PIPE, text=True
        ) as process:
            output = process.stdout or iter(())
            lines = [(time.monotonic() - start, line.rstrip("\n")) for line in output]
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed: {lines}")
        seconds, cpu = time.monotonic() - start, usage.ru_utime + usage.ru_stime
        return Measured(lines, seconds, cpu, usage.ru_maxrss // _MEGABYTE)

    def generate(self, size: int) -> None:
        """Fill the site with the demonstration and synthetic medicines."""
        self.manage("migrate", "--verbosity=0", settings="local")
        for words in (["setup_site"], ["load_demo"], ["generate_monographs", str(size)]):
            self.manage(*words, settings="local")

    def take_over(self, other: "Site", file: Path) -> None:
        """Restore another site here."""
        other.manage("backup", file)
        self.manage("restore", file)

    def compared(self, *up_to: int, what: str = "all") -> dict[str, Any]:
        """Return hashes of the ``record``, or ``all``; up to an entry and an edition if they are given."""
        command = [sys.executable, "-m", "benchmarks.restore_steps", what, *map(str, up_to)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment("local"), stdout=subprocess.PIPE, check=True
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @contextmanager
    def signing(self, *, busy: bool) -> Iterator[list[str]]:
        """Let somebody sign during the block, after which the list has a line for each signature."""
        lines: list[str] = []
        if not busy:
            yield lines
            return
        command = [sys.executable, "-m", "benchmarks.restore_steps", "sign"]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.environment("local"), stdout=subprocess.PIPE, text=True
        ) as process:
            output = process.stdout or iter(())
            next(output)  # one is signed: from here on it goes on
            try:
                yield lines
            finally:
                process.terminate()
                lines += output

    def remove_files(self) -> None:
        """Remove the folders."""
        shutil.rmtree(self.folder, ignore_errors=True)


def restored_row(source: Site, restored: Site, file: Path, *, busy: bool) -> str:
    """Back one site up, restore it as the other, compare both; return the row after its first columns."""
    with source.signing(busy=busy) as signed:
        backup = source.manage("backup", file)
    size = file.stat().st_size / 1e6
    restore = restored.manage("restore", file)
    file.unlink()
    done, verified = restore.seconds_of("Restored "), restore.seconds_of("OK ")
    here = restored.compared()
    there = source.compared(here["seq"], here["edition"])
    return " | ".join(
        [
            f"{len(signed)} signed" if busy else "nothing",
            f"{backup.seconds:.1f}",
            f"{backup.cpu:.1f}",
            f"{size:.1f}",
            f"{done:.1f}",
            f"{verified - done:.1f}",
            f"{restore.cpu:.1f}",
            restore.line("OK ").removeprefix("OK ").split()[0],
            f"{max(backup.megabytes, restore.megabytes)}",
            "equal" if here["record"] == there["record"] else "**DIFFERS**",
            f"{here['pages']} equal" if here["sent"] == there["sent"] else "**DIFFER**",
        ]
    )


def committed_site_row(site: Site, server: str) -> str:
    """Restore the last release's site, migrate and verify it; return its row."""
    restore = site.manage("restore", BACKUP)
    before = site.compared(what="record")
    migrated = site.manage("migrate", "--verbosity=0")
    site.manage("setup_site")
    verified = site.manage("ledger", "verify")
    after = site.compared(before["seq"], before["edition"], what="record")
    found = [
        last_release().version,
        server,
        f"{restore.seconds:.1f}",
        f"{migrated.seconds:.1f}",
        f"{verified.seconds:.1f}",
        f"{before['editions']}",
        "equal" if before["record"] == after["record"] else "**DIFFERS**",
    ]
    return f"| {' | '.join(found)} |"


def sign() -> None:
    """Publish one medicine after the other, and print a line after each."""
    from tests.factories import make_image, make_monograph, make_user, publish, with_figure  # noqa: PLC0415

    run = secrets.token_hex(4)
    writer = make_user(f"writer-{run}", "Medical writers")
    reviewer = make_user(f"signer-{run}", "Medical reviewers")
    letters = run.translate(str.maketrans("0123456789", "ghijklmnop"))
    for number in count():
        page = make_monograph(f"busy{letters}umab-{number}", by=writer)
        publish(with_figure(page, make_image("red", by=writer), writer), writer, reviewer)
        print(f"signed {number}", flush=True)


#: The record as it is stored, whatever the models of a release say: each query up to an entry or an edition.
_RECORD = (
    "SELECT seq, at, prev_hash, hash, event, subject, body FROM editions_ledgerentry WHERE seq <= %s "
    "ORDER BY seq",
    "SELECT id, number, path, canonical, sha256 FROM editions_edition WHERE id <= %s ORDER BY id",
)


def compare(up_to: list[int]) -> dict[str, Any]:
    """Return a hash of the record, up to an entry and an edition or to the last ones."""
    from django.db import connection, transaction  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(seq) FROM editions_ledgerentry), max(id), count(*) FROM editions_edition"
        )
        last_seq, last_edition, editions = cursor.fetchone()
    seq, edition = up_to or (last_seq, last_edition)
    record = hashlib.sha256()
    for query, limit in zip(_RECORD, (seq, edition), strict=True):
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(query, [limit])
            for row in cursor:
                record.update(repr(row).encode())
    return {"seq": seq, "edition": edition, "editions": editions, "record": record.hexdigest()}


def compare_pages(edition: int) -> dict[str, Any]:
    """Return a hash of what readers are sent, and of how many addresses."""
    pages = _pages(edition)
    sent = hashlib.sha256()
    for path, body in pages:
        sent.update(path.encode() + hashlib.sha256(body).digest())
    return {"pages": len(pages), "sent": sent.hexdigest()}


def _pages(edition: int) -> list[tuple[str, bytes]]:
    """Return what readers are sent of monographs' editions in equal steps, and of their figures."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT path, number FROM editions_edition WHERE kind = 'monograph' AND id <= %s ORDER BY id",
            [edition],
        )
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT DISTINCT file_name FROM editions_editionfigure WHERE edition_id <= %s ORDER BY 1 "
            "LIMIT %s",
            [edition, PAGES],
        )
        figures = [name for (name,) in cursor.fetchall()]
    chosen = rows[:: max(1, -(-len(rows) // PAGES))]
    paths = [f"{path}editions/{number}/" for path, number in chosen]
    paths += [f"/figures/{name}" for name in figures]
    client = Client()
    return [(path, client.get(path, secure=True).getvalue()) for path in paths]


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "sign":
        sign()
    else:
        found = compare([int(number) for number in sys.argv[2:]])
        print(json.dumps(found | (compare_pages(found["edition"]) if sys.argv[1] == "all" else {})))
