"""Comparing two versions of a label: what is silent, what is said, and how grave it is."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from monographs.document.sections import SectionType
from monographs.labels import ChangeClass, compare_labels, passage_changes, passages_of, read_label
from monographs.redline import Op
from tests.labels.label_sources import openfda, section, spl

GRAVE, EDITORIAL = ChangeClass.GRAVE, ChangeClass.EDITORIAL


def change_of(field, old, new):
    """The class of a change of one field of openFDA, and its reasons; None without a change."""
    before, after = ({field: text} if text else {} for text in (old, new))
    rest = {"how_supplied": "16 HOW SUPPLIED In boxes."}
    comparison = compare_labels(openfda(3, **before, **rest), openfda(4, **after, **rest))
    return comparison.change_class, [change.reason for change in comparison.changes]


KINDS = tomllib.loads(Path(__file__).with_name("kinds_of_change.toml").read_text("utf-8"))["change"]


@pytest.mark.parametrize("change", KINDS, ids=[f"{each['class']}: {each['kind']}" for each in KINDS])
def test_each_kind_of_change_has_its_class(change):
    found, reasons = change_of(change["field"], change["old"], change["new"])
    if change["class"] == "silent":
        assert found in (None, EDITORIAL)
        return
    assert found == change["class"]
    telling = [each for each in reasons if each.change_class is found]
    assert all(each.why for each in telling)
    assert found is EDITORIAL or any(each.words for each in telling), "the words that made it so"


def test_what_is_left_out_because_it_is_unchanged_would_change_nothing(monkeypatch):
    steps = [
        (
            openfda(3, **{"boxed_warning": "It bleeds.", each["field"]: each["old"] or "None."}),
            openfda(4, **{"boxed_warning": "It bleeds.", each["field"]: each["new"] or "None."}),
        )
        for each in KINDS
    ]
    table = "<table><tr><td>Rash</td><td>{}%</td></tr></table>"
    parts = [section("34084-4", "6", table.format(number)) for number in (3, 3, 4)]
    titles = [
        section("34070-3", "4", inside=[section("42229-5", title, "Any.")]) for title in ("A", "A", "B")
    ]
    labels = [
        read_label(spl(part, title, version=str(at + 1)))
        for at, (part, title) in enumerate(zip(parts, titles, strict=True))
    ]
    quick = [compare_labels(*step) for step in [*steps, *pairwise(labels)]]
    monkeypatch.setattr("monographs.labels.label_comparison.unchanged_codes", lambda old, new: frozenset())
    assert quick == [compare_labels(*step) for step in [*steps, *pairwise(labels)]]
    assert quick[-2].changes == ()
    assert {change.code.code for change in quick[-1].changes} == {"34084-4", "34070-3"}


@pytest.mark.parametrize(
    ("old", "new", "why", "words"),
    [
        ("Pneumonitis occurred in 12% of patients.", "Pneumonitis occurred in 31% of patients.",
         "a percentage or frequency is changed", ("12 %", "31 %")),
        ("Jaundice occurred in 12 of 100 patients.", "Jaundice occurred in 31 of 100 patients.",
         "a percentage or frequency is changed", ("12 of 100", "31 of 100")),
        ("Rash was common.", "Rash was very common.",
         "a percentage or frequency is changed", ("common", "very common")),
        ("Rash may recur.", "Rash may not recur.", "a negation is changed", ("not",)),
        ("Rash began after a median of 9 days.", "Rash began after a median of 12 days.",
         "a number is changed", ("9 days", "12 days")),
        ("Rash in 5 % of patients was mild.", "Rash in 5% of patients was severe.",
         "what is said is changed", ("mild", "severe")),
        ("Rash was mild.", "", "what is said is gone", ("rash was mild",)),
    ],
)  # fmt: skip
def test_a_change_of_prose_says_what_it_is_about(old, new, why, words):
    found, reasons = change_of("adverse_reactions", f"Nausea was seen. {old}", f"Nausea was seen. {new}")
    assert found is ChangeClass.SUBSTANCE
    (reason,) = [each for each in reasons if each.change_class is found]
    assert (reason.why, set(words) <= set(reason.words)) == (why, True), reason.words


def test_spaces_that_do_not_break_are_no_change():
    listed = "Estimated: " + ", ".join(f"effect{number} of the liver" for number in range(400))
    text = f"6 ADVERSE REACTIONS {listed}. 1 Rash was seen. It was fatal in 2 of 30."
    assert change_of("adverse_reactions", text, text.replace(" ", "\u00a0")) == (None, [])


def test_the_hint_of_recent_changes_decides_nothing():
    hint = "Boxed Warning 1/2024"
    stale = compare_labels(
        openfda(3, boxed_warning="It bleeds."),
        openfda(4, boxed_warning="It bleeds.", recent_major_changes=hint),
    )
    assert stale.change_class is None
    missing = compare_labels(
        openfda(3, boxed_warning="It bleeds."), openfda(4, boxed_warning="It bleeds and kills.")
    )
    assert missing.change_class is GRAVE


def test_patients_texts_supply_and_listing_touch_no_section_of_a_monograph():
    rest = {"boxed_warning": "It bleeds."}
    for field in (
        "spl_medguide",
        "how_supplied",
        "spl_product_data_elements",
        "package_label_principal_display_panel",
    ):
        comparison = compare_labels(
            openfda(3, **rest, **{field: "Nothing of it is fatal."}),
            openfda(4, **rest, **{field: "All of it."}),
        )
        assert (comparison.change_class, comparison.touched) == (None, ())


IMMUNOGENICITY = "Antibodies against examplomab were found in three of a hundred adults."


def test_a_topic_that_moves_to_another_section_is_said_to_have_moved():
    old = openfda(
        3, adverse_reactions=f"6 ADVERSE REACTIONS Rash. {IMMUNOGENICITY}", clinical_pharmacology="It binds."
    )
    new = openfda(
        4, adverse_reactions="6 ADVERSE REACTIONS Rash.", clinical_pharmacology=f"It binds. {IMMUNOGENICITY}"
    )
    comparison = compare_labels(old, new)
    assert comparison.change_class is EDITORIAL
    assert {change.reason.why for change in comparison.changes} == {
        "moved to clinical pharmacology",
        "moved from adverse reactions",
    }


def test_a_field_misnamed_by_its_coding_is_no_change():
    child = "8.2 Lactation Do not breastfeed while the pump runs and for 48 hours after it."
    whole = f"8 USE IN SPECIFIC POPULATIONS Advise. {child}"
    for other in ({}, {"nursing_mothers": child}):
        old = openfda(3, use_in_specific_populations=whole, labor_and_delivery=child)
        new = openfda(4, use_in_specific_populations=whole, **other)
        assert compare_labels(old, new).change_class in (None, EDITORIAL)


def test_a_warning_that_leaves_the_box_is_grave_though_it_stands_elsewhere():
    words = "Bleeding of the brain occurred in some of the patients."
    old = openfda(3, boxed_warning=f"It harms the liver. {words}", warnings_and_cautions="5 WARNINGS Check.")
    new = openfda(4, boxed_warning="It harms the liver.", warnings_and_cautions=f"5 WARNINGS Check. {words}")
    assert compare_labels(old, new).change_class is GRAVE


TABLE = (
    "<table><caption>Table {n}. Doses</caption>"
    "<tr><th>Grade</th><th>Examplomab</th><th>Steroid</th></tr>{rows}</table>"
)
ROWS = (
    ("Grade 1 rash of the skin", "No change", "No"),
    ("Grade 2 rash of the skin", "Withhold, then 28 mcg", "Yes"),
)


def table_label(version, rows, number=3, **fields):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    xml = TABLE.format(n=number, rows=cells)
    flat = " ".join(
        [f"Table {number}. Doses Grade Examplomab Steroid", *(cell for row in rows for cell in row)]
    )
    return openfda(
        version,
        dosage_and_administration=f"2 DOSAGE Give it. {flat}",
        dosage_and_administration_table=[xml],
        **fields,
    )


def test_a_cell_that_changed_is_named_with_its_row():
    changed = (ROWS[0], (ROWS[1][0], "Withhold, then 9 mcg", "Yes"))
    comparison = compare_labels(table_label(3, ROWS), table_label(4, changed))
    (change,) = comparison.changes
    assert change.change_class is GRAVE
    assert "28 mcg" in change.reason.words
    assert [each.text for each in change.new] == ["Grade 2 rash of the skin | Withhold, then 9 mcg | Yes"]
    assert [line.op for line in change.lines] == [Op.SAME, Op.CHANGED, Op.SAME]


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[::-1],
        [row[::-1] for row in ROWS],
        (ROWS[0], ("Grade 2 rash of the skin ", "Withhold , then 28 mcg", "Yes")),
    ],
    ids=["rows in another order", "cells in another order", "spaces"],
)
def test_tables_renumbered_and_reordered_are_no_change(rows):
    assert compare_labels(table_label(3, ROWS), table_label(4, rows, number=9)).change_class in (
        None,
        EDITORIAL,
    )


TOLD = " ".join(
    ["2 DOSAGE Give it. Table 3. Doses Grade Examplomab Steroid", *(cell for row in ROWS for cell in row)]
)


def test_a_row_less_is_a_change_and_a_table_told_as_text_is_none():
    assert compare_labels(table_label(3, ROWS), table_label(4, ROWS[:1])).change_class is GRAVE
    told = openfda(4, dosage_and_administration=TOLD)
    assert compare_labels(table_label(3, ROWS), told).change_class in (None, EDITORIAL)


def spl_label(version, text, **facts):
    return read_label(spl(section("34068-7", "2 Dosage", text), version=str(version), **facts))


def test_both_formats_of_one_text_are_the_same():
    xml = spl_label(3, "<paragraph>Give 28 mcg/m<sup>2</sup> daily. Never push it.</paragraph>")
    feed = openfda(
        4, dosage_and_administration="2 DOSAGE AND ADMINISTRATION Give 28 mcg/m 2 daily. Never push it."
    )
    assert compare_labels(xml, feed).change_class in (None, EDITORIAL)


def test_odd_steps_are_noted():
    comparison = compare_labels(spl_label(7, "Any."), spl_label(3, "Any.", date="20200101"))
    assert any("began again" in note for note in comparison.notes)
    assert any("earlier" in note for note in comparison.notes)
    assert compare_labels(spl_label(3, "Any."), spl_label(9, "Any.")).notes == (
        "5 versions in between were not seen",
    )


def test_labels_of_two_set_ids_are_not_compared_though_they_share_an_application():
    other = spl_label(4, "Any.", set_id="99999999-2222-4333-8444-555555555555")
    with pytest.raises(ValueError, match="set ids"):
        compare_labels(spl_label(3, "Any."), other)


def test_each_old_passage_has_a_fate():
    old = openfda(
        3,
        dosage_and_administration="Give 28 mcg daily. Never push it. Wait (2.1).",
        boxed_warning="It bleeds.",
    )
    new = openfda(4, dosage_and_administration="Give 9 mcg daily. Wait (2.2).", boxed_warning="It bleeds.")
    comparison = compare_labels(old, new)
    found = passage_changes(comparison)
    changed = {passage.text: found.get(passage.key) for passage in passages_of(old)}
    assert changed["It bleeds."] is None
    assert changed["Wait (2.1)."] is None
    assert changed["Give 28 mcg daily."].new[0].text == "Give 9 mcg daily."
    assert changed["Never push it."].new == ()
    assert comparison.touched == (SectionType.HOW_IT_IS_ADMINISTERED,)


def test_a_sentence_that_still_stands_is_not_changed_by_a_longer_one_beside_it():
    old = openfda(3, contraindications="Not in people with severe porphyria.")
    new = openfda(
        4,
        contraindications="Not in people with severe porphyria. "
        "Not in people with severe porphyria who fast.",
    )
    comparison = compare_labels(old, new)
    assert comparison.change_class is ChangeClass.GRAVE
    assert passage_changes(comparison) == {}


def test_a_row_changes_with_a_cell_that_it_shares_with_other_rows():
    table = (
        "<table><tbody><tr><td rowspan='2'>{group}</td><td>1.0 to 1.1</td><td>9.5 mL</td></tr>"
        "<tr><td>1.2 to 1.3</td><td>{dose} mL</td></tr><tr><td>Adults</td><td>any</td><td>20 mL</td></tr>"
        "</tbody></table>"
    )
    old, new = (
        read_label(spl(section("34068-7", "Dosage", table.format(group=group, dose="11.3")), version=version))
        for version, group in (("3", "22 kg to less than 45 kg"), ("4", "Less than 45 kg"))
    )
    found = passage_changes(compare_labels(old, new))
    changed = [passage.text for passage in passages_of(old) if passage.key in found]
    assert [text.split(" | ")[1] for text in changed] == ["1.0 to 1.1", "1.2 to 1.3"]


@pytest.mark.parametrize(
    ("cells", "changed"),
    [
        (("fever nausea tiredness", "chills rash"), []),
        (("fever nausea tiredness shaking", "chills rash"), ["tiredness"]),
        (("fever nausea tiredness", "chills skin rash"), ["fever | chills", "nausea | rash"]),
    ],
)
def test_rows_of_a_list_that_are_set_as_one_row_are_still_said(cells: tuple[str, str], changed: list[str]):
    rows = (("fever", "chills"), ("nausea", "rash"), ("tiredness", ""))
    old, new = (
        read_label(
            spl(section("34084-4", "Effects", f"<table><tbody>{html}</tbody></table>"), version=version)
        )
        for version, html in (
            ("3", "".join(f"<tr><td>{one}</td><td>{other}</td></tr>" for one, other in rows)),
            ("4", f"<tr><td>{cells[0]}</td><td>{cells[1]}</td></tr>"),
        )
    )
    found = passage_changes(compare_labels(old, new))
    assert [passage.text for passage in passages_of(old) if passage.key in found] == changed


def test_a_passage_has_the_same_key_in_each_version_that_says_it():
    one, other = (
        passages_of(openfda(n, boxed_warning=text))[0]
        for n, text in ((3, "It  bleeds (5.1)."), (4, "It bleeds ( 5.3 )."))
    )
    assert one.key == other.key
    assert one.key != passages_of(openfda(5, boxed_warning="It bled."))[0].key


_REPEATED = "Not for people with green spotted porphyria."


@pytest.mark.parametrize("code", ["34070-3", "34066-1"], ids=["contraindication", "box"])
@pytest.mark.parametrize(
    ("full", "highlights", "expected"),
    [("", _REPEATED, GRAVE), (_REPEATED, "", None), ("", "", GRAVE)],
    ids=["from the full text", "from the highlights", "from both"],
)
def test_what_goes_from_the_full_text_is_gone_though_the_highlights_repeat_it(
    code, full, highlights, expected
):
    def label(version, full, highlights):
        more = f"<excerpt><highlight><text>{highlights} Not for infants.</text></highlight></excerpt>"
        return read_label(spl(section(code, "4", f"{full} Not for infants.", more=more), version=version))

    comparison = compare_labels(label("3", _REPEATED, _REPEATED), label("4", full, highlights))
    assert comparison.change_class is expected


def test_signs_of_another_kind_in_a_table_and_in_the_text_that_repeats_it_are_no_change():
    def label(version, in_text, in_table):
        said = "“Rash” of the skin{0} • 12{0}31"
        cells = said.translate({ord("“"): '"', ord("”"): '"', ord("•"): "●"}).format(in_table).split("●")
        return openfda(
            version,
            adverse_reactions=f"6 ADVERSE REACTIONS It itches. {said.format(in_text)} It was mild.",
            adverse_reactions_table=[f"<table><tr><td>{cells[0]}</td><td>●{cells[1]}</td></tr></table>"],
        )

    kinds = [("–", "-"), ("-", "-"), ("−", "–")]  # noqa: RUF001
    labels = [label(at + 3, *signs) for at, signs in enumerate(kinds)]
    for old, new in pairwise(labels):
        assert compare_labels(old, new).change_class in (None, EDITORIAL)
    assert all(len(each.sections[0].blocks) == 3 for each in labels), "the table is cut out of the text"
