"""A text goes out as a Word file and comes back: unchanged without a difference, edited with exactly that."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from monographs.document import sha256_of
from monographs.imports.word_return import ReturnedText, match, parts_of, read_returned
from monographs.presentation.word_file import WordCover, word_file
from monographs.redline import redline
from tests.imports.marked_files import DAY, EXPERT, MarkedFile, seeded
from tests.redline.monograph_texts import demonstration_monographs
from tests.redline.mutations import pairs

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def cover(document: Any) -> WordCover:
    return WordCover(
        document.title,
        document.language,
        str(document.key),
        "1",
        sha256_of(document),
        "edition 1",
        "Writer Tester",
        AT,
    )


def written(document: Any, before: Any = None, **more: Any) -> bytes:
    """The Word file of a document, or of its difference from ``before``."""
    return word_file(redline(before or document, document), cover(document), **more)


def returned(document: Any, data: bytes) -> ReturnedText:
    return match(document, read_returned(parts_of(data)))


def is_unchanged(document: Any, data: bytes) -> bool:
    return returned(document, data) == ReturnedText()


def found_edits(text: ReturnedText) -> set[tuple[str, str, str, bool]]:
    return {
        (
            change.passage.key if change.passage else "",
            " ".join(change.old_text.split()),
            " ".join(change.new_text.split()),
            [(by.author, by.at) for by in change.by] == [(EXPERT, DAY)],
        )
        for change in text.changes
    }


def seeded_edits(marked: MarkedFile) -> set[tuple[str, str, str, bool]]:
    return {(e.key, " ".join(e.old.split()), " ".join(e.new.split()), e.tracked) for e in marked.edits}


@pytest.fixture(scope="module")
def document() -> Any:
    """A monograph with tables, boxes, conditions, effects and sources."""
    return next(d for d in demonstration_monographs() if d.slug == "dexamethasone")


@settings(max_examples=12, deadline=None)
@given(pairs())
def test_a_text_comes_back_without_a_difference_with_tracked_changes_or_without(pair):
    old, new = pair
    assert is_unchanged(new, written(new))
    assert is_unchanged(new, written(new, old))


@pytest.mark.parametrize("seed", range(3))
def test_edits_come_back_as_exactly_those(document, seed):
    marked = seeded(document, written(document), seed)
    text = returned(document, marked.data())
    assert found_edits(text) == seeded_edits(marked)
    assert len(text.changes) == len(marked.edits)
    assert {(c.passage.key, c.comment.text) for c in text.comments} == set(marked.comments)
    assert all(c.quote == " ".join(marked.text_of(c.passage.key).split()) for c in text.comments)
    assert text.labels == []
