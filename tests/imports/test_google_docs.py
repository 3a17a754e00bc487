"""A Word file that comes back through Google Docs, without our bookmarks, styles and properties."""

from copy import deepcopy
from typing import Any

import pytest

from monographs.document import sha256_of
from monographs.imports.word_return import ReturnedText
from monographs.imports.word_return.returned_file import parts_of, read_returned
from monographs.presentation.word_file.word_content import PROPERTY_SHA256
from tests.imports.google_docs import as_google_docs
from tests.imports.marked_files import NEW_SENTENCE, MarkedFile, W, seeded
from tests.imports.test_word_return import (
    edited_version,
    found_edits,
    returned,
    seeded_edits,
    written,
)


def is_unchanged(document: Any, data: bytes) -> bool:
    return returned(document, as_google_docs(data)) == ReturnedText(by_words=True)


def test_every_text_comes_back_without_a_difference(documents):
    for document in documents:
        assert is_unchanged(document, written(document)), document.slug


def test_a_redline_comes_back_without_a_difference(document):
    before = edited_version(document)
    assert is_unchanged(document, written(document, before))
    assert is_unchanged(before, written(before, document))


@pytest.mark.parametrize("seed", range(6))
def test_edits_and_comments_are_found_at_their_passages(documents, seed):
    document = documents[seed % len(documents)]
    marked = seeded(document, written(document), seed)
    text = returned(document, as_google_docs(marked.data()))
    assert found_edits(text) == seeded_edits(marked)
    assert {(c.passage.key, c.comment.text) for c in text.comments} == set(marked.comments)
    assert all(c.quote == " ".join(marked.text_of(c.passage.key).split()) for c in text.comments)
    assert text.labels == []


def test_what_is_like_no_passage_is_shown_as_new_and_as_removed(document):
    marked = MarkedFile.of(written(document))
    key = "p_how_it_works_1"
    old = marked.text_of(key)
    marked.add_paragraph(key, tracked=False)
    marked.delete(key, tracked=False)
    text = returned(document, as_google_docs(marked.data()))
    shown = [(each.old_text, each.new_text) for each in text.changes]
    assert sorted(shown) == sorted([("", NEW_SENTENCE), (old, "")])
    assert text.by_words


def test_the_hash_in_the_footer_says_which_text_it_was_made_of(document):
    found = read_returned(parts_of(as_google_docs(written(document))))
    assert found.properties[PROPERTY_SHA256] == sha256_of(document)


def test_a_file_with_its_bookmarks_is_matched_by_them(document):
    assert not returned(document, written(document)).by_words


def test_a_changed_or_removed_name_of_a_place_and_a_changed_title_are_named(document):
    marked = MarkedFile.of(written(document))
    places = {name.split("_", 2)[2]: p for name, p in marked.paragraphs.items() if name.startswith("l_")}
    next(places["Do_not"].iter(f"{W}t")).text = "Do"
    places["Serious_side_effects"].getparent().remove(places["Serious_side_effects"])
    next(marked.root.iter(f"{W}t")).text = "dexamethasone tablets"
    text = returned(document, as_google_docs(marked.data()))
    assert text.labels == ["dexamethasone tablets", "Do", "1 removed, such as “Do not” above a list"]
    assert text.changes == []


def test_a_paragraph_that_was_split_and_one_that_was_joined_are_found(document):
    marked = MarkedFile.of(written(document))
    keys = [key for key in marked.paragraphs if key.startswith("p_how_it_works_")][1:4]
    first, second, third = (marked.paragraphs[key] for key in keys)
    text = marked.words_of(keys[0])[0].find(f"{W}t")
    start, end = text.text[:60], text.text[60:]
    split = deepcopy(first)
    text.text = start
    next(split.iter(f"{W}t")).text = end
    first.addnext(split)
    joined = "".join(marked.text_of(key) for key in keys[1:])
    for run in [*third.iter(f"{W}r")]:
        second.append(run)
    third.getparent().remove(third)
    changes = returned(document, as_google_docs(marked.data())).changes
    assert [change.passage.key for change in changes] == keys[:2]
    assert changes[0].new_text.replace("\u2029", " ").split() == f"{start} {end}".split()
    assert changes[1].new_text == joined
