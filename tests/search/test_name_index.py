"""The index of names after changes is the one that would be built anew."""

import random
from typing import Any

import pytest

from monographs.public.search.name_index import IndexedPage, NameIndex
from monographs.public.search.sorted_names import SortedNames

LETTERS = "abcéz09-/ "


def page(rng: random.Random, key: int) -> IndexedPage:
    """Return a page with short names, many of them equal, of the same few classes."""
    names = ["".join(rng.choices(LETTERS, k=rng.randint(1, 9))) for _ in range(4)]
    kind = rng.choice(["monograph", "monograph", "drug_class"])
    return IndexedPage(
        key=f"key{key}",
        kind=kind,
        title=names[0],
        brand_names=(*names[1:3], names[0]) if kind == "monograph" else (),
        class_key=rng.choice([None, "class1", "class2"]),
        codes=(names[3],),
        path=f"/{key}/{rng.randint(0, 1)}/",
        withdrawn=rng.random() < 0.2,
    )


def content(index: NameIndex) -> dict[str, Any]:
    """Return all that an index holds."""
    return {
        "pages": dict(index.pages),
        "paths": dict(index.key_by_path),
        "names": [(name.place, name.kind) for name in index.names],
        "letters": {letter: list(names) for letter, names in index.names_by_letter.items()},
        "members": {group: index.member_keys(group) for group in ("class1", "class2", "drug_class")},
        "containing": [name.place for name in index.containing("a", 1000)],
        "like": [found.name.place for found in index.similar("abcza", 8)],
        "beginning": [found.name.place for found in index.with_similar_prefix("abcz", 8)],
    }


@pytest.mark.parametrize("seed", range(20))
def test_an_index_with_changes_is_the_index_built_anew(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # not used for secrets
    pages = {one.key: one for one in (page(rng, key) for key in range(rng.randint(0, 30)))}
    index = NameIndex(pages)
    for _ in range(4):
        before = content(index)
        changed = rng.sample(range(35), rng.randint(0, 8))
        new = [page(rng, key) for key in changed if rng.random() < 0.7]
        later = index.with_changes([f"key{key}" for key in changed], new)
        assert content(index) == before, "an index that a request still uses does not change"
        for key in changed:
            pages.pop(f"key{key}", None)
        pages |= {one.key: one for one in new}
        assert content(later) == content(NameIndex(pages))
        index = later


def test_only_the_names_of_changed_pages_are_made_anew() -> None:
    rng = random.Random(1)  # noqa: S311  # not used for secrets
    index = NameIndex({one.key: one for one in (page(rng, key) for key in range(30))})
    kept = {id(name) for name in index.names if name.key != "key3"}
    later = index.with_changes(["key3"], [page(rng, 3)])
    assert {id(name) for name in later.names if name.key != "key3"} == kept


def test_parts_are_found_in_order_up_to_the_limit() -> None:
    titles = ("ab", "xab", "xab", "abab", "yabx")
    pages = {str(n): IndexedPage(str(n), "monograph", title) for n, title in enumerate(titles)}
    index = NameIndex(pages)
    assert [name.name for name in index.containing("ab", 9)] == ["xab", "xab", "yabx"]
    assert [name.name for name in index.containing("ab", 1)] == ["xab"]
    assert SortedNames().containing("ab", 1) == []
