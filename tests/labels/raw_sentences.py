"""What the raw JSON of a label says, read without the project's readers: to compare citations with."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_TAG = re.compile(r"<[^>]+>")
_END = re.compile(r"[.!?:]\s+(?=[A-Z0-9•●○(])|</(?:td|th|tr|li|paragraph|caption)>|[•●○]|\n")
#: Cross-references, numbers of tables and marks of footnotes, which say nothing.
_NOISE = re.compile(
    r"\[\s?see[^\]]*\]|\b(?:table|figure|section) \d+(?:\.\d+)*"
    r"|\(\s?\d{1,2}(?:\.\d{1,2})*(?:\s?,\s?\d{1,2}(?:\.\d{1,2})*)*\s?\)|\[\d+\]|[\^¹²³⁴⁵⁶⁷⁸⁹⁰]",
    re.IGNORECASE,
)
CELL_END = " | "


def bare(text: str) -> str:
    """Letters and digits of a text, in small letters, without cross-references and marks of footnotes."""
    return "".join(re.findall(r"[a-z0-9]", _NOISE.sub(" ", _TAG.sub(" ", unescape(text))).lower()))


class RawLabel:
    """The text of one result of openFDA as its JSON has it."""

    def __init__(self, data: bytes) -> None:
        texts = list(_strings(json.loads(data)))
        self.run = "|".join(map(bare, texts))
        self.sentences = {bare(part) for text in texts for part in _END.split(text)}
        self.rows = {bare(row) for text in texts for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL)}

    def says(self, passage: str) -> bool:
        """Whether each cell of a row, or the whole sentence, is said anywhere."""
        return all(bare(cell) in self.run for cell in passage.split(CELL_END))

    def has_as_it_was(self, passage: str) -> bool:
        """Whether the same words are a sentence or a row of a table by themselves."""
        return bare(passage) in self.sentences | self.rows


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list():
            for each in value:
                yield from _strings(each)
