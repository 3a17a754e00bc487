"""Words that people use find the words of texts, among the demonstration content."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from monographs.document.passages import as_text, passages
from monographs.public.search.service import search
from tests.public.published import condition, publish
from tests.search.demonstration import condition_names, documents, key

pytestmark = pytest.mark.django_db
_WORDS: dict[str, list[tuple[str, str]]] = tomllib.loads(
    Path(__file__).with_name("lay_words.toml").read_text("utf-8")
)
USEFUL = 0.9


@pytest.fixture(scope="module")
def demonstration(module_rows: Any) -> None:
    """The demonstration monographs and conditions, published."""
    for slug, name in condition_names().items():
        publish(condition(name, slug=slug, key=key(slug)))
    for document in documents().values():
        publish(document)


def _first(words: str) -> str:
    """What the first result shows: its name and why it was found."""
    results = search(words)["results"]
    if not results:
        return ""
    why = results[0]["why"]
    text = "".join(run["text"] for run in why["text"])
    return f"{results[0]['name']} {why['label']} {why['heading']} {text}".lower()


def _is_in_a_text(pattern: str) -> bool:
    return any(re.search(pattern, as_text(p).lower()) for d in documents().values() for p in passages(d))


@pytest.mark.parametrize("half", _WORDS)
def test_lay_words_find_what_texts_say_for_them(demonstration: None, half: str) -> None:
    wrong = {words: _first(words) for words, pattern in _WORDS[half] if not re.search(pattern, _first(words))}
    useless = [words for words, pattern in _WORDS[half] if words in wrong and _is_in_a_text(pattern)]
    misleading = [words for words in useless if wrong[words]]
    assert misleading == []
    assert len(useless) <= (1 - USEFUL) * len(_WORDS[half]), useless


def test_the_sets_have_the_documented_size() -> None:
    assert {half: len(words) for half, words in _WORDS.items()} == {
        "tuned": 30,
        "held_back": 30,
        "second_held_back": 20,
    }
