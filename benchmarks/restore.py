"""Backups of each PostgreSQL restored on each other, with and without load: ``python -m benchmarks.restore``.

For each size a site is generated on the newest version that this machine has, and taken to the others by a
restore. Then backups are made of each, idle or while somebody signs, and restored on each. After each restore
the record (every edition's signed bytes, every entry of the ledger) and what readers are sent are compared
with the site's. The last release's site is restored on each version and migrated. Writes
``benchmarks/results/restore.md``.

``--sizes 100,10000``; ``--pairs N``: only the first N of the pairs, which differ most;
``--programs FOLDER``: a folder with the programs of one more version.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.restore_steps import Site, committed_site_row, restored_row
from monographs.backup.tools import installed_pg_dumps
from tests.deployment.other_postgres import programs_by_version, server_of

RESULTS = Path(__file__).parent / "results" / "restore.md"
#: The first version with locales of its own, which do not change with the machine's.
WITH_BUILTIN_LOCALE = 17
HEADER = (
    "| monographs | backup of | restored on | meanwhile | backup, s | its CPU, s | MB | restored, s "
    "| verified, s | CPU of both, s | entries verified | largest process, MB | record | pages |\n"
    "| --: | --- | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --- | --- |"
)
UPGRADE_HEADER = (
    "| release | restored on | restored, s | migrated, s | verified, s | editions | record |\n"
    "| --- | --- | --: | --: | --: | --: | --- |"
)


@dataclass(frozen=True)
class Server:
    """A running server of one version."""

    major: int
    locale: str
    url: str

    @property
    def name(self) -> str:
        """Version and locale, as the table says them."""
        return f"{self.major}, {self.locale}"

    def empty_database(self, name: str) -> str:
        """Make an empty database, in place of one of this name; return its URL."""
        with psycopg.connect(self.url, autocommit=True) as superuser:
            superuser.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            superuser.execute(f'CREATE DATABASE "{name}"')
        return self.url.replace("@/postgres?", f"@/{name}?")


def servers(programs: dict[int, Path], running: ExitStack) -> list[Server]:
    """Start a server of each version, the newest first."""
    started = []
    for major, folder in sorted(programs.items(), reverse=True):
        if major >= WITH_BUILTIN_LOCALE:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            locale = ["--locale=C.UTF-8"]
        url = running.enter_context(server_of(folder, ["--encoding=UTF8", *locale], []))
        started.append(Server(major, "builtin" if major >= WITH_BUILTIN_LOCALE else "libc", url))
    return started


def pairs(available: Sequence[Server]) -> Iterator[tuple[Server, Server, bool]]:
    """Yield from which server to which, and whether somebody signs: those that differ most first."""
    newest, oldest = available[0], available[-1]
    first = [(newest, newest, False), (newest, oldest, True), (oldest, newest, True), (oldest, oldest, False)]
    yield from first
    for busy in (True, False):
        for source in available:
            for target in available:
                if (source, target, busy) not in first:
                    yield source, target, busy


def measured(size: int, available: list[Server], folder: Path, most: int) -> Iterator[str]:
    """Yield a row of the table for each pair."""
    newest = available[0]
    sites = {newest.major: Site(newest.empty_database(f"site_{size}"), folder / f"{size}-{newest.major}")}
    sites[newest.major].generate(size)
    for source, target, busy in list(pairs(available))[:most]:
        if source.major not in sites:
            site = Site(source.empty_database(f"site_{size}"), folder / f"{size}-{source.major}")
            site.take_over(sites[newest.major], folder / "moved.backup")
            sites[source.major] = site
        restored = Site(target.empty_database("restored"), folder / "restored")
        row = restored_row(sites[source.major], restored, folder / "one.backup", busy=busy)
        yield f"| {size:,} | {source.name} | {target.name} | {row} |"
        restored.remove_files()
    for server in available:
        server.empty_database("restored")


def main() -> None:
    """Measure everything and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,10000")
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--programs", type=Path, action="append", default=[])
    options = parser.parse_args()
    os.environ["PATH"] = os.pathsep.join([*map(str, options.programs), os.environ["PATH"]])
    programs = programs_by_version() | {
        major: pg_dump.parent
        for major, pg_dump in installed_pg_dumps().items()
        if pg_dump.parent in options.programs
    }
    sizes = [int(size) for size in options.sizes.split(",")]
    rows: list[str] = []
    upgrades: list[str] = []
    with ExitStack() as running, tempfile.TemporaryDirectory(prefix="restore-") as name:
        available = servers(programs, running)
        for server in available:
            site = Site(server.empty_database("upgraded"), Path(name) / "upgraded")
            upgrades.append(committed_site_row(site, server.name))
            print(upgrades[-1], flush=True)
            site.remove_files()
        names = [server.name for server in available]
        RESULTS.write_text(document(rows, upgrades, names))
        for size in sizes:
            for row in measured(size, available, Path(name), options.pairs):
                rows.append(row)
                print(row, flush=True)
                # A run takes long, so each row is kept
                RESULTS.write_text(document(rows, upgrades, names))


def document(rows: list[str], upgrades: list[str], names: list[str]) -> str:
    """Return the results as Markdown."""
    processors = os.cpu_count()
    return "\n".join(
        [
            "# Results of `python -m benchmarks.restore`",
            "",
            f"Servers: PostgreSQL {'; '.join(names)}. {processors} processors, shared with the servers and, "
            f"where somebody signs, with who signs; load average {os.getloadavg()[2]:.0f}. Backups are not "
            "encrypted. Seconds have passed; CPU is that of the command, without the server. *Largest "
            "process* is the "
            "larger one of `backup` and `restore`, without the server. The *record* is every edition's "
            "signed bytes and every entry of the ledger; *pages* are what readers are sent, of 300 editions "
            "at most, and their figures.",
            "",
            *(["## From each version to each", "", HEADER, *rows, ""] if rows else []),
            "## The site of the last release",
            "",
            "`tests/releases/last_release.backup`, restored, migrated and verified by this release.",
            "",
            UPGRADE_HEADER,
            *upgrades,
            "",
        ]
    )


if __name__ == "__main__":
    main()
