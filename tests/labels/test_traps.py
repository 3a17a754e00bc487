"""Traps of real labels and of openFDA's feed, in words of our own: and what a change is in spite of it."""

import pytest

from monographs.document.sections import SectionType
from monographs.labels import ChangeClass, compare_labels, passages_of, read_label
from tests.labels.label_sources import openfda, section, spl

GRAVE = ChangeClass.GRAVE
BLEEDS, FEVER = "Bleeding can be fatal.", "Fever with confusion occurred."


def boxes(source: str, version: int, *texts: str):
    """A label with a boxed warning for each text, and one section besides."""
    if source == "spl":
        parts = [section("34066-1", "Boxed warning", f"<paragraph>{text}</paragraph>") for text in texts]
        return read_label(spl(*parts, section("34068-7", "2", "Give it."), version=str(version)))
    return openfda(version, boxed_warning=list(texts), dosage_and_administration="Give it.")


@pytest.mark.parametrize("source", ["spl", "openfda"])
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((BLEEDS, FEVER), (BLEEDS, FEVER), None),
        ((BLEEDS, FEVER), (BLEEDS, "Fever with seizures occurred."), GRAVE),
        ((BLEEDS, FEVER), (BLEEDS,), GRAVE),
        ((BLEEDS,), (BLEEDS, FEVER), GRAVE),
        ((BLEEDS, FEVER), (FEVER, BLEEDS), None),
    ],
    ids=["the same", "the second changed", "the second went", "a second came", "another order"],
)
def test_a_boxed_code_that_is_there_twice_is_read_and_compared_whole(source, old, new, expected):
    before, after = boxes(source, 3, *old), boxes(source, 4, *new)
    said = [each.text for each in passages_of(before) if each.code == "34066-1"]
    assert [text for text in said if text in old] == list(old)
    assert len({each.key for each in before.walk()}) == len(list(before.walk())), "each section has a key"
    found = compare_labels(before, after)
    assert found.change_class is expected
    assert found.touched == ((SectionType.BOXED_WARNING,) if expected else ())


NOT_FOR = "Not for people with green spotted porphyria. Not for infants."


def test_a_field_that_openfda_drops_whole_is_grave_and_said_to_be_absent():
    rest = {"boxed_warning": BLEEDS}
    found = compare_labels(openfda(3, contraindications=NOT_FOR, **rest), openfda(4, **rest))
    assert found.change_class is GRAVE
    whys = {change.reason.why for change in found.changes}
    assert whys == {"contraindication is gone: the whole field is absent, and openFDA may have dropped it"}
    back = compare_labels(openfda(4, **rest), openfda(5, contraindications=NOT_FOR, **rest))
    assert {change.reason.why for change in back.changes} == {"contraindication is new"}


def test_a_sentence_that_goes_or_a_section_that_goes_from_spl_is_said_to_be_gone():
    shorter = compare_labels(
        openfda(3, contraindications=NOT_FOR), openfda(4, contraindications="Not for infants.")
    )
    box = section("34066-1", "Box", BLEEDS)
    whole = compare_labels(
        read_label(spl(box, section("34070-3", "4", NOT_FOR), version="3")), read_label(spl(box, version="4"))
    )
    for found in (shorter, whole):
        assert found.change_class is GRAVE
        assert {change.reason.why for change in found.changes} == {"contraindication is gone"}


def facts(brand: str, generic: str, application: str = "BLA123456"):
    return {"brand_name": [brand], "generic_name": [generic], "application_number": [application]}


OWN, ANOTHER = facts("Exemplar", "EXAMPLOMAB"), facts("Otherex", "OTHEROMAB")


def test_an_application_under_the_name_of_another_product_changes_nothing_and_is_noted():
    text = {"dosage_and_administration": "2 DOSAGE Give 28 mcg of examplomab daily."}
    found = compare_labels(openfda(3, facts=OWN, **text), openfda(4, facts=ANOTHER, **text))
    assert (found.changes, found.change_class) == ((), None)
    assert found.notes == (
        "its names differ (Exemplar and Otherex): the service may show it under another product",
    )
    moved = compare_labels(
        openfda(3, facts=OWN, **text), openfda(4, facts=facts("Exemplar", "EXAMPLOMAB", "BLA999999"), **text)
    )
    assert (moved.changes, moved.notes) == ((), ("its application numbers differ",))


@pytest.mark.parametrize(
    ("named", "expected"),
    [(ANOTHER, {ChangeClass.SUBSTANCE}), (facts("Otherex", "EXAMPLOMAB"), {ChangeClass.EDITORIAL})],
    ids=["another product", "another brand"],
)
def test_names_of_two_medicines_do_not_stand_for_each_other(named, expected):
    name = named["generic_name"][0] if named is ANOTHER else "Otherex"
    old = openfda(3, facts=OWN, indications_and_usage="1 USES Examplomab is for adults with a disease.")
    new = openfda(4, facts=named, indications_and_usage=f"1 USES {name} is for adults with a disease.")
    found = compare_labels(old, new)
    assert {change.change_class for change in found.changes} == expected


def test_the_reason_names_the_medicine_in_words_for_people():
    old = openfda(3, facts=OWN, contraindications="4 CONTRAINDICATIONS Examplomab is not for adults.")
    new = openfda(4, facts=OWN, contraindications="4 CONTRAINDICATIONS None.")
    said = [word for change in compare_labels(old, new).changes for word in change.reason.words]
    assert any("[the medicine]" in words for words in said), said
    assert not any("thismedicine" in words for words in said)
