"""The share of misspelt names that are found. `benchmarks/search.py` measures more, among more medicines."""

import random

import pytest

from monographs.public.search.service import search
from tests.public.published import monograph, publish
from tests.search.misspellings import RULES, Misspelling, by_hand, by_rule, medicines, names, ranks

pytestmark = pytest.mark.django_db

#: Misspellings tried per rule, and the shares that must be found at rank 1, and among the first three.
SAMPLE, SEED = 60, 20_261_125
FIRST, AMONG_THREE = 0.97, 0.985


def found(typed: str) -> list[str]:
    return [result["name"] for result in search(typed)["results"]]


def test_the_lists_have_the_documented_length() -> None:
    assert len(names()) >= 300
    assert len(by_hand()) >= 100
    assert len(by_rule(SEED)) >= 1000
    assert {wrong.rule for wrong in by_rule(SEED)} == set(RULES)
    assert {wrong.typed.lower() for wrong in by_hand()}.isdisjoint(name.lower() for name in names())


@pytest.mark.extended
def test_misspelt_names_are_found_and_correct_names_come_first() -> None:
    for name, brands in medicines().items():
        publish(monograph(name, brand_names=tuple(brands), sections=()))
    for name, medicine in names().items():
        assert found(name)[0] == medicine
    wrongs = [*by_hand(), *_sample(by_rule(SEED))]
    places = dict(ranks(wrongs, found))
    first = sum(place == 1 for place in places.values()) / len(places)
    among_three = sum(1 <= place <= 3 for place in places.values()) / len(places)
    missed = [f"{wrong.typed} ({wrong.name})" for wrong, place in places.items() if place != 1]
    assert first >= FIRST, missed
    assert among_three >= AMONG_THREE, missed


def _sample(wrongs: list[Misspelling]) -> list[Misspelling]:
    chance = random.Random(SEED)  # noqa: S311  # not for secrets
    return [wrong for rule in RULES for wrong in chance.sample([w for w in wrongs if w.rule == rule], SAMPLE)]
