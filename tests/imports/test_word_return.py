"""A text goes out as a Word file and comes back: unchanged without a difference, edited with exactly that."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from hypothesis import given, settings
from lxml import etree

from monographs.document import SectionType, sha256_of
from monographs.imports.errors import ImportRefused
from monographs.imports.parsed_text import Markup, texts_of
from monographs.imports.rich_text import inline_plain
from monographs.imports.word import parse_word
from monographs.imports.word_return import ReturnedText, match, parts_of, read_returned
from monographs.presentation.word_file import WordComment, WordCover, word_file
from monographs.redline import Op, redline
from tests.imports.marked_files import DAY, EXPERT, MarkedFile, W, seeded
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


def check_unchanged(old: Any, new: Any) -> None:
    """Assert that a text comes back as it is, from a file of its own and from one with tracked changes."""
    assert is_unchanged(new, written(new))
    assert is_unchanged(new, written(new, old))


@pytest.mark.all_examples
@settings(max_examples=8, deadline=None)
@given(pairs())
def test_a_text_comes_back_without_a_difference_with_tracked_changes_or_without(pair):
    check_unchanged(*pair)


@pytest.mark.extended
@settings(max_examples=40, deadline=None)
@given(pairs())
def test_many_texts_come_back_without_a_difference(pair):
    check_unchanged(*pair)


def check_edits(document: Any, seed: int) -> None:
    """Assert that exactly the edits and comments that are chosen by ``seed`` are found."""
    marked = seeded(document, written(document), seed)
    text = returned(document, marked.data())
    assert found_edits(text) == seeded_edits(marked)
    assert len(text.changes) == len(marked.edits)
    assert {(c.passage.key, c.comment.text) for c in text.comments} == set(marked.comments)
    assert all(c.quote == " ".join(marked.text_of(c.passage.key).split()) for c in text.comments)
    assert text.labels == []


@pytest.mark.parametrize("seed", range(2))
def test_edits_come_back_as_exactly_those(document, seed):
    check_edits(document, seed)


@pytest.mark.extended
@pytest.mark.parametrize("seed", range(40))
def test_edits_of_every_demonstration_text_come_back_as_exactly_those(documents, seed):
    check_edits(documents[seed % len(documents)], seed)


def test_what_an_expert_does_to_paragraphs_and_labels_is_found(document):
    marked = MarkedFile.of(written(document))
    keys = [key for key in marked.paragraphs if key.startswith("p_how_it_works_")]
    first, second, third = (marked.paragraphs[key] for key in keys[1:4])
    run = marked.words_of(keys[1])[0]
    start, end = run.find(f"{W}t").text.split(" ", 1)
    run.find(f"{W}t").text = start
    split = etree.fromstring(etree.tostring(first))
    for mark in [*split.iter(f"{W}bookmarkStart")]:
        mark.getparent().remove(mark)
    split.find(f"{W}r/{W}t").text = end
    first.remove(first.find(f"{W}bookmarkEnd"))
    first.addnext(split)  # Enter within a paragraph: the bookmark ends in the second
    joined = "".join(marked.text_of(key) for key in keys[2:4])
    for run in [*third.iter(f"{W}bookmarkStart"), *third.iter(f"{W}r"), *third.iter(f"{W}bookmarkEnd")]:
        second.append(run)  # Delete at the end of a paragraph
    third.getparent().remove(third)
    item = next(p for p in marked.paragraphs.values() if p.find(f"{W}pPr/{W}numPr") is not None)
    item.find(f"{W}pPr").remove(item.find(f"{W}pPr/{W}numPr"))
    *no_item, changes = _by_section(returned(document, marked.data()).changes)
    assert [(c.line.old_context.kind, c.line.kind) for c in no_item[0]] == [("item", "paragraph")]
    assert [change.passage.key for change in changes] == keys[1:3]
    assert changes[0].new_text == f"{start}\u2029{end}"
    assert changes[1].new_text == joined
    assert changes[1].old_text.replace("\u2029", "") == joined


def _by_section(changes: Any) -> list[list[Any]]:
    return [list(group) for _section, group in groupby(changes, key=lambda c: c.passage.section.anchor)]


def test_words_typed_in_the_style_of_a_label_are_words_and_a_changed_label_is_named(document):
    marked = MarkedFile.of(written(document))
    labelled = [
        p for key, p in marked.paragraphs.items() if key.startswith("p_common") and _label(p) is not None
    ]
    _label(labelled[0]).text += "Typed here. "
    _label(labelled[1]).text = "Other label: "
    text = returned(document, marked.data())
    assert [change.new_text for change in text.changes] == [f"Typed here. {text.changes[0].old_text}"]
    assert text.labels == ["Other label:"]


def test_a_changed_or_removed_name_of_a_place_is_named(document):
    marked = MarkedFile.of(written(document))
    places = {name.split("_", 2)[2]: p for name, p in marked.paragraphs.items() if name.startswith("l_")}
    _label(places["Do_not"]).text = "Do"
    places["Serious_side_effects"].getparent().remove(places["Serious_side_effects"])
    text = returned(document, marked.data())
    assert text.labels == ["Do", "1 removed, such as “Do not” above a list"]
    assert text.changes == []


def _label(paragraph: Any) -> Any:
    for run in paragraph.iter(f"{W}r"):
        if run.find(f"{W}rPr/{W}rStyle[@{W}val='MonographLabel']") is not None:
            return run.find(f"{W}t")
    return None


def test_own_tracked_changes_are_no_proposal_but_rejecting_one_is(document):
    before = edited_version(document)
    marked = MarkedFile.of(written(document, before))
    insertion = next(marked.root.iter(f"{W}ins"))
    insertion.getparent().remove(insertion)
    changes = returned(document, marked.data()).changes
    assert len(changes) == 1
    assert changes[0].by == ()
    assert "zyx" not in changes[0].new_text


def edited_version(document: Any) -> Any:
    """The document without a word of its summary: now it is inserted."""
    return document.model_copy(update={"summary": document.summary.replace("strong ", "")})


def test_the_file_is_sound_names_its_text_and_is_always_the_same(document):
    before = edited_version(document)
    notes = [
        WordComment("how_it_works", "Rita Reviewer", AT, ("Look at it.", "Writer Tester: I did."), 3, 20),
        WordComment("how_it_works", "Rita Reviewer", AT, ("On all of it.",)),
        WordComment("sources", "Rita Reviewer", AT, ("An old one.",)),
    ]
    data = written(document, before, comments=notes)
    assert data == written(document, before, comments=notes)
    opened = docx.Document(BytesIO(data))
    assert opened.core_properties.title == document.title
    assert opened.sections[0].footer.paragraphs[0].text == (
        f"{document.title} · edition 1 · SHA-256 {sha256_of(document)}"
    )
    assert [(c.author, c.initials, c.text) for c in opened.comments] == [
        ("Rita Reviewer", "RR", "Look at it.\nWriter Tester: I did."),
        ("Rita Reviewer", "RR", "On all of it."),
        ("Rita Reviewer", "RR", "An old one."),
    ]
    with ZipFile(BytesIO(data)) as package:
        parts = {name: etree.fromstring(package.read(name)) for name in package.namelist()}
    check_references(parts)
    tracked = [*parts["word/document.xml"].iter(f"{W}ins", f"{W}del")]
    assert {(t.get(f"{W}author"), t.get(f"{W}date")) for t in tracked} == {
        ("Writer Tester", "2026-01-02T03:04:00Z")
    }
    text = returned(document, data)
    assert text.changes == []
    section = next(s for s in redline(None, document).sections if s.anchor == "how_it_works").new_text
    assert {c.quote for c in text.comments} == {" ".join(section[3:20].split()), "How it works", ""}


def check_references(parts: dict[str, Any]) -> None:
    """Every id and relationship that a part names is there once."""
    body = parts["word/document.xml"]
    names = [start.get(f"{W}name") for p in parts.values() for start in p.iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names))
    assert all(len(name) <= 40 for name in names)
    for part in (body, parts["word/endnotes.xml"]):
        starts = [mark.get(f"{W}id") for mark in part.iter(f"{W}bookmarkStart")]
        assert sorted(starts) == sorted(mark.get(f"{W}id") for mark in part.iter(f"{W}bookmarkEnd"))
    comments = {c.get(f"{W}id") for c in parts["word/comments.xml"]}
    notes = {n.get(f"{W}id") for n in parts["word/endnotes.xml"] if n.get(f"{W}type") is None}
    assert {r.get(f"{W}id") for r in body.iter(f"{W}endnoteReference")} == notes
    assert not comments & notes, "LibreOffice loses endnotes that have the ids of comments"
    marks = [*body.iter(f"{W}commentReference"), *parts["word/endnotes.xml"].iter(f"{W}commentReference")]
    assert {mark.get(f"{W}id") for mark in marks} == comments
    styles = {s.get(f"{W}styleId") for s in parts["word/styles.xml"].iter(f"{W}style")}
    assert {s.get(f"{W}val") for s in body.iter(f"{W}pStyle", f"{W}rStyle")} <= styles
    lists = {n.get(f"{W}numId") for n in parts["word/numbering.xml"].iter(f"{W}num")}
    assert {n.get(f"{W}val") for n in body.iter(f"{W}numId")} <= lists
    relations = {row.get("Id") for row in parts["word/_rels/document.xml.rels"]}
    r_id = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    assert {e.get(r_id) for e in body.iter() if e.get(r_id)} <= relations


def test_the_import_reads_every_section_of_the_file(document):
    parsed = parse_word(written(document), f"{document.slug}.docx")
    assert set(parsed.sections) == {section.type for section in document.sections}
    assert parsed.name == document.title
    for section in redline(None, document).sections:
        lines = [line.text(Op.DELETED) for line in section.lines if line.kind not in ("section", "cited")]
        if section.anchor in parsed.sections:
            blocks = parsed.blocks(SectionType(section.anchor))
            texts = (inline_plain(text, markup=Markup.HTML) for block in blocks for text in texts_of(block))
            words = {*" ".join(texts).split(), "yes"}
            assert set(" ".join(lines).split()) <= words
    assert not any("¹" in text for text in _texts_of(parsed)), "the mark of an endnote is no text"


def _texts_of(parsed: Any) -> list[str]:
    blocks = [block for section in parsed.sections for block in parsed.blocks(section)]
    return [inline_plain(text, markup=Markup.HTML) for block in blocks for text in texts_of(block)]


def test_a_file_that_is_no_word_file_is_refused_with_what_to_do(document):
    for data in (b"", b"%PDF-1.7", b"words", written(document)[:500]):
        with pytest.raises(ImportRefused):
            parts_of(data)
    long = MarkedFile.of(written(document))
    long.words_of("p_how_it_works_1")[0].find(f"{W}t").text = "a " * 100_000
    with pytest.raises(ImportRefused, match="more than 200,000; give the file of one page"):
        returned(document, long.data())
