"""The work of an import grows with the length of the text, not with its square.

Counted are the calls of functions, and for searches, whose steps no program can count, the processor's time.
"""

import sys
import time
from types import FrameType
from typing import Any

import pytest

from monographs.core.characters import normalise_text
from monographs.imports.input_files import parse_text
from monographs.imports.rich_text import as_html

START = "testumab (Testivo)\n\nHow it works\n\n"
MARKDOWN = "# testumab (Testivo)\n\n## How it works\n\n**a** [b](https://c.org)\n\n"
#: Four times the text may need four times the work; the square would be sixteen times.
GROWTH = 4
MOST_GROWTH = 7
CHARACTERS = {
    "Arabic": "جرعة الدواء خمسون ملغ كل يوم ",
    "Russian": "Принимать 50 мг в день. ",
    "Hindi": "खुराक ",
    "a pile of marks": "\u0301",
    "zero-width spaces": "\u200b",
    "spaces of a font": "\u2009",
    "mojibake": "â€™ ",
    "controls": "\x96",
    "letters of two alphabets": "\u0430b",
    "zeros": "0",
    "letters in numbers": "1,l",
}
#: A text, and what is repeated in it.
TEXTS = {
    "paragraphs": (START, "Take 5 mg with water at 10:00.\n\n"),
    "lines": (START, "Take 5 mg and\n"),
    "Arabic lines": (START, "جرعة الدواء خمسون ملغ\n"),
    "numbered": (START, "1. Take 5 mg\n"),
    "stars": (START, "* take\n"),
    "records": (START, "a;b\na;b;c\n"),
    "bars": (START, "a|b\na|b|c\n"),
    "open emphasis": (MARKDOWN, "*a "),
    "open comments": (MARKDOWN, "<!--a "),
    "struck": (MARKDOWN, "~~a "),
    "open links": (MARKDOWN, "[a "),
    "open pictures": (MARKDOWN, "![a"),
    "open addresses": (MARKDOWN, "![a]("),
    "open pictures in links": (MARKDOWN, "[![a]("),
    "open titles": (MARKDOWN, '[a](b "c '),
}
#: Read once, in searches whose steps are not counted.
DRAWN = {"spaces": " ", "dashes": "-", "borders": "-+"}


def _calls(function: Any, text: str) -> int:
    count = 0

    def count_call(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(count_call)
    try:
        function(text)
    finally:
        sys.setprofile(None)
    return count


def _read(text: str) -> None:
    parse_text(text, "testumab.md" if text.startswith("#") else "testumab.txt")


@pytest.mark.parametrize("name", CHARACTERS)
def test_characters_are_looked_at_a_few_times_each(name: str) -> None:
    piece = CHARACTERS[name] * (2000 // len(CHARACTERS[name]))
    normalise_text(piece)  # properties of characters are stored
    assert _calls(normalise_text, piece * GROWTH) < MOST_GROWTH * _calls(normalise_text, piece)


@pytest.mark.parametrize("name", TEXTS)
def test_lines_are_read_a_few_times_each(name: str) -> None:
    start, piece = TEXTS[name]
    body = piece * (1000 // len(piece))
    _read(start + body)
    assert _calls(_read, start + body * GROWTH) < MOST_GROWTH * _calls(_read, start + body)


@pytest.mark.parametrize("name", [*TEXTS, *DRAWN])
def test_searches_end_soon(name: str) -> None:
    start, piece = TEXTS.get(name, (START, DRAWN.get(name, "")))
    text = start + piece * (20_000 // len(piece)) + "x"
    begin = time.process_time()
    _read(text)
    # A search that tries every end from every start takes minutes
    assert time.process_time() - begin < 10


def test_markdown_between_many_open_brackets_is_read() -> None:
    parsed = parse_text(MARKDOWN + "![a" * 1000 + " **bold**", "testumab.md")
    [text] = [
        html
        for block in parsed.sections["how_it_works"]
        if "![a" in (html := as_html([block], markup=parsed.markup))
    ]
    assert "<b>bold</b>" in text


def test_words_of_another_script_are_one_doubt_for_a_run() -> None:
    doubts = normalise_text(CHARACTERS["Russian"] * 100 + "\nTake it. Да.").doubts
    assert len(doubts) < 210  # the numbers part the runs
    assert doubts[0].name == "“Принимать”, a word in another script,"
    assert "words in another script" in doubts[1].name
