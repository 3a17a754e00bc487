"""Versions of documents: frozen shapes, reading, upgrading, and telling whether a text says the same."""

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monographs.document import CanonicalText, MonographDocument, matches_hash, parse_document, sha256_of
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.document.html import sanitise
from monographs.document.models import SCHEMA_VERSION
from monographs.document.parts import Advice, Urgency
from monographs.document.sections import Section
from monographs.document.versions import stored_document
from monographs.document.versions.shape import ShapeError, frozen_shape
from monographs.document.versions.stored_document import (
    MODELS,
    VERSIONS,
    UnknownVersion,
    UnreadableDocument,
    canonical_forms,
    hashes_of,
)
from monographs.document.versions.stored_html import is_stored_html
from monographs.redline import redline
from tests.document.shape_strategies import values_of
from tests.document.strategies import monographs
from tests.next_version import DEFAULT, FIELD, NEXT, release_next_version

SHAPES = Path(stored_document.__file__).parent
RECORDS = Path(__file__).parents[1] / "export"
#: SHA-256 of the shape of each released version. Never change a line; add one when a version is released.
RELEASED = {
    1: "5c5e8c83b3e9c6db3b5730fe57e914796040eb5595928158d8de35aab308872d",
    2: "62c78fdd96aef9e05530297821a0e3719609fa9bb4191136e46f926d276b7564",
}


def stored_texts(number: int) -> list[str]:
    """The texts of the sample record of a version."""
    lines = (RECORDS / f"version_{number}" / "record" / "editions.jsonl").read_text().splitlines()
    return [json.loads(line)["canonical"] for line in lines]


TEXTS = [text for number in RELEASED for text in stored_texts(number)]
#: The fullest of version 1: every part and every section of it.
FULLEST = max(stored_texts(1), key=len)


def changed(change: Callable[[dict[str, Any]], Any], text: str = FULLEST) -> str:
    """A stored text with one change, in canonical form."""
    plain = json.loads(text)
    change(plain)
    return canonical_json(plain).decode()


# --- Shapes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", RELEASED)
def test_the_shape_of_a_released_version_never_changes(number: int) -> None:
    data = (SHAPES / f"version_{number}.json").read_bytes()
    assert hashlib.sha256(data).hexdigest() == RELEASED[number]


def test_the_newest_shape_is_that_of_todays_models() -> None:
    shape = frozen_shape(MODELS[-1].json_schema(mode="serialization"))
    text = json.dumps(shape, indent=1, sort_keys=True) + "\n"
    file = SHAPES / f"version_{SCHEMA_VERSION}.json"
    assert VERSIONS[-1].number == SCHEMA_VERSION
    assert file.read_text() == text, (
        "The shape of documents changed. If no release has written this version yet, write the shape again: "
        ".venv/bin/python -m monographs.document.versions. Otherwise introduce the next version: see "
        "docs/decisions/0022-versions-of-documents.md."
    )


def test_every_version_there_ever_was_is_known_in_order() -> None:
    assert [version.number for version in VERSIONS] == list(range(1, SCHEMA_VERSION + 1))
    assert set(RELEASED) <= {version.number for version in VERSIONS}


@pytest.mark.parametrize("text", TEXTS)
def test_stored_texts_are_read_by_their_version(text: str) -> None:
    document = parse_document(text)
    assert document.schema_version == SCHEMA_VERSION
    assert document.title == json.loads(text)["title"]
    assert canonical_json(json.loads(text)) == text.encode()
    stored_document.version_of(text).shape.check(json.loads(text))


def test_a_document_of_today_has_the_newest_shape() -> None:
    for text in TEXTS:
        written = CanonicalText.of(parse_document(text))
        assert json.loads(written.canonical)["schema_version"] == SCHEMA_VERSION
        assert CanonicalText(written.canonical).document == parse_document(text)


REFUSED = {
    "a field more": lambda d: d.update(colour="red"),
    "a field less": lambda d: d.pop("summary"),
    "a wrong type": lambda d: d.update(title=5),
    "null for a text": lambda d: d.update(summary=None),
    "a number for true or false": lambda d: d.update(demonstration=0),
    "true for a number": lambda d: d.update(review_interval_months=True),
    "a fraction": lambda d: d.update(review_interval_months=1.5),
    "a number too large": lambda d: d.update(review_interval_months=121),
    "an unknown kind": lambda d: d.update(kind="story"),
    "no kind": lambda d: d.pop("kind"),
    "a wrong key": lambda d: d.update(key="x"),
    "a slug with a line break": lambda d: d.update(slug="a\n"),
    "space around a text": lambda d: d.update(title=" examplinib"),
    "a list for an object": lambda d: d.update(identifiers=[]),
    "an object for a list": lambda d: d.update(sections={}),
    "an urgency of version 2": lambda d: d["sections"][2]["parts"][2].update(urgency="call_now"),
    "an unknown section": lambda d: d["sections"][0].update(type="storage"),
    "an unknown part": lambda d: d["sections"][0]["parts"][0].update(kind="table"),
    "source 0": lambda d: d["sections"][0].update(sources=[0]),
    "an impossible day": lambda d: d["sources"][0].update(date_seen="2026-02-30"),
    "a script": lambda d: d["sections"][0]["parts"][0].update(html="<script>alert(1)</script>"),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_version_1_refuses_what_it_always_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(UnreadableDocument, match="not a document"):
        parse_document(changed(change))


def test_a_refusal_names_the_place() -> None:
    text = changed(lambda d: d["sections"][2]["parts"][2].update(urgency="call_now"))
    with pytest.raises(
        UnreadableDocument, match=r"version 1: sections\[2\]\.parts\[2\]\.urgency: not one of"
    ):
        parse_document(text)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", '{"schema_version":"1"}', "{}", "[" * 100_000])
def test_what_is_no_document_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        parse_document(text)


@pytest.mark.parametrize("number", [0, -1, 1.0, True, None, "2"])
def test_what_never_was_a_version_is_no_document(number: Any) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        parse_document(json.dumps({**json.loads(FULLEST), "schema_version": number}))
    assert not isinstance(caught.value, UnknownVersion)


def test_a_text_of_a_newer_release_is_told_apart() -> None:
    with pytest.raises(UnknownVersion, match=f"of version {NEXT} .* up to {SCHEMA_VERSION}: a newer release"):
        parse_document(changed(lambda d: d.update(schema_version=NEXT)))


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"version {version.number}")
def test_todays_models_read_whatever_an_old_version_accepts(version: Any) -> None:
    schema = version.shape.schema

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(values_of(schema, schema["$defs"]))
    def read(plain: dict[str, Any]) -> None:
        version.shape.check(plain)
        text = canonical_json(plain).decode()
        document = parse_document(text)
        assert matches_hash(document, sha256_hex(text.encode()))

    read()


def test_what_is_left_out_when_it_is_empty_is_never_an_empty_list() -> None:
    stored = next(json.loads(text) for text in TEXTS if json.loads(text)["kind"] == "drug_class")
    today = parse_document(json.dumps(stored)).model_dump(mode="json")
    assert "standard_texts" not in today
    assert parse_document(json.dumps(today)).standard_texts == ()
    with pytest.raises(UnreadableDocument, match="standard_texts: a list of fewer than 1"):
        parse_document(json.dumps({**today, "standard_texts": []}))


# --- HTML --------------------------------------------------------------------------------------------


@given(st.text("<>/abhpulistrong =\"'&;:#-\n\u00a0é", max_size=60) | st.text(max_size=30))
def test_whatever_is_sanitised_is_html_of_stored_documents(source: str) -> None:
    assert is_stored_html(sanitise(source))


@pytest.mark.parametrize(
    "source",
    [
        '<a href="https://example.org/?a=1&b=<2>&quot;x&quot;">a &lt; b</a>',
        '<a data-page="6f1689ac-78fa-4102-86a7-2b6e2152e9a3" href="/x">both</a>',
        '<a href="/a:b">path</a> <a href="?x:y">query</a> <a href="TEL:911">call</a>',
        "<h3>x</h3><p>H<sub>2</sub>O<br>10<sup>9</sup></p><ol><li><em>a</em><ul><li>b</li></ul></li></ol>",
    ],
)
def test_links_and_lists_that_were_sanitised_are_stored_html(source: str) -> None:
    assert is_stored_html(sanitise(source))


@pytest.mark.parametrize(
    "html",
    [
        "<p>open",
        "<p><strong>crossed</p></strong>",
        "</p>",
        "<script>x</script>",
        "<img src=x>",
        "<p onclick=x>y</p>",
        '<p class="x">y</p>',
        "<!-- comment -->",
        "a & b",
        "a > b",
        "&nbsp;",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" JavaScript:alert(1)">x</a>',
        '<a href="java\nscript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a data-page="6f1689ac">x</a>',
        '<a href="/x" target="_blank">x</a>',
        "<div>x</div>",
        " <p>x</p>",
        "<P>x</P>",
    ],
)
def test_other_html_is_no_stored_html(html: str) -> None:
    assert not is_stored_html(html)


# --- The same content in several versions --------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS)
def test_an_upgraded_text_still_says_what_the_stored_one_says(text: str) -> None:
    document = parse_document(text)
    stored = CanonicalText(text).sha256
    assert sha256_of(document) != stored
    assert matches_hash(document, stored)
    assert matches_hash(document, sha256_of(document))
    assert text.encode() in set(canonical_forms(document))
    other = document.model_copy(update={"summary": "Other words."})
    assert not matches_hash(other, stored)


def test_what_an_old_version_cannot_say_has_no_form_in_it() -> None:
    advice = Advice(urgency=Urgency.CALL_NOW, urgency_label=Urgency.CALL_NOW.label, html="<p>Fever.</p>")
    document = parse_document(FULLEST)
    section = Section(type="when_to_get_help", heading="When to get help", parts=(advice,))
    assert len(list(hashes_of(document))) == SCHEMA_VERSION
    assert len(list(hashes_of(document.model_copy(update={"sections": (section,)})))) == SCHEMA_VERSION - 1


@pytest.mark.all_examples
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(monographs)
def test_forms_in_older_versions_are_read_as_the_same_document(document: MonographDocument) -> None:
    for form in canonical_forms(document):
        assert canonical_json(json.loads(form)) == form
        assert parse_document(form) == document
        assert redline(parse_document(form), document).changed == ()


# --- A later version with one more field ----------------------------------------------------------------


def test_one_more_field_with_a_default_leaves_old_texts_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [parse_document(text) for text in TEXTS]
    release_next_version(monkeypatch)
    for text, old in zip(TEXTS, before, strict=True):
        document = parse_document(text)
        assert (document.schema_version, getattr(document, FIELD)) == (NEXT, DEFAULT)
        assert canonical_json(json.loads(text)) == text.encode()
        assert matches_hash(document, CanonicalText(text).sha256)
        assert matches_hash(document, sha256_of(old)), "the newest version of today is an old one, too"
        assert len(set(hashes_of(document))) > NEXT - json.loads(text)["schema_version"]
        assert redline(document, document).changed == ()
        assert redline(old, old).sections[1:] == redline(document, document).sections[1:]


def test_what_only_the_later_version_can_say_is_another_text(monkeypatch: pytest.MonkeyPatch) -> None:
    release_next_version(monkeypatch)
    document = parse_document(FULLEST)
    changed_field = document.model_copy(update={FIELD: "children"})
    assert not matches_hash(changed_field, CanonicalText(FULLEST).sha256)
    assert len(list(hashes_of(changed_field))) == 1


def test_shapes_are_not_changed_by_use() -> None:
    before = deepcopy(VERSIONS[0].shape.schema)
    parse_document(FULLEST)
    with pytest.raises(ShapeError):
        VERSIONS[0].shape.check({})
    assert VERSIONS[0].shape.schema == before
