"""What an expert's program writes into a returned Word file in its own way: comments, notes, moves, looks."""

from copy import deepcopy
from typing import Any

import pytest
from lxml import etree

from monographs.imports.word_return import ReturnedText
from tests.imports.marked_files import DAY, EXPERT, MarkedFile, W
from tests.imports.test_word_return import returned, written
from tests.redline.monograph_texts import demonstration_monographs

KEY, OTHER = "p_how_it_works_1", "p_how_it_works_2"


@pytest.fixture(scope="module")
def document() -> Any:
    """A monograph with tables, boxes, conditions, effects and sources."""
    return next(d for d in demonstration_monographs() if d.slug == "dexamethasone")


@pytest.fixture
def marked(document: Any) -> MarkedFile:
    """Its file."""
    return MarkedFile.of(written(document))


def read(document: Any, marked: MarkedFile) -> ReturnedText:
    return returned(document, marked.data())


def moved(marked: MarkedFile, name: str) -> None:
    """Move the marks of the range of a comment to before and after its paragraph, as programs may."""
    mark = next(marked.root.iter(f"{W}{name}"))
    paragraph = mark.getparent()
    if name == "commentRangeStart":
        paragraph.addprevious(mark)
    else:
        paragraph.addnext(mark)


def test_a_comment_at_a_point_is_found(document, marked):
    """LibreOffice and Google Docs write no range where nothing was selected."""
    marked.comment(KEY, "Is this so?")
    for name in ("commentRangeStart", "commentRangeEnd"):
        mark = next(marked.root.iter(f"{W}{name}"))
        mark.getparent().remove(mark)
    found = read(document, marked).comments
    assert [(each.comment.text, each.quote, each.passage.key) for each in found] == [("Is this so?", "", KEY)]


def test_a_comment_whose_range_is_between_paragraphs_is_found(document, marked):
    marked.comment(KEY, "Is this so?")
    words = marked.text_of(KEY)
    moved(marked, "commentRangeStart")
    moved(marked, "commentRangeEnd")
    found = read(document, marked).comments
    assert [(each.quote, each.passage.key) for each in found] == [(words, KEY)]


def test_a_comment_without_any_place_is_found(document, marked):
    """Its place can be lost, as in a deleted heading or a note of the file's own."""
    marked.comment(KEY, "Is this so?")
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        mark = next(marked.root.iter(f"{W}{name}"))
        mark.getparent().remove(mark)
    found = read(document, marked).comments
    assert [(each.comment.text, each.passage) for each in found] == [("Is this so?", None)]


def test_a_comment_on_deleted_words_is_found(document, marked):
    marked.comment(KEY, "Not needed.")
    marked.delete(KEY, tracked=True)
    text = read(document, marked)
    assert [each.comment.text for each in text.comments] == ["Not needed."]
    assert [(each.passage.key, each.new_text) for each in text.changes] == [(KEY, "")]


def note_part(marked: MarkedFile, kind: str, words: str) -> None:
    """Add a note of the program's own to a passage, with its part if the file has none."""
    number, name = "77", f"word/{kind}s.xml"
    if name not in marked.parts:
        marked.parts[name] = f'<w:{kind}s xmlns:w="{W[1:-1]}"/>'.encode()
        rels = "word/_rels/document.xml.rels"
        schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        row = f'<Relationship Id="{kind}s9" Type="{schema}/{kind}s" Target="{kind}s.xml"/></Relationships>'
        marked.parts[rels] = marked.parts[rels].replace(b"</Relationships>", row.encode())
    root = etree.fromstring(marked.parts[name])
    note = etree.SubElement(root, f"{W}{kind}", {f"{W}id": number})
    paragraph = etree.SubElement(note, f"{W}p")
    run = etree.Element(f"{W}r")
    etree.SubElement(run, f"{W}t").text = words
    paragraph.append(marked.changed("ins", run))
    marked.parts[name] = etree.tostring(root)
    reference = etree.Element(f"{W}r")
    etree.SubElement(reference, f"{W}{kind}Reference", {f"{W}id": number})
    marked.words_of(KEY)[-1].addnext(marked.changed("ins", reference))


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_an_added_note_is_found(document, marked, kind):
    note_part(marked, kind, "See the label of 2026.")
    assert [(each.old_text, each.new_text, each.by[0].author) for each in read(document, marked).changes] == [
        ("", "See the label of 2026.", EXPERT)
    ]


def test_moved_words_are_a_change_of_both_passages(document, marked):
    run = marked.words_of(KEY)[0]
    words, old, other = run.find(f"{W}t").text, marked.text_of(KEY), marked.text_of(OTHER)
    there = deepcopy(run)
    marked.words_of(OTHER)[-1].addnext(marked.changed("moveTo", there))
    there.find(f"{W}t").text = f" {words}"
    change = marked.changed("moveFrom")
    run.addprevious(change)
    change.append(run)
    found = {each.passage.key: (each.old_text, each.new_text) for each in read(document, marked).changes}
    assert found == {KEY: (old, old.removeprefix(words)), OTHER: (other, f"{other} {words}")}


def test_a_changed_look_is_a_change_of_its_author(document, marked):
    run = marked.words_of(KEY)[0]
    look = run.find(f"{W}rPr")
    if look is None:
        look = etree.Element(f"{W}rPr")
        run.insert(0, look)
    etree.SubElement(look, f"{W}b")
    change = etree.SubElement(look, f"{W}rPrChange", {f"{W}id": "1", f"{W}author": EXPERT, f"{W}date": DAY})
    etree.SubElement(change, f"{W}rPr")
    found = read(document, marked).changes
    assert [(each.passage.key, each.by[0].author) for each in found] == [(KEY, EXPERT)]


def added(marked: MarkedFile, *content: Any) -> None:
    run = etree.Element(f"{W}r")
    run.extend(content)
    marked.words_of(KEY)[-1].addnext(marked.changed("ins", run))


def test_an_added_picture_is_named(document, marked):
    drawing = etree.fromstring(
        f'<w:drawing xmlns:w="{W[1:-1]}"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<wp:inline><wp:docPr id="5" name="Chart"/><a:graphic><a:graphicData'
        ' uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill>'
        '<a:blip r:embed="rIdX"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing>"
    )
    added(marked, drawing)
    text = read(document, marked)
    assert text.objects == ["a picture"]
    assert not text.changes
