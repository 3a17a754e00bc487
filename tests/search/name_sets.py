"""Queries for names: of medicines that have a page, and of medicines that have none."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from monographs.document import MonographDocument
from tests.public.published import monograph

#: The halves of each set: one was looked at while the search was made, the other is only counted.
HALVES = ("tuned", "untouched")


@dataclass(frozen=True)
class NameQuery:
    """A query, and the medicine whose page it should find."""

    typed: str
    medicine: str


@cache
def _table(file: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))


def documents() -> Iterable[MonographDocument]:
    """Yield the medicines that have a page in these tests."""
    for number, (name, brands) in enumerate(_table("name_queries.toml")["medicines"].items()):
        yield monograph(name, slug=f"medicine-{number}", brand_names=tuple(brands), sections=())


def name_queries(half: str) -> list[NameQuery]:
    """Return the queries for medicines that have a page."""
    queries = _table("name_queries.toml")[half]
    return [NameQuery(typed, name) for name, all_typed in queries.items() for typed in all_typed]


def absent_medicines(half: str) -> dict[str, list[str]]:
    """Return names of medicines without a page, by ``look_alikes`` and ``others``."""
    return dict(_table("absent_medicines.toml")[half])
