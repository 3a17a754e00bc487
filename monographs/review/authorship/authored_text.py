"""Authored passages as rows store them."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from monographs.document.canonical import sha256_hex
from monographs.editions.person import Person
from monographs.review.authorship.attribution import NOBODY, START, AuthoredPassage, Word
from monographs.review.authorship.known_history import RUN, WORDS_OF_A_COPY, has_digit, runs_of
from monographs.review.authorship.stored_passages import StoredPassage, digest_of, words_of

#: Hexadecimal digits that fit into a signed 64-bit column.
RUN_DIGITS = 15
#: Where the title of a typed source stands. One too short for a run is found as a whole.
TITLE_OF_SOURCE = "sources/source/title"


def reference_of(person: Person) -> str:
    """Return the name by which authorship refers to ``person``: an account renamed is another one.

    Outside experts and the system have no account, so they are told apart by their names.
    """
    if not person.id and not person.username:
        return f"::{person.name}"
    return f"{person.id or ''}:{person.username}"


def person_record(person: Person) -> list[Any]:
    """Return ``person`` as a row stores them."""
    return [person.id, person.username, person.name]


def encoded(each: AuthoredPassage) -> dict[str, Any]:
    """Return a passage as plain data, without its blocks."""
    words = each.words
    return {
        "kind": each.passage.kind,
        "tokens": list(each.passage.tokens),
        "prose": each.passage.prose,
        "authors": [
            [len(list(same)), sorted(authors)] for authors, same in groupby(word.authors for word in words)
        ],
        # Rows of earlier releases name those who removed signed words apart
        "gaps": [[n, sorted(word.gap), []] for n, word in enumerate(words) if word.gap],
    }


def decoded(data: dict[str, Any], block: Iterable[int]) -> AuthoredPassage:
    """Return the passage that ``encoded`` made ``data`` of."""
    passage = StoredPassage(data["kind"], tuple(data["tokens"]), data["prose"], tuple(block))
    authors = [frozenset(authors) for count, authors in data["authors"] for _ in range(count)]
    gaps = {n: frozenset((*gap, *signed)) for n, gap, signed in data["gaps"]}
    tokens = enumerate((START, *passage.tokens))
    words = [Word(token, authors[n], gaps.get(n, NOBODY)) for n, token in tokens]
    return AuthoredPassage(passage, tuple(words))


def name_of(data: dict[str, Any]) -> str:
    """Return the name of an encoded passage: the same words of the same authors have the same."""
    return digest_of(repr(sorted(data.items())))


def run_hashes(passages: Iterable[StoredPassage]) -> dict[int, str]:
    """Return the runs of words in ``passages`` by their hash.

    A title of a source that is shorter than a run is one run.
    """
    found: dict[int, str] = {}
    for passage in passages:
        words = words_of(passage.tokens) if passage.prose else []
        runs = [run for _, run in runs_of(words)]
        if words and not runs and passage.kind == TITLE_OF_SOURCE:
            runs = [f"{TITLE_OF_SOURCE}: {' '.join(words)}"]
        found |= {int(sha256_hex(run.encode())[:RUN_DIGITS], 16): run for run in runs}
    return found


def runs_of_a_copy(passages: Iterable[StoredPassage]) -> dict[int, str]:
    """Return the runs of words in ``passages``, by their hash, that are a copy where another page has them.

    Of a short passage only runs with a number in it: others are often the house's own phrases.
    """
    found: dict[int, str] = {}
    for passage in passages:
        length = len(words_of(passage.tokens))
        if length >= RUN:
            is_long = length >= WORDS_OF_A_COPY
            runs = run_hashes([passage]).items()
            found |= {number: run for number, run in runs if is_long or has_digit(run)}
    return found
