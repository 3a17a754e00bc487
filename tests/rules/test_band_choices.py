"""The band of a side effect is offered where all that is said of it belongs to one band, and nowhere else."""

from typing import Any

import pytest

from monographs.document.parts import Effect, Effects, Frequency
from monographs.rules.band_choice import BandChoice
from monographs.rules.document_check import check_document
from monographs.rules.finding import Finding
from monographs.rules.frequency_bands import band_of_percentage
from tests.rules.documents import effects, with_effects
from tests.rules.label_cases import often
from tests.rules.test_each_rule import CONTEXT, WITH_LABEL

RULES = ("frequency-number", "frequency-word")


def said(explanation: str, name: str = "Fever", band: Frequency | None = None) -> Any:
    """A medicine with one common effect that is explained so."""
    label = band.label if band else ""
    one = Effect(name=name, explanation=explanation, frequency=band, frequency_label=label)
    return with_effects(effects(one, group="common"))


def found(document: Any) -> list[Finding]:
    return [finding for finding in check_document(document, context=CONTEXT) if finding.rule in RULES]


def offered(document: Any) -> set[Frequency]:
    remedies = [remedy for finding in found(document) for remedy in finding.remedies]
    return {remedy.band for remedy in remedies if isinstance(remedy, BandChoice)}


@pytest.mark.parametrize(
    ("words", "name", "band"),
    [
        ("Seen in 62% of patients.", "Fever", Frequency.VERY_COMMON),
        ("A high temperature. It was seen in about 4 percent of people.", "Fever", Frequency.COMMON),
        ("It happens to 1 in 5 people.", "Fever", Frequency.VERY_COMMON),
        ("One in 2,000 people get it.", "Fever", Frequency.RARE),
        ("3 out of 100,000 people had fever.", "Fever", Frequency.VERY_RARE),
        ("It may affect up to 1 in 10 people.", "Fever", Frequency.COMMON),
        ("It may affect up to 1 in 100 people.", "Fever", Frequency.UNCOMMON),
        ("Seen in more than 1 in 10 people.", "Fever", Frequency.VERY_COMMON),
        ("Seen in more than 20% of patients.", "Fever", Frequency.VERY_COMMON),
        ("A high temperature.", "Fever (62%)", Frequency.VERY_COMMON),
        ("Rarely, you may see double.", "Double vision", Frequency.RARE),
        ("A very common effect.", "Fever", Frequency.VERY_COMMON),
        ("It is uncommon.", "Fever", Frequency.UNCOMMON),
        ("It is very rare.", "Fever", Frequency.VERY_RARE),
        ("Spots.", "Uncommon rash", Frequency.UNCOMMON),
        ("It is common: 4% of patients had it.", "Fever", Frequency.COMMON),
    ],
)
def test_what_is_certain_is_one_click(words: str, name: str, band: Frequency) -> None:
    document = said(words, name)
    assert offered(document) == {band}
    for finding in found(document):
        (remedy,) = finding.remedies
        assert remedy.offer == f"Choose “{band.label}”"
        assert f"It is “{band.label}”." in finding.message
        (effect,) = effects_of(remedy.chosen_in(document))
        assert (effect.frequency, effect.frequency_label) == (band, band.label)
        assert (effect.name, effect.explanation) == (name, words)


def effects_of(document: Any) -> list[Effect]:
    parts = [part for part in document.all_parts() if isinstance(part, Effects) and part.group == "common"]
    return [effect for part in parts for effect in part.items]


@pytest.mark.parametrize(
    "words",
    [
        "Feeling hot. 5% of people stopped treatment for it.",  # of something else
        "Seen in 5% of patients with leukemia.",
        "Seen in 5% of older patients.",
        "Seen in 5% of pregnant women.",
        "It is more common.",
        "Seen in less than 1% of patients.",  # a limit
        "Seen in up to 30% of patients.",
        "Seen in more than 2% of patients.",
        "Seen in 5% to 9% of patients.",  # a range
        "Seen in 5–9% of patients.",
        "Seen in 10% of patients.",  # where two bands meet
        "It happens to 1 in 100 people.",
        "It is seldom.",  # no word of a band
        "It is frequent.",
        "It is very uncommon.",
        "It is less common.",
        "It is common in children with Down syndrome.",
        "A fever. Rarely, it leads to a coma.",  # of what follows from it
        "A rare kind of swelling.",
    ],
)
def test_what_is_not_certain_is_not_offered(words: str) -> None:
    document = said(words)
    assert found(document)
    assert offered(document) == set()


def test_two_bands_are_named_and_none_is_offered() -> None:
    document = said("It is common. Seen in 62% of patients.")
    assert offered(document) == set()
    for finding in found(document):
        assert f"“{Frequency.VERY_COMMON.label}” and “{Frequency.COMMON.label}”" in finding.message


@pytest.mark.parametrize("words", ["Seen in 62% of patients.", "It is very common."])
def test_words_that_contradict_the_band_are_named_and_not_left_out(words: str) -> None:
    (finding,) = found(said(words, band=Frequency.RARE))
    assert finding.remedies == ()
    assert f"is “{Frequency.VERY_COMMON.label}”" in finding.message
    assert f"the band of the effect is “{Frequency.RARE.label}”" in finding.message


def test_words_that_say_what_the_band_says_are_left_out() -> None:
    (finding,) = found(said("Rarely, you may see double.", "Double vision", Frequency.RARE))
    assert [remedy.applied for remedy in finding.remedies] == ["You may see double."]
    (finding,) = found(said("Rarely, you may see double.", "Double vision", Frequency.COMMON))
    assert finding.remedies == ()


@pytest.mark.parametrize(
    ("name", "chosen", "group", "band"),
    [
        ("Fever", Frequency.UNCOMMON, "common", Frequency.VERY_COMMON),
        ("Fever", Frequency.UNCOMMON, "serious", Frequency.COMMON),
        ("Nausea", Frequency.VERY_COMMON, "common", None),  # 1.2% to 4%: 1.2 may be less than 1
        ("Nausea", Frequency.VERY_COMMON, "serious", None),  # no figures of serious cases
        ("Low platelets", Frequency.UNCOMMON, "common", None),  # from 10%, where two bands meet
        ("Low platelets", Frequency.UNCOMMON, "serious", Frequency.COMMON),
    ],
)
def test_the_band_of_the_label_is_offered_where_all_its_figures_are_in_it(
    name: str, chosen: Frequency, group: str, band: Frequency | None
) -> None:
    document = often(name, chosen, group)
    findings = check_document(document, context=WITH_LABEL)
    remedies = [f.remedies for f in findings if f.rule == "label-frequency"]
    offers = [remedy.band for each in remedies for remedy in each if isinstance(remedy, BandChoice)]
    assert offers == ([band] if band else [])
    for each in remedies:
        for remedy in each:
            assert isinstance(remedy, BandChoice)
            again = check_document(remedy.chosen_in(document), context=WITH_LABEL)
            assert "label-frequency" not in {finding.rule for finding in again}


def test_limits_of_bands_belong_to_neither() -> None:
    limits = [band_of_percentage(percent) for percent in (0, 0.01, 0.1, 1, 10)]
    assert limits == [None] * 5
    inside = [band_of_percentage(percent) for percent in (0.001, 0.05, 0.5, 5, 50, 100)]
    assert inside == [*reversed([b for b in Frequency if b != Frequency.NOT_KNOWN]), Frequency.VERY_COMMON]
