"""Sign-in names that a reader could take for each other are one person's. No database."""

import unicodedata

import pytest

from monographs.accounts.person_names import abbreviation_error, field_error, name_error
from monographs.core import visible_text
from monographs.core.sign_in_names import same_person, sign_in_keys
from monographs.editions.record import signer_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna", "Anna"),
        ("anna", "ANNA"),
        ("anna", "\u0430nna"),  # Cyrillic a
        ("anna", "a\u039d\u039da"),  # Greek capital Nu
        ("anna", "\uff41nna"),  # full width
        ("anna", "a\u0301nna"),
        ("anna", "an\u00f1a"),
        ("anna", "an\u200bna"),
        ("anna", "anna\u3164"),  # Hangul filler, a letter for Python
        ("rob", "r0b"),
        ("lan", "Ian"),
        ("olga", "\u0585lga"),  # Armenian oh
        ("mary", "rnary"),
        ("\u039d\u0399\u039a\u0397", "\u03bd\u03b9\u03ba\u03b7"),  # Greek capitals
        ("NIKH", "\u039d\u0399\u039a\u0397"),
        ("stra\u00dfe", "STRASSE"),
        ("\u0142uk", "luk"),
    ],
)  # fmt: skip
def test_lookalikes_are_one_person(one: str, other: str) -> None:
    assert same_person(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna", "anne"),
        ("writer", "writer2"),
        ("user1", "user2"),
        ("hanna", "nanna"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_others_are_not(one: str, other: str) -> None:
    assert not same_person(one, other)


def test_every_letter_is_itself_in_any_case() -> None:
    letters = [chr(code) for code in range(0x24F, 0x600) if chr(code).isalpha()]
    apart = [letter for letter in letters if not same_person(f"a{letter}", f"a{letter.upper()}")]
    assert [letter for letter in apart if sign_in_keys(letter)] == []


def test_every_format_character_and_space_is_invisible() -> None:
    shown = {
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        and not visible_text.is_blank(chr(code))
    }
    assert all(
        "ARABIC" in _name(c) or "KAITHI" in _name(c) or "SYRIAC" in _name(c) or c >= 0x13430 for c in shown
    )


def _name(code: int) -> str:
    return unicodedata.name(chr(code), "")


def test_the_program_of_an_export_knows_the_same_characters() -> None:
    assert signer_names.INVISIBLE == visible_text.INVISIBLE


NAMES = (
    "Anne-Marie|O’Neill|O'Neill|Ann B.|J.|van der Berg|María de los Ángeles|José|Jose\u0301|李明|محمد|नरेन्द्र|"
    "Nguyễn Thị|d’Arc|al-Farsi|'t Hooft|Demo-Reviewer|McDonald"
).split("|")
NO_NAMES = (
    "Reviewer2|Take two tablets|Take Two Tablets Of It Now|Mary.|Dr. No| a|A  B|A\u200bB|\u3164|"
    "Bad\u202ename|\u0410nna|Anna!|Smith, MD|D'|-x|<b>Bob</b>|mary|A\u0301\u0301\u0301\u0301\u0301b||\u0661"
).split("|")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_are_names(name: str) -> None:
    assert name_error(name) == ""


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_is_refused_with_a_reason(name: str) -> None:
    assert name_error(name).endswith((".", "small."))


def test_credentials_and_fields_have_a_grammar() -> None:
    assert not any(map(abbreviation_error, ["PharmD", "PA-C", "M.D.", "Pharm.D.", "BCOP"]))
    assert all(map(abbreviation_error, ["", " ", "MD1", "A..B", "Take this", "RN,BSN", "\u200b", "A" * 17]))
    assert not any(map(field_error, ["", "haematology pharmacy", "Onco-haematology"]))
    assert all(map(field_error, ["Take 2", "a b c d e f g", "x" * 61, " ", "\u200b", "Stop. Now"]))
