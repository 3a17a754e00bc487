"""Equal content has equal canonical bytes, different content different ones."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monographs.document import MonographDocument, canonical_bytes, parse_document, sha256_of
from monographs.document.versions.stored_document import canonical_forms
from tests.document.strategies import monographs


@given(monographs)
def test_a_document_survives_its_canonical_bytes(document: MonographDocument) -> None:
    again = parse_document(canonical_bytes(document))
    assert again == document
    assert canonical_bytes(again) == canonical_bytes(document)


@given(monographs, st.randoms())
def test_the_order_in_which_data_arrives_does_not_matter(
    document: MonographDocument, randomness: random.Random
) -> None:
    shuffled = _shuffled(document.model_dump(mode="json"), randomness)
    assert sha256_of(parse_document(json.dumps(shuffled))) == sha256_of(document)


def _shuffled(value: Any, randomness: random.Random) -> Any:
    if isinstance(value, dict):
        items = [(k, _shuffled(v, randomness)) for k, v in value.items()]
        randomness.shuffle(items)
        return dict(items)
    return [_shuffled(v, randomness) for v in value] if isinstance(value, list) else value


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    elif isinstance(value, str) and path[-1] not in {"kind", "type", "group"}:
        yield path


@given(monographs, st.data())
def test_a_change_of_any_text_changes_the_hash(document: MonographDocument, data: st.DataObject) -> None:
    plain = document.model_dump(mode="json")
    path = data.draw(st.sampled_from(sorted(_leaves(plain), key=repr)))
    target = plain
    for step in path[:-1]:
        target = target[step]
    old = target[path[-1]]
    target[path[-1]] = {"html": "<p>changed words</p>"}.get(path[-1], f"{old}x")
    if target[path[-1]] == old:
        return
    try:
        changed = parse_document(json.dumps(plain))
    except ValueError:
        return  # not a valid document any more
    assert sha256_of(changed) != sha256_of(document)


@given(monographs)
def test_removing_or_swapping_sections_changes_the_hash(document: MonographDocument) -> None:
    if len(document.sections) < 2:
        return
    swapped = document.model_copy(update={"sections": document.sections[::-1]})
    shorter = document.model_copy(update={"sections": document.sections[1:]})
    assert len({sha256_of(document), sha256_of(swapped), sha256_of(shorter)}) == 3


@pytest.mark.parametrize("version", [1, 2])
def test_the_canonical_bytes_of_a_known_document(version: int) -> None:
    """Protects stored editions: if this fails, the canonical form has changed, and with it every hash."""
    document = MonographDocument(
        key="00000000-0000-4000-8000-000000000001", slug="a", title="ä", review_interval_months=12
    )
    forms = list(canonical_forms(document))
    assert forms[0] == canonical_bytes(document)
    assert (
        forms[-version]
        == (
            '{"brand_names":[],"change_note":"","conditions":[],"demonstration":false,"drug_class":null,'
            '"identifiers":{"atc":"","label_set_id":"","label_version":"","rxcui":[],"unii":""},'
            '"key":"00000000-0000-4000-8000-000000000001","kind":"monograph","language":"en",'
            f'"pronunciation":"","review_interval_months":12,"routes":[],"schema_version":{version},'
            '"sections":[],"slug":"a","sources":[],"summary":"","title":"ä"}'
        ).encode()
    )


def test_a_document_refuses_unknown_fields() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        MonographDocument(
            key="00000000-0000-4000-8000-000000000001",
            slug="a",
            title="a",
            review_interval_months=12,
            unreviewed="words",  # type: ignore[call-arg]  # on purpose: the test is about it
        )
