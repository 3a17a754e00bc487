"""Properties of redlines of generated documents: both texts are complete, and every difference is shown.

``REDLINE_EXAMPLES=5000`` tries more pairs than the daily run does.
"""

import os
import re
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monographs.document import SECTION_HEADINGS, SECTION_ORDER, Section
from monographs.document.html import plain_text
from monographs.document.parts import DoDont, Text
from monographs.redline import Flag, Op, Status, redline
from tests.redline.mutations import documents, edited, pairs
from tests.redline.notation import monograph, notation_of

EXAMPLES = int(os.environ.get("REDLINE_EXAMPLES", settings.default.max_examples))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
#: Fields whose codes are in words in other fields, or that no reader sees.
CODES = {"kind", "type", "group", "key", "schema_version", "frequency", "urgency", "media_type", "number"}


def words_of(value: Any, name: str = "") -> list[str]:
    """Every word in a document's JSON, found without the code of redlines."""
    match value:
        case dict():
            return [word for key, each in value.items() if key not in CODES for word in words_of(each, key)]
        case list():
            return [word for each in value for word in words_of(each, name)]
        case str() if name not in ("page", "condition", "sha256"):
            # A redline marks raised and lowered digits; a plain text has other characters for them
            on_line = re.sub("</?su[bp]>", "", value)
            return plain_text(on_line).split() if name in ("html", "header", "rows") else value.split()
        case _:
            return []


def parts_of(document: Any) -> dict[str, Any]:
    data = document.model_dump(mode="json")
    parts = {"body": data.get("body") or [], "sources": data.get("sources") or []}
    not_facts = ("sections", "sources", "body")
    parts["page"] = {name: value for name, value in data.items() if name not in not_facts}
    seen: Counter[str] = Counter()
    for section in data.get("sections", ()):
        seen[section["type"]] += 1
        count = seen[section["type"]]
        parts[section["type"] + (f"-{count}" if count > 1 else "")] = section
    return parts


def without_spaces(words: Any) -> str:
    return "".join("".join(words).split())


def is_in_order(words: list[str], text: str) -> bool:
    """Whether all words stand in the text in this order, spaces aside; labels may be in between."""
    rest = without_spaces(text)
    for word in words:
        _, found, rest = rest.partition(word)
        if not found:
            return False
    return True


def texts_of(document: Any) -> dict[str, Any]:
    """The content of each digest: the JSON of a part; a section's with the titles of its sources."""
    parts = parts_of(document)
    titles = {source["number"]: source["title"] for source in parts["sources"]}
    found = {
        name: [value, [titles.get(number) for number in value["sources"]]] if "parts" in value else value
        for name, value in parts.items()
        if value
    }
    for hidden in ("schema_version", "kind", "key"):
        found["page"].pop(hidden)
    return found


@given(pairs())
@many
def test_both_texts_are_complete_word_for_word(pair: Any) -> None:
    old, new = pair
    found = redline(old, new)
    by_name = {section.anchor: section for section in found.sections}
    for document, side in ((old, "old_text"), (new, "new_text")):
        alone = {section.anchor: section.new_text for section in redline(None, document).sections}
        for name, value in parts_of(document).items():
            if not value:
                continue
            text = getattr(by_name[name], side)
            assert text == alone[name]
            assert is_in_order(words_of(value), text)
    for section in found.sections:
        if section.status is Status.ADDED:
            assert section.old_text == ""
        if section.status is Status.REMOVED:
            assert section.new_text == ""


@given(pairs())
@many
def test_every_difference_shows_and_nothing_else(pair: Any) -> None:
    old, new = pair
    before, after = texts_of(old), texts_of(new)
    found = redline(old, new)
    by_name = {section.anchor: section for section in found.sections}
    assert by_name.keys() == before.keys() | after.keys()
    for name, section in by_name.items():
        if before.get(name) != after.get(name):
            assert section.changed
        assert section.changed == any(line.changed for line in section.lines)
        assert section.changed == any(
            line.old_context or any(run.changed for run in line.runs) or (line.changed and line.cell)
            for line in section.lines
        )
    assert bool(found.changed) == (before != after or list(before) != list(after))
    if not found.changed:
        assert not found.flags


@given(pairs())
@many
def test_a_redline_is_the_same_each_time(pair: Any) -> None:
    old, new = pair
    again = [type(document).model_validate_json(document.model_dump_json()) for document in pair]
    assert redline(old, new) == redline(*again)


@given(documents())
@many
def test_a_document_compared_with_itself_is_unchanged(document: Any) -> None:
    found = redline(document, type(document).model_validate_json(document.model_dump_json()))
    assert not found.changed
    assert all(run.op is Op.SAME for section in found.sections for line in section.lines for run in line.runs)
    assert found.summary() == "The text is unchanged."


@given(pairs(), st.data())
@many
def test_a_digest_identifies_both_texts_of_a_section(pair: Any, data: Any) -> None:
    old, new = pair
    third = data.draw(st.just(edited(data.draw, new)) | st.just(old))
    texts = [texts_of(each) for each in (new, third)]
    found, other = ({s.anchor: s for s in redline(old, each).sections} for each in (new, third))
    for name in {*found} & {*other}:
        if any(
            Flag.MOVED in each.flags or each.status is Status.MOVED for each in (found[name], other[name])
        ):
            continue  # the digest of a moved section includes its place
        same = texts[0].get(name) == texts[1].get(name)
        assert (found[name].digest == other[name].digest) == same


def test_sections_that_changed_places_are_shown_as_moved() -> None:
    first, second, third = (Section(type=name, heading=SECTION_HEADINGS[name]) for name in SECTION_ORDER[1:4])
    old = monograph().model_copy(update={"sections": (first, second, third)})
    new = monograph().model_copy(update={"sections": (second, first, third)})
    found = redline(old, new)
    assert [section.status for section in found.changed] == [Status.MOVED, Status.MOVED]
    assert found.flags == (Flag.MOVED,)
    assert notation_of(found) == (
        "Stands after: [-How it is administered-]{+–+} | Stands after: [-–-]{+If something goes wrong+}"
    )


def test_a_section_that_moved_with_the_one_before_it_is_shown_with_positions() -> None:
    first, second, third = (Section(type=name, heading=SECTION_HEADINGS[name]) for name in SECTION_ORDER[1:4])
    old = monograph().model_copy(update={"sections": (first, second, third)})
    new = monograph().model_copy(update={"sections": (third, first, second, third)})
    assert f"Stands after: [-2-]{{+3+}}. {first.heading}" in notation_of(redline(old, new))


def test_a_difference_not_in_the_words_is_shown_as_json() -> None:
    old, new = monograph(Text(html="<p>It works.</p>")), monograph(Text(html="<p>It works.</p>"), DoDont())
    found = redline(old, new)
    assert found.flags == (Flag.FORMAT,)
    assert "do_dont" in notation_of(found)
