"""Passages: what of a document means the same without its page."""

import re
from collections import Counter
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.document import InformationDocument, MonographDocument
from monographs.document.models import LocatedPart
from monographs.document.parts import (
    Advice,
    Companion,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Frequency,
    Table,
    Text,
    Urgency,
)
from monographs.document.passages import DocumentPassage, PassageLine, as_text, part_passages, passages
from monographs.document.sections import Section, SectionType
from tests.document.strategies import sections

KEY = "00000000-0000-4000-8000-000000000001"


def texts(part: Any) -> list[str]:
    """The passages of a part, each as one text."""
    return [as_text(passage) for passage in part_passages(LocatedPart(part))]


def advice(urgency: Urgency, html: str) -> Advice:
    return Advice(urgency=urgency, urgency_label=urgency.label, html=html)


def test_a_box_is_one_passage_and_begins_with_its_urgency() -> None:
    html = "<p>For any of these:</p><ul><li>Chest pain</li><li>Fainting</li></ul><p>Call at any hour.</p>"
    assert texts(advice(Urgency.CALL_911, html)) == [
        "Call 911 now: For any of these: Chest pain; Fainting. Call at any hour."
    ]


def test_two_boxes_are_never_one_passage() -> None:
    boxes = (
        advice(Urgency.CALL_911, "<ul><li>Swelling of the throat</li></ul>"),
        advice(Urgency.CALL_TODAY, "<ul><li>Fever</li></ul>"),
    )
    document = InformationDocument(key=KEY, slug="x", title="x", review_interval_months=12, body=boxes)
    assert [as_text(passage) for passage in passages(document)] == [
        "Call 911 now: Swelling of the throat",
        "Call your care team today: Fever",
    ]


def test_a_list_keeps_the_negation_that_introduces_it() -> None:
    html = (
        "<p>It is a pill.</p><p>Do not take it if you:</p><ul><li>are pregnant</li><li>smoke</li></ul>"
        "<p>Ask.</p>"
    )
    first, second, third = part_passages(LocatedPart(Text(html=html)))
    assert [as_text(first), as_text(third)] == ["It is a pill.", "Ask."]
    assert second.introduction == "Do not take it if you:"
    assert second.lines == (
        PassageLine("Do not take it if you:"),
        PassageLine("are pregnant", 1),
        PassageLine("smoke", 1),
    )


def test_items_that_nothing_introduces_are_passages_unless_they_are_numbered() -> None:
    items = "<li>Cycles. 28 days.</li><li>Bags. 7 days.</li>"
    assert texts(Text(html=f"<p>A pump.</p><ul>{items}</ul>")) == [
        "A pump.",
        "Cycles. 28 days.",
        "Bags. 7 days.",
    ]
    assert texts(Text(html=f"<p>A pump.</p><ol>{items}</ol>")) == [
        "A pump.",
        "Cycles. 28 days. Bags. 7 days.",
    ]


def test_what_is_below_a_heading_stays_with_it() -> None:
    html = "<h3>Can I drive?</h3><p>No.</p><p>Plan for rides.</p><h3>Men</h3><h4>Sex</h4><p>Use a condom.</p>"
    assert texts(Text(html=html)) == ["Can I drive? No. Plan for rides.", "Men: Sex: Use a condom."]


def test_do_and_do_not_are_part_of_each_line() -> None:
    part = DoDont(do=("Drink water.",), dont=("Crush the pill.",))
    assert texts(part) == ["Do: Drink water.", "Do not: Crush the pill."]


def test_a_side_effect_is_a_passage_with_its_urgency_and_group() -> None:
    effect = Effect(
        name="Fever",
        explanation="A high temperature.",
        frequency=Frequency.COMMON,
        frequency_label=Frequency.COMMON.label,
        urgency=Urgency.CALL_NOW,
        urgency_label=Urgency.CALL_NOW.label,
        what_to_do="Call.",
    )
    part = Effects(group="serious", heading="Serious side effects", items=(effect,))
    [passage] = part_passages(LocatedPart(part))
    assert as_text(passage) == (
        "Call now, day or night: Serious side effects: Fever: A high temperature. Call."
    )
    assert (passage.is_serious, passage.frequency) == (True, Frequency.COMMON.label)


def test_rows_and_companions_are_passages() -> None:
    table = Table(caption="Doses", header=("Week", "Dose"), rows=(("1", "20 mg"), ("2", "10<sup>9</sup>")))
    assert texts(table) == ["Doses: Week: 1; Dose: 20 mg", "Doses: Week: 2; Dose: 10^9"]
    assert texts(Companions(items=(Companion(name="Aspirin", why="Prevents clots."),))) == [
        "Aspirin: Prevents clots."
    ]


def test_a_passage_names_its_section_and_condition() -> None:
    part = ConditionPart(condition=KEY, condition_name="CML", parts=(Text(html="<p>Each day.</p>"),))
    section = Section(
        type=SectionType.HOW_IT_IS_ADMINISTERED, heading="How it is administered", parts=(part,)
    )
    document = MonographDocument(key=KEY, slug="x", title="x", review_interval_months=12, sections=(section,))
    [passage] = passages(document)
    assert (passage.anchor, passage.section) == ("how-it-is-administered", "How it is administered")
    assert as_text(passage) == "CML: Each day."


def test_a_heading_above_nothing_is_kept() -> None:
    assert texts(Text(html="<h3>One</h3><h3>Two</h3>")) == ["One", "Two"]


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.replace("^", "")))


def _expected(part: Any) -> str:
    """All words of a part, read from its fields without any of the code under test."""
    strip = re.compile(r"<[^>]+>")

    def plain(html: str) -> str:
        return unescape(strip.sub(" ", re.sub(r"</?(?:strong|em|sub|sup|a)[^>]*>", "", html)))

    match part:
        case Text() | Advice():
            return plain(part.html)
        case DoDont():
            return " ".join((*part.do, *part.dont))
        case Figure():
            return f"{part.alt} {part.caption}"
        case Companions():
            return " ".join(f"{item.name} {item.why}" for item in part.items)
        case Effects():
            own = " ".join(f"{e.name} {e.explanation} {e.what_to_do}" for e in part.items)
            return f"{plain(part.html)} {own}"
    return ""


@given(st.data())
def test_each_word_of_a_document_is_in_one_passage_of_its_own_part(data: Any) -> None:
    for section in data.draw(sections()):
        for part in section.all_parts():
            if isinstance(part, Table | ConditionPart):
                continue
            found = list(part_passages(LocatedPart(part, section)))
            lines = [
                *(line.text for passage in found for line in passage.lines),
                *(passage.name for passage in found),
            ]
            headings = {heading for passage in found for heading in passage.headings}
            own = {part.heading} if isinstance(part, Effects) else set()
            assert _words(" ".join([*lines, *sorted(headings - own)])) == _words(_expected(part))
            assert all(_is_of(passage, part) for passage in found)


def _is_of(passage: DocumentPassage, part: Any) -> bool:
    """Whether the passage says the urgency of its own part, and of no other."""
    match part:
        case Advice():
            return passage.urgency is part.urgency and as_text(passage).startswith(part.urgency_label)
        case Effects():
            urgencies = {item.name: item.urgency_label for item in part.items}
            return passage.urgency_label == urgencies.get(passage.name, "")
    return passage.urgency is None


@pytest.mark.parametrize("urgency", Urgency)
def test_every_urgency_is_said_first(urgency: Urgency) -> None:
    [text] = texts(advice(urgency, "<p>Fever</p>"))
    assert text == f"{urgency.label}: Fever"
