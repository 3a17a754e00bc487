"""Documents in which each word occurs once, to see what a text made of them keeps and mixes."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from hypothesis import strategies as st

from monographs.document import MonographDocument
from monographs.document.html import sanitise
from monographs.document.parts import EMERGENCY_WITHOUT_NUMBER, Urgency
from monographs.document.sections import SERIOUS_HEADING

#: Rich text of every structure; each # becomes a word of its own.
RICH = (
    "<p>#</p>",
    "<p>#</p><p>#</p>",
    "<p>#</p><ul><li>#</li><li>#</li></ul>",
    "<h3>#</h3><p>#<br>#</p><ol><li><p>#</p></li><li>#<ul><li>#</li><li>#</li></ul></li><li>#</li></ol><p>#</p>",
    "<h3>#</h3><h4>#</h4><ul><li>#</li><li>#.</li></ul><h3>#</h3>",
    "#<ul><li>#:</li><li>#; or</li></ul>",
)
_NUMBERED = re.compile(r"w\d+w")
_WORDS = {"name", "explanation", "what_to_do", "why", "alt", "caption", "summary", "condition_name", "title"}


class Numbered:
    """A document in which each text is a word that occurs nowhere else, and what each word belongs to."""

    def __init__(self, document: MonographDocument, draw: Any) -> None:
        self.numbers = count()
        self.draw = draw
        plain = document.model_dump(mode="json")
        for section in plain["sections"]:
            section["parts"] = [self.part(part) for part in section["parts"]]
        plain["summary"] = ""
        self.document = MonographDocument.model_validate(plain)

    def word(self, _old: str = "") -> str:
        return f"w{next(self.numbers)}w"

    def rich(self) -> str:
        return sanitise(re.sub("#", lambda _: self.word(), self.draw(st.sampled_from(RICH))))

    def part(self, part: dict[str, Any]) -> dict[str, Any]:
        """The part with a word in place of each text."""
        return {name: self.value(name, value) for name, value in part.items()}

    def value(self, name: str, value: Any) -> Any:
        if name == "html":
            return self.rich()
        if name in _WORDS and isinstance(value, str):
            return self.word()
        if name in ("do", "dont"):
            return [self.word() for _ in value]
        if name in ("header", "rows"):
            return [self.word() if isinstance(cell, str) else [self.word() for _ in cell] for cell in value]
        if name in ("items", "parts"):
            return [self.part(each) for each in value]
        return value


def words_in(value: Any) -> set[str]:
    return set(_NUMBERED.findall(value if isinstance(value, str) else value.model_dump_json()))


def boxes(document: MonographDocument) -> Iterator[tuple[set[str], str]]:
    """The words of each box that must not be mixed with others, and what is read before them."""
    for part in document.all_parts():
        match part.kind:
            case "advice":
                yield words_in(part), part.urgency_label
            case "do_dont":
                yield from (({word}, "Do:") for word in part.do)
                yield from (({word}, "Do not:") for word in part.dont)
            case "effects":
                heading = part.heading or (SERIOUS_HEADING if part.group == "serious" else "")
                yield words_in(part.html), heading
                for effect in part.items:
                    alarm = effect.urgency_label or _label_without_number(effect.urgency)
                    yield (
                        words_in(effect),
                        alarm or heading,
                    )
            case "companions":
                yield from ((words_in(item), "") for item in part.items)
            case "text" | "table" | "figure":
                yield words_in(part), ""


def _label_without_number(urgency: Urgency | None) -> str:
    if urgency is Urgency.CALL_911:
        return EMERGENCY_WITHOUT_NUMBER
    return urgency.label if urgency else ""


def names_of_conditions(document: MonographDocument) -> set[str]:
    return {part.condition_name for part in document.all_parts() if part.kind == "for_condition"}


def check(text: str, document: MonographDocument) -> None:
    """A text has words of one box only, after what must be read first, and its items apart."""
    said = words_in(text) - names_of_conditions(document)
    at = [box for box in boxes(document) if box[0] & said]
    assert len(at) <= 1, f"{text!r} has words of several boxes"
    for words, lead in at:
        first = min(text.index(word) for word in words & said)
        assert lead in text[:first], f"{lead!r} does not come before the words of {text!r}"
    assert not re.search(r"\dw w\d", text), f"items run together in {text!r}"
