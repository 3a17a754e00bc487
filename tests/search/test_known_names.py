"""The lists of names of medicines: their size, their form, and what they must not contain."""

import pytest

from monographs.core.medicine_names import name_key
from monographs.public.search.known_names import DATA, LISTS, known_names
from monographs.public.search.near_miss import unmistakable
from monographs.public.search.transliteration import in_latin

#: Bytes of all lists together: small enough to be read in each process without compression.
MAX_SIZE = 300_000
LAY_WORDS = (
    "water fever pain cough nausea vomiting tired skin hair rash sleep dizzy bleeding infection breath "
    "heart kidney  liver blood cancer leukemia chemo alcohol food juice pregnant baby vaccine sun driving "
    "work missed dose double  overdose child pill tablet infusion pump cost iron zinc calcium sugar salt "
    "oxygen antibiotic steroid allergy  thyroid honey grapefruit vitamins marijuana coffee milk tea "
    "hospital doctor pharmacist "
).split()


def test_there_are_at_least_five_thousand_names_in_small_files() -> None:
    assert len(known_names().by_key) >= 5000
    assert sum((DATA / name).stat().st_size for name in LISTS) < MAX_SIZE


@pytest.mark.parametrize("word", LAY_WORDS)
def test_no_lay_word_is_the_name_of_a_medicine(word: str) -> None:
    assert known_names().find(word) is None


@pytest.mark.parametrize(
    ("name", "generic"),
    [
        ("Tasigna", "nilotinib"),
        ("Tylenol", "acetaminophen"),
        ("paracetamol", "acetaminophen"),
        ("Advil", "ibuprofen"),
        ("ABT-199", "venetoclax"),
        ("CC-5013", "lenalidomide"),
        ("MabThera", "rituximab"),
        ("Oncovin", "vincristine"),
        ("Marqibo", "vincristine sulfate liposome"),
        ("ciclosporin", "cyclosporine"),
        ("леналидомид", "lenalidomide"),
        ("nosuchumab", ""),
    ],
)
def test_a_name_leads_to_its_generic_name(name: str, generic: str) -> None:
    found = known_names().find(name_key(name))
    assert (found.generic if found else "") == generic


def test_every_name_leads_to_a_generic_name_that_is_listed_itself() -> None:
    names = known_names()
    for known in names.by_key.values():
        generic = names.find(name_key(known.generic))
        assert generic is not None
        assert generic.generic == known.generic


def test_every_list_says_where_its_names_come_from() -> None:
    sources = (DATA / "SOURCES.md").read_text()
    for name in (*LISTS, "look_alikes.txt"):
        assert f"`{name}`" in sources
        assert (DATA / name).read_text().startswith("# ")


def test_confused_names_are_known_names() -> None:
    names = known_names()
    assert [key for key in names.confused if names.find(key) is None] == []
    assert "vinblastine" in names.confused["vincristine"]


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("gleevac", "gleevec", True),
        ("venklexta", "venclexta", True),
        ("vinkristine", "vincristine", False),  # confused with vinblastine
        ("nilotinib", "imatinib", False),
        ("fedratinib", "dedratinib", False),  # another first letter
        ("covix18", "covix19", False),  # another number
    ],
)
def test_a_name_is_unmistakable_or_not(typed: str, name: str, expected: bool) -> None:
    assert unmistakable(typed, name) is expected


@pytest.mark.parametrize(
    ("name", "latin"),
    [("иматиниб", "imatinib"), ("μπλινατουμομαμπ", "blinatoumomab"), ("伊马替尼", "伊马替尼"), ("x", "x")],
)
def test_letters_of_other_scripts_are_read_in_latin_ones(name: str, latin: str) -> None:
    assert in_latin(name) == latin
