"""Every word of a Word document is in the draft, in its order, whatever the layout."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monographs.blocks import SectionsBlock
from monographs.blocks.resolve_context import ResolveContext
from monographs.document import SECTION_HEADINGS, SECTION_ORDER
from monographs.imports.section_values import section_values
from monographs.imports.word import parse_word
from tests.imports.test_every_word import SENTENCE
from tests.imports.texts import words_of
from tests.imports.word_files import bold, new_document, word_bytes

#: A table that cannot be one becomes a list: “name: cell; name: cell”, with the names in every row.
CELL_BREAKS = "|;:"


def without_marks(words: list[str]) -> list[str]:
    """The words without what separates the cells of a table."""
    return [plain for word in words if (plain := word.strip(CELL_BREAKS))]


def is_in_order(expected: list[str], words: list[str]) -> bool:
    """Whether ``words`` hold all of ``expected`` in their order."""
    rest = iter(words)
    return all(word in rest for word in expected)


@dataclass
class WordPage:
    """A page in Word, and the words of its sections."""

    document: Any
    words: dict[str, list[str]] = field(default_factory=dict)


def add_paragraph(draw: Any, document: Any) -> list[str]:
    """Words in several runs with different formatting; a run may end within a word."""
    words = draw(SENTENCE)
    text = " ".join(words)
    paragraph = document.add_paragraph()
    cuts = sorted({0, len(text), *draw(st.lists(st.integers(0, len(text)), max_size=3))})
    for start, end in pairwise(cuts):
        run = paragraph.add_run(text[start:end].replace(" ", "\n", draw(st.integers(0, 1))))
        formatting = draw(st.sampled_from(["", "italic", "underline", "bold"]))
        if formatting:
            setattr(run, formatting, True)
    return words


def add_list(draw: Any, document: Any) -> list[str]:
    style = draw(st.sampled_from(["List Bullet", "List Number", "List Bullet 2", "Normal"]))
    mark = draw(st.sampled_from(["• ", "- ", "•"])) if style == "Normal" else ""
    items = draw(st.lists(SENTENCE, min_size=2, max_size=4))
    for item in items:
        document.add_paragraph(mark + " ".join(item), style=style)
    return [word for item in items for word in item]


def add_table(draw: Any, document: Any) -> list[str]:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    table = document.add_table(rows, columns)
    words: list[str] = []
    for row in range(rows):
        for column in range(columns):
            cell = draw(st.one_of(st.just([]), SENTENCE))
            table.cell(row, column).text = " ".join(cell)
            words += cell
    return words


@st.composite
def pages(draw: st.DrawFn) -> WordPage:
    page = WordPage(new_document())
    page.document.add_heading("Testumab (Testivo)", 0)
    for section in draw(st.lists(st.sampled_from(SECTION_ORDER), unique=True, min_size=1, max_size=4)):
        heading = SECTION_HEADINGS[section]
        kind = draw(st.sampled_from(["style", "bold", "plain"]))
        if kind == "style":
            page.document.add_heading(heading, draw(st.integers(1, 4)))
        elif kind == "bold":
            bold(page.document, heading)
        else:
            page.document.add_paragraph(heading)
        page.words[section.value] = []
        for add in draw(
            st.lists(st.sampled_from([add_paragraph, add_list, add_table]), min_size=1, max_size=3)
        ):
            page.words[section.value] += add(draw, page.document)
    page.words = {section: words for section, words in page.words.items() if words}
    return page


@pytest.mark.extended
@settings(max_examples=30, deadline=None)
@given(pages())
def test_every_word_is_in_its_section_in_order(page):
    parsed = parse_word(word_bytes(page.document), "testumab.docx")
    values = section_values(parsed)
    block = SectionsBlock()
    stream = block.to_python([{"type": section.value, "value": value} for section, value in values.items()])
    found = block.to_sections(stream, ResolveContext())
    words = {s.type.value: without_marks(words_of(s)) for s in found}
    assert words.keys() == page.words.keys()
    for section, said in words.items():
        expected = without_marks(page.words[section])
        assert set(said) == set(expected)
        assert is_in_order(expected, said), (expected, said)
    assert parsed.left_out == parsed.unplaced == []
    assert not any("not read completely" in note for note in parsed.notes)
