"""Sends texts out as Word files and reads them back: ``python -m benchmarks.word_files``.

``--documents 40 --seed 63``: how many random pairs of texts, and as many files with seeded edits. The first
part writes each text, and its difference from another version, and finds no change in either file. The second
part edits files of real texts as an outside expert would, and finds exactly those edits. Prints
what failed, processor time and sizes.
"""

import argparse
import os
import time
from datetime import UTC, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
django.setup()

from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402  # Django is set up first

from monographs.document import sha256_of  # noqa: E402
from monographs.imports.word_return import ReturnedText, match, parts_of, read_returned  # noqa: E402
from monographs.presentation.word_file import WordCover, word_file  # noqa: E402
from monographs.redline import redline  # noqa: E402
from tests.imports.marked_files import seeded  # noqa: E402
from tests.redline.monograph_texts import demonstration_monographs  # noqa: E402
from tests.redline.mutations import pairs  # noqa: E402

_AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def _written(document: Any, before: Any = None) -> bytes:
    cover = WordCover(
        document.title,
        document.language,
        str(document.key),
        "1",
        sha256_of(document),
        "edition 1",
        "Writer Tester",
        _AT,
    )
    return word_file(redline(before or document, document), cover)


def _returned(document: Any, data: bytes) -> ReturnedText:
    return match(document, read_returned(parts_of(data)))


def _unchanged(count: int, number: int) -> None:
    """Write and read ``count`` random pairs, and the demonstration's texts."""
    failed, sizes = [], []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(number)
    @given(pairs())
    def round_trip(pair: Any) -> None:
        for before in (None, pair[0]):
            data = _written(pair[1], before)
            sizes.append(len(data))
            if _returned(pair[1], data) != ReturnedText():
                failed.append(pair)

    start = time.process_time()
    round_trip()
    for document in demonstration_monographs():
        data = _written(document)
        sizes.append(len(data))
        if _returned(document, data) != ReturnedText():
            failed.append(document.slug)
    spent = time.process_time() - start
    said = f"unchanged: {len(sizes)} files, {len(failed)} with a difference"
    print(f"{said}; {spent:.1f} s, largest {max(sizes):,} bytes")


def _edited(count: int, number: int) -> None:
    """Edit ``count`` files of the demonstration's texts, and find exactly the edits."""
    documents = demonstration_monographs()
    edits = comments = failed = 0
    start = time.process_time()
    for at in range(count):
        document = documents[at % len(documents)]
        marked = seeded(document, _written(document), number + at)
        text = _returned(document, marked.data())
        expected = sorted((e.key, " ".join(e.old.split()), " ".join(e.new.split())) for e in marked.edits)
        found = sorted(
            (c.passage.key if c.passage else "", " ".join(c.old_text.split()), " ".join(c.new_text.split()))
            for c in text.changes
        )
        noted = {(c.passage.key if c.passage else "", c.comment.text) for c in text.comments}
        edits, comments = edits + len(found), comments + len(noted)
        failed += found != expected or noted != set(marked.comments) or bool(text.labels)
    spent = time.process_time() - start
    said = f"edited: {count} files, {edits} changes and {comments} comments"
    print(f"{said}, {failed} files not exactly; {spent:.1f} s")


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--seed", type=int, default=63)
    options = parser.parse_args()
    _unchanged(options.documents, options.seed)
    _edited(options.documents, options.seed)


if __name__ == "__main__":
    main()
