"""Remedies: written into a text they remove what the rule flags, and change nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.document.html import sanitise
from monographs.document.models import BaseDocument
from monographs.rules.document_check import check_document
from monographs.rules.finding import Finding
from monographs.rules.registry import RULES
from monographs.rules.remedy import Remedy
from monographs.rules.remedy_text import replaced_in_html, replaced_in_plain_text
from monographs.rules.rule import RemedyKind
from monographs.rules.text_index import TextIndex, blocks_of
from tests.rules.cases import CASES
from tests.rules.documents import explained, html, monograph
from tests.rules.test_each_rule import CONTEXT, WITH_LABEL

BY_NAME = {rule.name: rule for rule in RULES}
#: What a rule flags, and the whole passage after its first remedy.
WRITTEN = {
    "trailing-zero": ("Take 5.0 mg.", "Take 5 mg."),
    "naked-decimal": ("Take .5 mg.", "Take 0.5 mg."),
    "unsafe-units": ("Give 10U now. You get 400 I.U. Rest.", "Give 10 units now. You get 400 I.U. Rest."),
    "unsafe-micrograms": ("Take 50µg.", "Take 50 mcg."),
    "unsafe-volume": ("Draw up 5 c.c. Wait.", "Draw up 5 mL. Wait."),
    "latin-directions": ("Take 10 mg b.i.d. Rest well.", "Take 10 mg twice a day. Rest well."),
    "unsafe-route": ("Give an SC injection.", "Give an injection under the skin."),
    "unsafe-symbol": ("If you weigh<45 kg.", "If you weigh less than 45 kg."),
    "number-without-commas": ("Give 100000 units.", "Give 100,000 units."),
    "number-touches-unit": ("Take 2.5mg.", "Take 2.5 mg."),
    "slash-for-per": ("Give 5 mg/kg/day.", "Give 5 mg for each kilogram a day."),
    "doubled-word": ("Call the the team.", "Call the team."),
    "brand-before-generic": ("Testra is a drip.", "Testumab (brand name Testra) is a drip."),
    "unexplained-abbreviation": ("You can get an CRS.", "You can get a cytokine release syndrome (CRS)."),
    "emergency-number": ("Dial 999.", "Dial 911."),
}  # fmt: skip


def findings(document: BaseDocument) -> list[Finding]:
    return check_document(document, context=CONTEXT)


def first_remedy(document: BaseDocument, rule: str) -> Remedy:
    remedies = (each for f in findings(document) if f.rule == rule for each in f.remedies)
    return next(each for each in remedies if isinstance(each, Remedy))


@pytest.mark.parametrize("rule", WRITTEN)
def test_a_remedy_is_what_a_person_would_write(rule: str) -> None:
    before, after = WRITTEN[rule]
    summary = "Testumab treats a blood cancer." if rule != "brand-before-generic" else "It treats a cancer."
    document = monograph(before.replace("<", "&lt;"), summary=summary)
    assert first_remedy(document, rule).applied == after


def test_the_name_of_a_medicine_and_a_split_sentence_are_only_shown() -> None:
    long = (
        "You get the medicine through a drip in your arm every second week, and your nurse looks at the "
        "place each time before it begins."
    )
    proposals = [
        first_remedy(monograph(long), "long-sentence"),
        first_remedy(monograph("Take MTX."), "unsafe-medicine-name"),
    ]
    assert [proposal.only_shown for proposal in proposals] == [True, True]
    assert ". Your nurse looks" in proposals[0].applied
    assert not any(
        f.remedies for f in findings(monograph("Give MS 10 mg.")) if f.rule == "unsafe-medicine-name"
    )


def test_a_frequency_is_left_out_only_where_the_band_says_it() -> None:
    without_band = explained("You may feel hot (62%).")
    assert not any(f.remedies for f in findings(without_band) if f.rule == "frequency-number")
    effects = without_band.model_dump()
    for section in effects["sections"]:
        for part in section["parts"]:
            for item in part.get("items", ()):
                if item["name"] == "Fever":
                    item |= {"frequency": "very_common", "frequency_label": "Very common"}
    document = type(without_band).model_validate(effects)
    assert first_remedy(document, "frequency-number").applied == "You may feel hot."


def flagged(rule: str, case: Any) -> list[tuple[BaseDocument, Finding]]:
    """Each finding of ``rule`` in one of its cases that has remedies, and the document."""
    document = monograph(case) if isinstance(case, str) else case
    context = WITH_LABEL if rule.startswith("label-") else CONTEXT
    return [
        (document, finding)
        for finding in check_document(document, context=context)
        if finding.rule == rule and any(isinstance(each, Remedy) for each in finding.remedies)
    ]


@pytest.mark.parametrize(
    ("rule", "case"),
    [
        pytest.param(rule, case, id=f"{rule}-{number}")
        for rule, (bad, _) in CASES.items()
        for number, case in enumerate(bad, 1)
    ],
)
def test_a_written_remedy_removes_the_finding_and_changes_nothing_else(rule: str, case: Any) -> None:
    for document, finding in flagged(rule, case):
        assert BY_NAME[finding.rule].remedy is not RemedyKind.NONE
        for remedy in (each for each in finding.remedies if isinstance(each, Remedy)):
            start, end, new = remedy.edit
            assert end > start
            assert " ".join((remedy.passage[:start] + new + remedy.passage[end:]).split()) == remedy.applied
            assert remedy.passage in [passage.text for passage in TextIndex(document).passages]
            # The rule does not flag in what was written, so another click does not change it again
            again = [
                f for f in findings(monograph(f"<p>{as_html(remedy.applied)}</p>")) if f.rule == finding.rule
            ]
            before = [
                f for f in findings(monograph(f"<p>{as_html(remedy.passage)}</p>")) if f.rule == finding.rule
            ]
            assert len(again) < max(len(before), 1)


def test_rules_say_which_have_a_remedy() -> None:
    found = {rule for rule, (bad, _) in CASES.items() if any(flagged(rule, case) for case in bad)}
    offering = found | set(WRITTEN) | {"frequency-number", "frequency-word"}
    said = {rule.name for rule in RULES if rule.remedy is not RemedyKind.NONE}
    assert found
    assert offering - said == set()
    only_shown = {rule.name for rule in RULES if rule.remedy is RemedyKind.SHOWN}
    assert only_shown == {"unsafe-medicine-name", "long-sentence"}


def as_html(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")


#: Rich text as the editor stores it: marks, links, entities, line breaks, raised digits, lists.
_WORDS = st.sampled_from(
    ["Take 5.0 mg", "now", "&amp; rest", "at&nbsp;night", "10<sup>8</sup> cells", "“well”", "a  b"]
)
_MARKED = _WORDS.flatmap(
    lambda words: st.sampled_from(
        [
            words,
            f"<b>{words}</b>",
            f'<a href="https://example.org/?a=1&amp;b=2">{words}</a>',
            f"<i>{words}</i>",
        ]
    )
)
_LINE = st.lists(_MARKED, min_size=1, max_size=4).map(" ".join)
_BLOCK = st.one_of(
    _LINE.map(lambda line: f'<p data-block-key="x1">{line}</p>'),
    st.lists(_LINE, min_size=1, max_size=3).map(
        lambda lines: "<ul>" + "".join(f"<li>{x}</li>" for x in lines) + "</ul>"
    ),
    st.tuples(_LINE, _LINE).map(lambda two: f"<p>{two[0]}<br/>{two[1]}</p>"),
    _LINE.map(lambda line: f"<h3>{line}</h3>"),
)
_HTML = st.lists(_BLOCK, min_size=1, max_size=3).map("".join)


@given(_HTML, st.data())
def test_rich_text_changes_in_one_place_and_keeps_its_marks(source: str, data: st.DataObject) -> None:
    before = [words for _, words in blocks_of(sanitise(source))]
    passage = data.draw(st.sampled_from(before))
    characters = [at for at, each in enumerate(passage) if each not in "^ "]
    start = data.draw(st.sampled_from(characters))
    end = data.draw(st.integers(start + 1, len(passage)))
    remedy = Remedy(passage, start, end, "new & <better>")
    new = replaced_in_html(source, remedy)
    assert new is not None
    after = [words for _, words in blocks_of(sanitise(new))]
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    place = before.index(passage)
    assert [a for a, _ in changed] == [passage]
    assert after[:place] + after[place + 1 :] == before[:place] + before[place + 1 :]
    assert "new & <better>" in after[place]
    if "^" not in passage[start:end]:
        assert after[place] == remedy.applied
    for mark in ("<b>", "<i>", "<a href", "<li>", "<sup>", "data-block-key"):
        assert new.count(mark) == source.count(mark)
    if before.count(passage) == 1 and after[place] != passage:
        assert replaced_in_html(new, remedy) is None


@given(st.text(alphabet="ab .\n\t\xa0é5", max_size=40), st.data())
def test_a_plain_field_changes_only_where_the_words_are(value: str, data: st.DataObject) -> None:
    passage = " ".join(value.split())
    if not passage:
        assert replaced_in_plain_text(value, Remedy("x", 0, 1, "y")) is None
        return
    start = data.draw(st.integers(0, len(passage) - 1))
    end = data.draw(st.integers(start + 1, len(passage)))
    remedy = Remedy(passage, start, end, "NEW")
    new = replaced_in_plain_text(value, remedy)
    assert new is not None
    assert " ".join(new.split()) == remedy.applied
    assert replaced_in_plain_text(new, remedy) is None
    assert replaced_in_plain_text(value + "x", remedy) is None


def test_a_mark_inside_the_words_stays_on_what_does_not_change() -> None:
    remedy = first_remedy(monograph(html("<p>Take <strong>5</strong>.0 mg.</p>").html), "trailing-zero")
    assert replaced_in_html("<p>Take <b>5</b>.0 mg.</p>", remedy) == "<p>Take <b>5</b> mg.</p>"
