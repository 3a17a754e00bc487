"""Writes docs/drills.md, what tests show to operators (``make drills``)."""

import re
from collections.abc import Iterator

from django.conf import settings

from monographs.core.brand.brand import read_brand
from monographs.core.brand.contrast import PAIRS, contrast
from tests.checks.test_documented_commands import BASE, DOCUMENTS, NOT_RUN, RUN, fenced_commands
from tests.metrics.faults import FAULTS
from tests.releases.test_mixed_versions import LISTS, OF_BOTH

TARGET = BASE / "docs" / "drills.md"

INTRODUCTION = """\
# Drills

For operators: what was tried, and what came of it. Each row is a test, which fails if it is no longer true,
except for the times of *Restore*, which were measured. Written by `make drills`.

## Restore

[benchmarks/results/restore.md](../benchmarks/results/restore.md) has the times of backup, restore and
verification from each version of PostgreSQL to each, idle and while somebody signs, and of the last
release's site restored and migrated (`python -m benchmarks.restore`). `tests/deployment/test_backup.py`
restores a busy site on the same and on each other version that the machine has, and compares the bytes of
every edition and figure; `tests/releases/test_upgrade.py` does the same with the last release's site.

## Releases side by side

The release before works on this release's tables while servers are replaced one after the other
(`tests/releases/test_mixed_versions.py`): it is ready, submits and signs two editions of *oldumab*, finds
it, and verifies the record, with the same counts as this release does afterwards. Then this release signs
*testumab*, and the one before serves again. Answers, status and edition:

| address | the release before | this release afterwards |
| --- | --- | --- |
"""
ALARMS = """
## Alarms

Each fault is made on a site on which everything else runs. The metric moves, the alarm fires and no other,
and *Site status* says what is wrong and what to do (`tests/metrics/test_alarms.py`, by `promtool`).

| fault made | metric moved | by | alarm fired | words of the status page |
| --- | --- | --- | --- | --- |
"""
OTHER_ALARMS = """\
| pages fail | `monographs_requests_total` | | *RequestsFail* | – |
| pages are slow | `monographs_request_seconds_bucket` | | *RequestsAreSlow* | – |
| the process is stopped | `up` | 1 → 0 | *ServiceDoesNotAnswer* | – |
"""
BRANDS = """
## Two brands

Contrast (WCAG 2.2) of every pair of colours that the style sheet sets, in the default look and in the brand
of `monographs/styleguide/sample_brand/`. A process does not start with less than the least. Pages, leaflets,
emails and the admin of both: `tests/brand/`.

| what | ink on ground | least | default, light | dark | sample, light | dark |
| --- | --- | --: | --: | --: | --: | --: |
"""
COMMANDS = """
## Commands of the documents

Each command in a block of [README](../README.md), [CONTRIBUTING](../CONTRIBUTING.md) and these documents,
as it begins. Options and arguments of all of them, in sentences too, are compared with what the commands
take (`tests/checks/test_documented_commands.py`).

| command | in | run by |
| --- | --- | --- |
"""
NOT_RUN_HEADER = """
Not run by a test:

| command | in | why |
| --- | --- | --- |
"""


def document() -> str:
    """Return the whole document."""
    return "".join(
        [
            INTRODUCTION,
            *_lines(_mixed_rows()),
            ALARMS,
            *_lines(_alarm_rows()),
            OTHER_ALARMS,
            BRANDS,
            *_lines(_brand_rows()),
            COMMANDS,
            *_lines(_command_rows(RUN, "`{}`")),
            NOT_RUN_HEADER,
            *_lines(_command_rows(NOT_RUN, "{}")),
        ]
    )


def write() -> None:
    """Write the document."""
    TARGET.write_text(document(), "utf-8")


def _lines(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(row)} |\n"


def _mixed_rows() -> Iterator[tuple[str, ...]]:
    for path, (status, edition) in OF_BOTH.items():
        answer = f"{status}, {edition}" if edition else str(status)
        yield f"`{path}`", answer, answer
    for path in LISTS:
        yield f"`{path}`", "200, names testumab", "200, names testumab"
    yield (
        "`/medicines/testumab/`",
        "200, testumab/1; 503 if this release writes a newer version of documents (decision 22)",
        "200, testumab/1",
    )


def _alarm_rows() -> Iterator[tuple[str, ...]]:
    for fault, _, metric, moved, alarm, words in FAULTS:
        plain = " ".join(re.sub(r"<[^>]+>", " ", words).split())
        yield fault, f"`{metric.removesuffix('{}')}`", moved, f"*{alarm}*", plain or "–"


def _brand_rows() -> Iterator[tuple[str, ...]]:
    sample = read_brand(str(BASE / "monographs" / "styleguide" / "sample_brand"))
    for pair in PAIRS:
        ratios = (
            contrast(colours[pair.ink], colours[pair.ground])
            for brand in (settings.BRAND, sample)
            for colours in brand.all_colours.values()
        )
        yield pair.what, f"{pair.ink} on {pair.ground}", f"{pair.least:g}", *(f"{it:.1f}" for it in ratios)


def _command_rows(known: dict[str, str], last: str) -> Iterator[tuple[str, ...]]:
    commands = {file.name: fenced_commands(file) for file in DOCUMENTS}
    for beginning, reason in sorted(known.items()):
        found = [name for name, lines in commands.items() if beginning in map(_beginning, lines)]
        yield f"`{beginning.strip()}`", ", ".join(found), last.format(reason)


def _beginning(command: str) -> str:
    """Return the longest of the known beginnings that a command has."""
    return max((it for it in (*RUN, *NOT_RUN) if command.startswith(it)), key=len, default="")
