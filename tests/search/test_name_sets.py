"""Shares of names that are found, and that no other medicine is offered for a name that is another one's."""

from typing import Any

import pytest

from monographs.public.search.service import search
from tests.public.published import publish
from tests.search.name_sets import HALVES, absent_medicines, documents, name_queries

pytestmark = pytest.mark.django_db

#: Shares of the queries whose medicine must be the first result, and among the first three.
FIRST, AMONG_THREE = 0.95, 0.98
#: Why a page may be listed for the name of a medicine that has none: it mentions it, or has it in its name.
HONEST = {"text", "part_of_name"}


def publish_all() -> None:
    for document in documents():
        publish(document)


def test_the_sets_have_the_documented_size() -> None:
    assert sum(len(name_queries(half)) for half in HALVES) >= 300
    assert sum(len(names) for half in HALVES for names in absent_medicines(half).values()) >= 150
    assert sum(len(absent_medicines(half)["look_alikes"]) for half in HALVES) >= 60
    typed = [query.typed for half in HALVES for query in name_queries(half)]
    absent = [name for half in HALVES for names in absent_medicines(half).values() for name in names]
    assert len(typed) == len(set(typed))
    assert len(absent) == len(set(absent))


@pytest.mark.parametrize("half", HALVES)
def test_names_are_found_first_however_they_are_typed(half: str) -> None:
    publish_all()
    ranks = {}
    for query in name_queries(half):
        found = [result["name"] for result in search(query.typed)["results"]]
        ranks[query.typed] = found.index(query.medicine) if query.medicine in found else None
    missed = sorted(typed for typed, rank in ranks.items() if rank != 0)
    assert sum(rank == 0 for rank in ranks.values()) / len(ranks) >= FIRST, missed
    assert sum(rank is not None and rank < 3 for rank in ranks.values()) / len(ranks) >= AMONG_THREE, missed


@pytest.mark.parametrize("half", HALVES)
def test_a_medicine_without_a_page_is_never_answered_with_another(half: str) -> None:
    publish_all()
    for names in absent_medicines(half).values():
        for typed in names:
            found: dict[str, Any] = search(typed)
            assert found["known_but_absent"], typed
            assert found["corrected"] is None, typed
            assert not found["did_you_mean"], typed
            assert {result["why"]["kind"] for result in found["results"]} <= HONEST, typed
