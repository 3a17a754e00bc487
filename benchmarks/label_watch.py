"""Followed labels checked from a folder, and how that grows: ``python -m benchmarks.label_watch``.

``--sizes 100,1000,5000``: how many labels, each followed by a monograph of its own. Labels and monographs are
made here, of words of their own. Each size runs in a process and a database of its own: a folder of first
versions, the same folder again, and a folder of second versions, two thirds of which say something else.
Prints processor time of this process and of the database, queries, and the largest memory, by label.
"""

import argparse
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from benchmarks.harness import temporary_database
from benchmarks.processes import cpu_seconds, largest_memory
from devtools.synthetic.bulk_publisher import publish_all
from devtools.synthetic.document_factory import medicines, shared_documents
from monographs.label_watch.coverage import coverage_rows
from monographs.label_watch.file_check import check_files
from monographs.label_watch.label_knowledge import begin_round
from monographs.label_watch.label_tasks import refresh_label_tasks

ROW = "{:>7}  {:<22}{:>9}{:>9}{:>9}{:>9}{:>9}"
_WORDS = (
    "fever cough tired sleep water tablet evening morning doctor nurse blood liver kidney heart skin rash "
    "pain swelling breath muscle bone weak dizzy vision hearing appetite weight stomach bowel mouth throat "
    "infusion needle vein dose week month day hour child adult pregnant test result count low high rise fall"
).split()
_SECTIONS = (
    ("34066-1", "Boxed warning", 60),
    ("34067-9", "Indications", 200),
    ("34068-7", "Dosage", 900),
    ("34070-3", "Contraindications", 60),
    ("43685-7", "Warnings", 1500),
    ("34084-4", "Adverse reactions", 2000),
    ("34073-7", "Interactions", 300),
    ("43684-0", "Populations", 600),
    ("34090-1", "Pharmacology", 900),
)
#: How many sentences name a dose, the rows of the table, and monographs that are published at a time.
_WITH_DOSE, _ROWS, _BATCH = 0.3, 40, 100
_SYSTEM = 'codeSystem="2.16.840.1.113883.6.1"'


def set_id_of(number: int) -> str:
    """Return the set id of a label."""
    return str(uuid.UUID(int=(number + 1) << 64))


def label_xml(number: int, version: int) -> bytes:
    """Return a version of a label: about 45 kB of sentences, some of them with numbers, and a table."""
    words = random.Random(number)  # noqa: S311  # no secret
    parts = [_section(code, name, count, words) for code, name, count in _SECTIONS]
    if version > 1 and number % 3:
        place = 0 if number % 3 == 1 else 4
        parts[place] = parts[place].replace("<paragraph>", "<paragraph>Bleeding was fatal in 3%. ", 1)
    body = "".join(f"<component>{part}</component>" for part in parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><document xmlns="urn:hl7-org:v3">'
        f'<id root="{number}.{version}"/>'
        f'<code code="34391-3" {_SYSTEM} displayName="HUMAN PRESCRIPTION DRUG LABEL"/>'
        f'<title>Invented medicine {number}</title><effectiveTime value="2024013{version % 2}"/>'
        f'<setId root="{set_id_of(number)}"/><versionNumber value="{version}"/><author><assignedEntity>'
        "<representedOrganization><name>Nobody</name></representedOrganization></assignedEntity></author>"
        f"<component><structuredBody>{body}</structuredBody></component></document>"
    ).encode()


def _section(code: str, name: str, count: int, words: random.Random) -> str:
    paragraphs = []
    while count > 0:
        sentences = [_sentence(words) for _ in range(5)]
        count -= sum(len(sentence.split()) for sentence in sentences)
        paragraphs.append(f"<paragraph>{' '.join(sentences)}</paragraph>")
    if name == "Adverse reactions":
        rows = "".join(
            f"<tr><td>{words.choice(_WORDS)} {row}</td><td>{words.randrange(1, 60)}%</td></tr>"
            for row in range(_ROWS)
        )
        paragraphs.append(f"<table><tbody>{rows}</tbody></table>")
    return (
        f'<section><code code="{code}" {_SYSTEM} displayName="{name}"/>'
        f"<title>{name}</title><text>{''.join(paragraphs)}</text></section>"
    )


def _sentence(words: random.Random) -> str:
    chosen = [words.choice(_WORDS) for _ in range(words.randrange(6, 16))]
    if words.random() < _WITH_DOSE:
        chosen.insert(3, f"{words.randrange(1, 500)} mg")
    return f"{' '.join(chosen).capitalize()}."


def write_folder(folder: Path, count: int, version: int) -> int:
    """Write a version of each label; return the bytes of all."""
    total = 0
    for number in range(count):
        data = label_xml(number, version)
        total += len(data)
        (folder / f"{number:06d}-{version}.xml").write_bytes(data)
    return total


def publish_followers(count: int) -> None:
    """Publish a monograph for each label, resting on its first version."""
    batch = []
    for number, document in enumerate(medicines(count, 1, *shared_documents(count, 1))):
        named = {"label_set_id": set_id_of(number), "label_version": "1"}
        identifiers = document.identifiers.model_copy(update=named)
        batch.append(document.model_copy(update={"identifiers": identifiers}))
        if len(batch) == _BATCH or number == count - 1:
            publish_all([batch])
            batch = []


def _measure(count: int, name: str, work: Callable[[], int]) -> str:

    backend = connection.connection.info.backend_pid
    queries = 0

    def counted(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    largest_memory()
    before, of_database = time.process_time(), cpu_seconds(backend)
    with connection.execute_wrapper(counted):
        found = work()
    own, database = time.process_time() - before, cpu_seconds(backend) - of_database
    milliseconds = [f"{seconds * 1000 / count:.1f}" for seconds in (own, database)]
    return ROW.format(count, name, *milliseconds, f"{queries / count:.1f}", largest_memory(), found)


def _run(count: int) -> Iterator[str]:
    """Measure one size in a new database; yield a row for each round."""
    with temporary_database(), TemporaryDirectory() as name:
        folder = Path(name)
        publish_followers(count)
        connection.ensure_connection()
        write_folder(folder, count, 1)

        def check() -> int:
            return sum(1 for line in check_files(folder, begin_round()) if not line.failed)

        yield _measure(count, "first versions", check)
        yield _measure(count, "tasks, nothing to do", lambda: len(refresh_label_tasks()))
        yield _measure(count, "nothing new", check)
        write_folder(folder, count, 2)
        yield _measure(count, "second versions", check)
        yield _measure(count, "tasks", lambda: len(refresh_label_tasks()))
        yield _measure(count, "coverage report", lambda: len(coverage_rows()))


def main() -> None:
    """Measure each size in a process of its own, or the one that ``--one`` names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,1000,5000")
    parser.add_argument("--one", type=int)
    options = parser.parse_args()
    if options.one:
        for row in _run(options.one):
            print(row, flush=True)
        return
    print(
        f"A label is about {len(label_xml(0, 1)) / 1024:.0f} kB. By label: ms, ms, queries; then MB, found."
    )
    print(ROW.format("labels", "round", "CPU", "database", "queries", "MB", "found"))
    for size in options.sizes.split(","):
        subprocess.run([sys.executable, "-m", "benchmarks.label_watch", "--one", size], check=True)


if __name__ == "__main__":
    main()
