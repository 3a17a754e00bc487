"""Every word between the headings of a text is in the draft, in its order, whatever the layout."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from monographs.blocks import SectionsBlock
from monographs.blocks.resolve_context import ResolveContext
from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS, SECTION_ORDER, SectionType
from monographs.imports.parser import parse
from monographs.imports.section_values import section_values
from tests.imports.texts import words_of

WORDS = st.text(st.sampled_from("abcdefgklmnoprstuvzäéßλ"), min_size=1, max_size=9).map(lambda w: "w" + w)
ENDS = st.sampled_from(["", ".", ",", "?", ":", "!", "%", ")", "’s", "&"])
SENTENCE = st.lists(st.tuples(WORDS, ENDS).map("".join), min_size=1, max_size=14)
BULLETS = st.sampled_from(["• ", "- ", "* ", "  • ", "  - ", "\t* ", "•"])
CASES: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str, str.upper, str.lower, str.title])
MARKS = st.sampled_from(["{}", "## {}", "**{}**", "{}:", "  {}"])


@dataclass
class GeneratedText:
    """A text, and the words of its sections."""

    text: str = ""
    words: dict[str, list[str]] = field(default_factory=dict)


@st.composite
def paragraphs(draw: st.DrawFn) -> tuple[str, list[str]]:
    words = draw(SENTENCE)
    breaks = [draw(st.sampled_from([" ", " ", " ", "\n"])) for _ in words[1:]]
    text = words[0] + "".join(gap + word for gap, word in zip(breaks, words[1:], strict=True))
    return text, words


@st.composite
def bullets(draw: st.DrawFn) -> tuple[str, list[str]]:
    mark = draw(BULLETS)
    items = draw(st.lists(SENTENCE, min_size=1, max_size=5))
    gap = draw(st.sampled_from(["\n", "\n\n"]))
    return gap.join(mark + " ".join(item) for item in items), [word for item in items for word in item]


@st.composite
def texts(draw: st.DrawFn) -> GeneratedText:
    generated = GeneratedText("testumab (Testivo)\nExample antibodies\n")
    sections = draw(st.lists(st.sampled_from(SECTION_ORDER), unique=True, min_size=1))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    for section in sections:
        heading = draw(MARKS).format(draw(CASES)(SECTION_HEADINGS[section]))
        generated.text += f"\n{heading}\n" + draw(st.sampled_from(["", "\n"]))
        blocks = draw(st.lists(st.one_of(paragraphs(), bullets()), min_size=1, max_size=4))
        if section == SectionType.COMMON_SIDE_EFFECTS and draw(st.booleans()):
            blocks.insert(draw(st.integers(0, len(blocks))), ("Serious wa wb.", ["Serious", "wa", "wb."]))
        generated.text += "\n\n".join(text for text, _ in blocks) + "\n"
        generated.words[section.value] = [word for _, words in blocks for word in words]
    generated.text = generated.text.replace("\n", newline)
    return generated


def document_words(text: str, file_name: str) -> dict[str, list[str]]:
    """The words of each section after an import without the database."""
    values = section_values(parse(text, file_name))
    block = SectionsBlock()
    stream = block.to_python([{"type": section.value, "value": value} for section, value in values.items()])
    found = block.to_sections(stream, ResolveContext())
    return {section.type.value: words_of(section) for section in found}


@given(texts(), st.sampled_from(["testumab.txt", "testumab.md"]))
def test_every_word_is_in_its_section_in_order(generated, file_name):
    assert document_words(generated.text, file_name) == generated.words


@given(st.lists(SENTENCE, min_size=7, max_size=7))
def test_text_without_any_blank_line(sentences):
    sections = list(zip(REQUIRED_SECTIONS, sentences, strict=True))
    text = "\n".join(f"{SECTION_HEADINGS[section]}\n{' '.join(words)}" for section, words in sections)
    assert document_words(text, "testumab.txt") == {section.value: words for section, words in sections}


@given(st.text(max_size=300), st.sampled_from(["testumab.txt", "testumab.md"]))
def test_the_parser_accepts_any_text(text, file_name):
    found = document_words(f"How it works\n{text}", file_name)
    assert set(found) <= {section.value for section in SectionType}
