"""A page is compared with the newest stored version of the labels that it follows, and no other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monographs.label_watch.models import FollowedLabel
from monographs.label_watch.storage import store_label
from monographs.labels import Label, read_label
from monographs.labels.effect_percentages import EffectPercentage, effect_percentages
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.rules.check_context import CheckContext
from monographs.rules.draft_check import current_findings
from monographs.rules.label_summary import Contraindication, summarise
from monographs.rules.overrides import overrule
from monographs.rules.site_names import site_names
from monographs.rules.text_index import TextIndex
from tests.factories import edit, make_monograph, submit
from tests.label_watch.label_service import SET_IDS, label_xml
from tests.labels.label_sources import openfda, section, spl

ONE, OTHER = SET_IDS[:2]


def store(version: int, *, set_id: str = ONE, box: str = "Fever can be fatal.") -> None:
    data = label_xml(version, box, set_id=set_id)
    store_label(data, read_label(data), "here")


def draft_of(page: MonographPage) -> MonographPage:
    draft: MonographPage = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return draft


def found(page: MonographPage) -> list[tuple[str, str]]:
    """The rules about labels that a draft breaks, with their messages."""
    draft = draft_of(page)
    return [(f.rule, f.message) for f in current_findings(draft) if f.rule.startswith("label-")]


@pytest.mark.django_db
def test_a_page_without_the_box_of_its_label_is_not_submitted_unless_overruled(writer):
    page = make_monograph(by=writer, routes=["intravenous_infusion"])
    store(3)
    assert found(page) == []
    edit(page, writer, label_set_id=ONE, label_version="2")
    [(rule, message)] = found(page)
    assert rule == "label-boxed-warning"
    assert "first section, version 3" in message
    with pytest.raises(PolicyError) as refused:
        submit(page, writer)
    assert "boxed warning" in str(refused.value)
    [finding] = [f for f in current_findings(draft_of(page)) if f.rule == rule]
    overrule(writer, page.translation_key, finding, "The box is about another product of this label.")
    submit(page, writer)


@pytest.mark.django_db
def test_an_overruled_box_comes_back_once_the_label_has_another_one(writer):
    page = make_monograph(by=writer, label_set_id=ONE, routes=["intravenous_infusion"])
    store(3)
    draft = draft_of(page)
    [finding] = [f for f in current_findings(draft) if f.stops]
    overrule(writer, page.translation_key, finding, "The box is about another product of this label.")
    store(4)
    assert not any(f.stops for f in current_findings(draft))
    store(5, box="Bleeding can be fatal.")
    assert [f.rule for f in current_findings(draft) if f.stops] == ["label-boxed-warning"]


@pytest.mark.django_db
def test_a_label_that_is_only_followed_counts_and_others_cost_no_query(writer):
    page = make_monograph(by=writer)
    store(3, set_id=OTHER)
    text = TextIndex(page.to_document())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            CheckContext.load(text)
        return len(captured)

    site_names()  # two more queries after a change of a name
    without = queries()
    FollowedLabel.objects.create(key=page.translation_key, set_id=OTHER)
    assert {rule for rule, _ in found(page)} == {"label-boxed-warning", "label-route"}
    assert (without, queries()) == (3, 4)


def label_of(*sections: str) -> Label:
    return read_label(spl(*sections))


def table(*rows: tuple[str, ...], caption: str = "") -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    said = f"<caption>{caption}</caption>" if caption else ""
    return section("34084-4", "6 Adverse reactions", f"<table>{said}<tbody>{lines}</tbody></table>")


def figures(label: Label) -> list[tuple[str, float, bool]]:
    return [(each.name, each.percent, each.severe) for each in effect_percentages(label)]


def test_percentages_are_read_of_those_who_had_the_medicine_and_severe_ones_apart():
    heads = [
        ("", "Exemplar (N = 10)", "Exemplar (N = 10)", "Placebo (N = 9)"),
        ("Reaction", "Any grade n (%)", "Grade ≥ 3 n (%)", "Any grade n (%)"),
    ]
    rows = [("Blood disorders", "", "", ""), ("- Fever", "5 (50)", "1 (&lt; 1)", "3 (33)")]
    assert figures(label_of(table(*heads, *rows))) == [("Fever", 50.0, False), ("Fever", 1.0, True)]
    counts = [("Reaction", "All patients"), ("Fever", "12"), ("Rash", "12.5 %")]
    assert figures(label_of(table(*counts))) == [("Rash", 12.5, False)]
    severe = table(("Reaction", "Exemplar (%)"), ("Fever", "4"), caption="Grade 3 or 4 reactions")
    assert effect_percentages(label_of(severe)) == [EffectPercentage("Fever", 4.0, severe=True)]


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ("4 CONTRAINDICATIONS None. None. ( 4 )", []),
        ("Exemplar is contraindicated after hypersensitivity (e.g., rash, infection).", ["an allergy"]),
        ("Do not use in severe renal impairment due to the potential for bleeding.", ["an illness of"]),
        ("Anaphylaxis has been reported. Shock occurred in 2 of 100 people.", []),
        ("Exemplar must not be used with phaeochromocytoma.", ["phaeochromocytoma"]),
    ],
    ids=["none", "examples in brackets", "because", "observed", "own words"],
)  # fmt: skip
def test_reasons_are_named_without_their_examples_and_explanations(said, reasons):
    found = summarise(openfda(contraindications=said)).contraindications
    assert len(found) == len(reasons)
    for each, start in zip(found, reasons, strict=True):
        assert each.reason.startswith(start) or each == Contraindication("", (start,))
