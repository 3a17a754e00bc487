"""Reading grades. The expected figures were computed with textstat 0.7.4 (MIT), another implementation."""

import pytest

from monographs.rules.readability import Names, grades, syllable_count

EASY = (
    "You get the drug through a drip. It runs day and night for four weeks. "
    "A nurse will show you how to take care of the pump."
)
HARD = (
    "The administration necessitates continuous intravenous infusion of considerable duration. Neurological "
    "toxicities necessitate immediate discontinuation of the medication. Concomitant immunosuppressive "
    "pharmacotherapy exacerbates susceptibility to opportunistic infections considerably."
)
POINTS = (
    "Take 0.5 mg, e.g. half a tablet, at 9 a.m. each day. Don’t stop! Do you feel ill? "
    "Call your care team today."
)
HYPHENS = "A week-long course of high-dose B-cell therapy doesn’t change your blood’s clotting"
LETTERS = (
    "Naïve T cells aren't harmed. 10⁹ cells are given back to you. Wait for two days or more. "
    "Then you go home."
)


@pytest.mark.parametrize(
    ("text", "flesch_kincaid", "smog"),
    [
        pytest.param("", 0, 0, id="nothing"),
        pytest.param("Stop.", 0, 0, id="one word"),
        pytest.param(EASY, 0, 3.1291, id="easy"),
        pytest.param(HARD, 29.997692, 18.243606, id="hard"),
        pytest.param(POINTS, 0, 3.1291, id="points and short sentences"),
        pytest.param(HYPHENS, 6.79, 0, id="hyphens and apostrophes"),
        pytest.param(LETTERS, 0, 3.1291, id="other letters and digits"),
    ],
)
def test_grades_are_those_of_textstat(text: str, flesch_kincaid: float, smog: float) -> None:
    """But for those below 0: there is no school year before the first."""
    found = grades(text)
    assert found.flesch_kincaid == pytest.approx(flesch_kincaid, abs=1e-6)
    assert found.smog == pytest.approx(smog, abs=1e-6)


@pytest.mark.parametrize(
    ("word", "count"), [("drip", 1), ("infusion", 3), ("medication", 4), ("discontinuation", 6), ("", 1)]
)
def test_syllables_of_a_word_are_counted(word: str, count: int) -> None:
    assert syllable_count(word) == count


def test_names_are_measured_as_one_short_word() -> None:
    names = Names(["Cytarabine", "Immunomodulatory medicines"])
    assert names.without("Cytarabine’s dose, with immunomodulatory medicine.") == "drug dose with drug."
