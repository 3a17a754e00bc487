"""Reading openFDA's JSON."""

import json

import pytest

from monographs.labels import LabelRefused, LabelTable, passages_of, read_label
from tests.labels.label_sources import SET_ID, openfda, result

CHILD = "8.2 Lactation Do not breastfeed while the pump runs and for 48 hours after it was stopped."
TABLE = (
    "<table><caption>Table 4. Doses</caption><tbody><tr><th>Weight</th><th>Dose</th></tr>"
    "<tr><td>45 kg or more</td><td>9 mcg<sup>a</sup></td></tr></tbody></table>"
)
#: The feed's text of that table, with other white space.
FLAT = "Table 4 . Doses Weight Dose 45 kg or more 9 mcg a"


def kinds(section):
    return [type(block).__name__ for block in section.blocks]


def test_a_label_says_what_identifies_it():
    facts = {
        "brand_name": ["Exemplar"], "generic_name": ["EXAMPLOMAB"], "route": ["ORAL"], "unii": ["ABCDEFGHIJ"],
        "application_number": ["BLA123456"], "product_ndc": ["12345-678"], "package_ndc": ["12345-678-90"],
        "manufacturer_name": ["Example Makers"], "product_type": ["HUMAN PRESCRIPTION DRUG"],
    }  # fmt: skip
    label = openfda(facts=facts, contraindications="4 CONTRAINDICATIONS None.")
    assert (label.set_id, label.version, label.names, label.routes) == (SET_ID, 3, ("Exemplar",), ("ORAL",))
    assert (label.application_numbers, label.uniis, label.maker) == (
        ("BLA123456",),
        ("ABCDEFGHIJ",),
        "Example Makers",
    )
    assert label.document_type == "HUMAN PRESCRIPTION DRUG"


def test_a_child_field_is_inside_its_parent_and_said_once():
    whole = f"8 USE IN SPECIFIC POPULATIONS Lactation: advise. {CHILD} 8.5 Geriatric Use None."
    label = openfda(use_in_specific_populations=whole, nursing_mothers=CHILD.replace(" Do", "  Do"))
    (outer,) = label.sections
    assert [each.code for each in label.walk()] == ["43684-0", "34080-2"]
    assert kinds(outer) == ["LabelText", "LabelText"]
    assert sum("breastfeed" in each.text for each in passages_of(label)) == 1


def test_a_field_in_a_field_in_a_field():
    inner = "12.3 Pharmacokinetics The half-life of examplomab is about two hours in adults."
    middle = f"12 CLINICAL PHARMACOLOGY 12.1 Mechanism It binds two kinds of cells to each other. {inner}"
    label = openfda(
        clinical_pharmacology=middle,
        pharmacokinetics=inner,
        mechanism_of_action="12.1 Mechanism It binds two kinds of cells to each other.",
    )
    assert [each.code for each in label.walk()] == ["34090-1", "43679-0", "43682-4"]


def test_tables_are_cut_out_of_the_text_and_are_tables():
    label = openfda(
        dosage_and_administration=f"2 DOSAGE AND ADMINISTRATION Give it so: {FLAT} Then wait.",
        dosage_and_administration_table=[TABLE],
    )
    (dosage,) = label.sections
    assert kinds(dosage) == ["LabelText", "LabelTable", "LabelText"]
    assert dosage.blocks[1].rows[1][1].html == "9 mcg<sup>a</sup>"
    assert "45 kg" not in dosage.blocks[0].html + dosage.blocks[2].html


def test_a_table_that_parent_and_child_both_have_is_in_the_child_once():
    child = f"12.3 Pharmacokinetics The figures are in a table. {FLAT}"
    label = openfda(
        clinical_pharmacology=f"12 CLINICAL PHARMACOLOGY {child}",
        clinical_pharmacology_table=[TABLE],
        pharmacokinetics=child,
        pharmacokinetics_table=[TABLE],
    )
    outer, inner = label.walk()
    assert [isinstance(block, LabelTable) for each in (outer, inner) for block in each.blocks] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "xml", ["<table><tr><td>1</td>", "<!DOCTYPE t [<!ENTITY a 'b'>]><table>&a;</table>", "no table"]
)
def test_a_damaged_table_does_not_stop_the_label(xml):
    assert openfda(
        adverse_reactions="6 ADVERSE REACTIONS Rash.", adverse_reactions_table=[xml, TABLE, 7]
    ).sections


def test_a_table_that_the_text_lacks_is_not_lost():
    label = openfda(adverse_reactions="6 ADVERSE REACTIONS Rash.", adverse_reactions_table=[TABLE])
    assert any("45 kg" in each.text for each in passages_of(label))


def test_several_texts_of_a_field_are_several_sections():
    label = openfda(dosage_and_administration=["First product of the kit.", "Second product of the kit."])
    assert [each.key for each in label.sections] == ["34068-7", "34068-7-2"]


def test_a_field_that_nobody_lists_is_kept_without_a_code():
    label = openfda(contraindications="None.", something_new="Its words.")
    assert [each.code for each in label.sections] == ["34070-3", ""]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"facts": {"product_type": ["PRESCRIPTION ANIMAL DRUG"]}}, "animals"),
        ({"facts": {"application_number": ["NADA141213"]}}, "animals"),
        ({"facts": {}, "residue_warning": "Do not slaughter."}, "residue_warning"),
        ({"facts": {}, "intended_use_of_the_device": "A pump."}, "device"),
    ],
)
def test_labels_of_animals_and_devices_are_refused(fields, reason):
    with pytest.raises(LabelRefused, match=reason):
        openfda(contraindications="None.", **fields)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"error": {"code": "NOT_FOUND"}}, "NOT_FOUND"),
        ({"meta": {}, "results": []}, "0 labels"),
        ({"meta": {}, "results": [result(a="b"), result(a="b")]}, "2 labels"),
        ({**result(boxed_warning="Any."), "set_id": "null"}, "set id"),
        ({**result(boxed_warning="Any."), "version": "null"}, "version"),
        (result(), "no section"),
        ({"set_id": [[[]]]}, "no section"),
    ],
)
def test_other_answers_are_refused_with_the_reason(data, reason):
    with pytest.raises(LabelRefused, match=reason):
        read_label(json.dumps(data).encode())


@pytest.mark.parametrize("data", [b'{"a"', b"{}]", b'{"a":' * 100_000, b'{"set_id": "\xff\xfe"}'])
def test_damaged_json_is_refused(data):
    with pytest.raises(LabelRefused):
        read_label(data)


def test_an_answer_with_one_result_is_read():
    answer = {"meta": {"results": {"total": 1}}, "results": [result(boxed_warning="Danger.")]}
    assert read_label(json.dumps(answer).encode()).version == 3
