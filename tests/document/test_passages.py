"""Passages: what of a document means the same without its page."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
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
    Frequency,
    Table,
    Text,
    Urgency,
)
from monographs.document.passages import (
    CUT,
    DocumentPassage,
    PassageLine,
    as_text,
    excerpt,
    part_passages,
    passages,
)
from monographs.document.sections import Section, SectionType
from tests.document.numbered import Numbered, boxes, check, words_in
from tests.document.strategies import monographs

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
        "Call 911 now: Swelling of the throat.",
        "Call your care team today: Fever.",
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
        "Call now, day or night: Serious side effects: Fever: "
        f"{Frequency.COMMON.label}. A high temperature. Call."
    )
    assert (passage.is_serious, passage.frequency) == (True, Frequency.COMMON.label)


def test_rows_and_companions_are_passages() -> None:
    table = Table(caption="Doses", header=("Week", "Dose"), rows=(("1", "20 mg"), ("2", "10<sup>9</sup>")))
    assert texts(table) == ["Doses: Week: 1; Dose: 20 mg.", "Doses: Week: 2; Dose: 10⁹."]
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
    assert as_text(passage) == "For CML: Each day."
    assert as_text(passage, with_section=True) == "How it is administered: For CML: Each day."


@pytest.mark.parametrize("urgency", Urgency)
def test_every_urgency_is_said_first(urgency: Urgency) -> None:
    [text] = texts(advice(urgency, "<p>Fever</p>"))
    assert text == f"{urgency.label}: Fever."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<p>Do not take it if you are</p><ul><li>pregnant</li><li>allergic to:<ul><li>it</li>"
            "<li>soy</li></ul></li><li>a child</li></ul><p>Ask us.</p>",
            ["Do not take it if you are: pregnant; allergic to: it; soy. a child.", "Ask us."],
        ),
        (
            "<h3>Can I drive?</h3><p>No.</p><p>Plan for rides.</p>"
            "<h3>Men</h3><h4>Sex</h4><p>Use a condom.</p>",
            ["Can I drive? No. Plan for rides.", "Men: Sex: Use a condom."],
        ),
        ("<h3>Food</h3><h3>Drink</h3>", ["Food.", "Drink."]),
        ("<p>Do not<br>drive</p>", ["Do not; drive."]),
        ("10<sup>9</sup> cells", ["10⁹ cells."]),
        ("<p>These:</p><ul><li>one;</li><li>two,</li></ul>", ["These: one; two."]),
        ("", []),
    ],
)
def test_rich_text_in_one_line(html: str, expected: list[str]) -> None:
    assert texts(Text(html=html)) == expected


def test_a_serious_effect_says_so_first_without_urgency_and_heading() -> None:
    effect = Effect(name="Seizure", explanation="A fit")
    assert texts(Effects(group="serious", items=(effect,))) == ["Serious side effects: Seizure: A fit."]


def test_an_excerpt_ends_between_words_and_never_cuts_what_must_be_read_first() -> None:
    lines = (PassageLine("For any of these:"), PassageLine("Fever", 1), PassageLine("chills", 1))
    passage = DocumentPassage(lines, section="Side effects", urgency_label="Call 911 now")
    whole = "Call 911 now: Side effects: For any of these: Fever; chills."
    assert as_text(passage, with_section=True) == excerpt(passage, len(whole)) == whole
    assert excerpt(passage, len(whole) - 1) == "Call 911 now: Side effects: For any of these: Fever;" + CUT
    assert excerpt(passage, 5) == "Call 911 now: Side effects: For any of these:" + CUT


@pytest.mark.all_examples
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(monographs, st.data())
def test_every_passage_keeps_urgency_negation_and_lists(
    document: MonographDocument, data: st.DataObject
) -> None:
    numbered = Numbered(document, data.draw).document
    found = list(passages(numbered))
    for passage in found:
        whole = as_text(passage, with_section=True)
        for shown in (as_text(passage), whole, excerpt(passage, 60), excerpt(passage, 1)):
            check(shown, numbered)
        assert whole.startswith(passage.urgency_label)
        assert passage.section in whole
    said = {word for passage in found for word in words_in(as_text(passage))}
    assert all(words <= said for words, _ in boxes(numbered)), "words are lost"
    lines = [text for passage in found for text in (passage.name, *(line.text for line in passage.lines))]
    own = Counter(word for text in lines for word in words_in(text))
    for part in numbered.all_parts():
        if part.kind == "table":  # the names of columns are in each row
            for word in words_in(" ".join(part.header)):
                del own[word]
    assert set(own.values()) <= {1}, "words are in two passages"
    for part in numbered.all_parts():
        if part.kind == "for_condition":
            inner = {word for each in part.parts for word in words_in(each)}
            about = [text for text in map(as_text, found) if inner & words_in(text)]
            assert all(f"For {part.condition_name}:" in text for text in about)
