"""Texts derived from documents: urgency, negation and lists survive, and boxes stay apart."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monographs.document import MonographDocument
from monographs.document.derived_text import (
    CUT,
    DO,
    DO_NOT,
    SERIOUS_EFFECT,
    DerivedText,
    derived_texts,
    texts_of_part,
)
from monographs.document.html import sanitise
from monographs.document.parts import Advice, Text, Urgency
from tests.document.strategies import monographs

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
                yield from (({word}, DO) for word in part.do)
                yield from (({word}, DO_NOT) for word in part.dont)
            case "effects":
                yield words_in(part.html), part.heading
                for effect in part.items:
                    alarm = effect.urgency.label if effect.urgency else ""
                    yield words_in(effect), alarm or (SERIOUS_EFFECT if part.group == "serious" else "")
            case "companions":
                yield from ((words_in(item), "") for item in part.items)
            case "text" | "table" | "figure":
                yield words_in(part), ""


def names_of_conditions(document: MonographDocument) -> set[str]:
    return {part.condition_name for part in document.all_parts() if part.kind == "for_condition"}


def check(text: str, document: MonographDocument) -> None:
    """One derived text has words of one box only, after what must be read first, and its items apart."""
    said = words_in(text) - names_of_conditions(document)
    at = [box for box in boxes(document) if box[0] & said]
    assert len(at) <= 1, f"{text!r} has words of several boxes"
    for words, lead in at:
        first = min(text.index(word) for word in words & said)
        assert lead in text[:first], f"{lead!r} does not come before the words of {text!r}"
    assert not re.search(r"\dw w\d", text), f"items run together in {text!r}"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(monographs, st.data())
def test_every_derived_text_keeps_urgency_negation_and_lists(
    document: MonographDocument, data: st.DataObject
) -> None:
    numbered = Numbered(document, data.draw).document
    texts = list(derived_texts(numbered))
    for text in texts:
        for shown in (text.text, text.text_with_section, text.excerpt(60), text.excerpt(1)):
            check(shown, numbered)
        assert text.text_with_section.startswith(text.alarm)
        assert text.section in text.text_with_section
    # Nothing is lost
    said = {word for text in texts for word in words_in(text.text)}
    for words, _ in boxes(numbered):
        assert words <= said
    # What is for one condition only says so
    for part in numbered.all_parts():
        if part.kind == "for_condition":
            for word in {word for inner in part.parts for word in words_in(inner)}:
                (found,) = (text.text for text in texts if word in text.text)
                assert f"For {part.condition_name}:" in found


def test_a_part_for_an_urgency_begins_with_it_in_its_signed_words() -> None:
    label = "Call 112 now"
    html = "<p>For any of these:</p><ul><li>Fever</li><li>Swelling of the face</li></ul>"
    (text,) = texts_of_part(Advice(urgency=Urgency.CALL_911, urgency_label=label, html=html))
    assert text.text == "Call 112 now. For any of these: Fever; Swelling of the face."


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        (
            "<p>Do not take it if you are</p><ul><li>pregnant</li><li>allergic to:<ul><li>it</li>"
            "<li>soy</li></ul></li><li>a child</li></ul><p>Ask us.</p>",
            ["Do not take it if you are: pregnant; allergic to: it; soy. a child.", "Ask us."],
        ),
        (
            "<h3>Can I drink?</h3><p>No.</p><p>Not even beer.</p>",
            ["Can I drink? No.", "Can I drink? Not even beer."],
        ),
        ("<h3>Food</h3><h4>Not with</h4><p>grapefruit</p>", ["Food: Not with: grapefruit."]),
        ("<h3>Food</h3><h3>Drink</h3>", ["Food.", "Drink."]),
        ("<p>Do not<br>drive</p>", ["Do not; drive."]),
        ("10<sup>9</sup> cells", ["10^9 cells."]),
        ("<ul><li>one,</li><li>two.</li></ul>", ["one; two."]),
        ("", []),
    ],
)
def test_rich_text_in_one_line(html: str, texts: list[str]) -> None:
    assert [text.text for text in texts_of_part(Text(html=html))] == texts


def test_an_excerpt_ends_between_words_and_never_cuts_what_must_be_read_first() -> None:
    text = DerivedText(("Fever; chills.",), "For any of these:", (), "Call 911 now.", "Side effects")
    whole = "Call 911 now. Side effects: For any of these: Fever; chills."
    assert text.text_with_section == whole
    assert text.excerpt(len(whole)) == whole
    assert text.excerpt(len(whole) - 1) == "Call 911 now. Side effects: For any of these: Fever;" + CUT
    assert text.excerpt(5) == "Call 911 now. Side effects: For any of these:" + CUT
