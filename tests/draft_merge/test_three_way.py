"""The three-way merge of stored values: rules by example, and properties of random edits."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.blocks import SectionsBlock
from monographs.document import SECTION_ORDER
from monographs.review.draft_merge.merge_conflict import (
    ABSENT,
    Choice,
    Conflict,
    ConflictAnswer,
    ConflictKind,
    Merge,
)
from monographs.review.draft_merge.plain_values import elements, plain
from monographs.review.draft_merge.three_way import merge
from tests.draft_merge.strategies import edited, item, paragraphs, sections, table

ONCE = frozenset(section.value for section in SECTION_ORDER)


def merged(base: Any, set_aside: Any, latest: Any) -> Any:
    """Return what is merged without a conflict."""
    result = merge(base, set_aside, latest, once=ONCE)
    assert not result.open
    return result.value


def conflict_of(base: Any, set_aside: Any, latest: Any) -> Conflict:
    result = merge(base, set_aside, latest, once=ONCE)
    assert result.open == result.conflicts
    (conflict,) = result.conflicts
    return conflict


def text(words: str, id: str = "") -> dict[str, Any]:
    return {"type": "text", "value": words, "id": id or words}


# Rules by example


def test_a_change_of_one_side_is_taken_and_the_same_change_of_both_is_taken_once() -> None:
    a, b, c = text("a"), text("b"), text("c")
    assert merged([a, b], [text("A", "a"), b], [a, text("B", "b")]) == [text("A", "a"), text("B", "b")]
    assert merged([a, b], [a, c, b], [a, c, b]) == [a, c, b]
    assert merged([a, b], [a], [a]) == [a]


def test_paragraphs_of_one_text_are_merged_apart() -> None:
    base = "<p>One.</p><p>Two.</p><ul><li>a</li><li>b</li></ul>"
    set_aside = "<p>One more.</p><p>Two.</p><ul><li>a</li><li>b</li><li>c</li></ul>"
    latest = "<p>One.</p><p>Two.</p><p>Three.</p><ul><li>A</li><li>b</li></ul>"
    assert merged(base, set_aside, latest) == (
        "<p>One more.</p><p>Two.</p><p>Three.</p><ul><li>A</li><li>b</li><li>c</li></ul>"
    )


def test_keys_that_the_editor_adds_are_no_change() -> None:
    set_aside = '<p data-block-key="x1">One.</p><p data-block-key="x2">Two, set aside.</p>'
    assert merged("<p>One.</p><p>Two.</p>", set_aside, "<p>One, latest.</p><p>Two.</p>") == (
        '<p>One, latest.</p><p data-block-key="x2">Two, set aside.</p>'
    )


def test_what_is_moved_by_one_and_changed_by_the_other_is_both() -> None:
    a, b, c = text("a"), text("b"), text("c")
    assert merged([a, b, c], [c, a, b], [a, b, text("C", "c")]) == [text("C", "c"), a, b]


def test_inserted_children_keep_their_neighbours() -> None:
    a, b, c, d, x, y = map(text, "abcdxy")
    assert merged([a, b, c], [a, x, b, c], [a, b, c, y]) == [a, x, b, c, y]
    assert merged([a, b, c, d], [a, b, x, c, d], [a, c, d]) == [a, x, c, d]


def test_a_passage_that_both_changed_is_a_conflict_with_all_three_texts() -> None:
    conflict = conflict_of("<p>a</p><p>b</p>", "<p>A1</p><p>b</p>", "<p>A2</p><p>b</p>")
    assert (conflict.kind, conflict.base, conflict.set_aside, conflict.latest) == (
        ConflictKind.CHANGED,
        "<p>a</p>",
        "<p>A1</p>",
        "<p>A2</p>",
    )
    assert conflict.choices == (Choice.BASE, Choice.SET_ASIDE, Choice.LATEST, Choice.ANEW)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ConflictAnswer(Choice.BASE), "<p>a</p>"),
        (ConflictAnswer(Choice.SET_ASIDE), "<p>A1</p>"),
        (ConflictAnswer(Choice.LATEST), '<p data-block-key="k">A2</p>'),
        (ConflictAnswer(Choice.ANEW, "Less  < 5"), '<p data-block-key="k">Less &lt; 5</p>'),
    ],
)
def test_a_conflict_is_answered_by_one_of_its_choices(answer: ConflictAnswer, expected: str) -> None:
    texts = "<p>a</p>", "<p>A1</p>", '<p data-block-key="k">A2</p>'
    name = conflict_of(*texts).name
    result = merge(*texts, answers={name: answer})
    assert (result.value, result.open) == (expected, [])
    assert len(result.conflicts) == 1


def test_an_answer_that_is_not_offered_is_none() -> None:
    a, b = text("a"), text("b")
    conflict = conflict_of([a, b], [b], [text("A", "a"), b])
    result = merge(
        [a, b], [b], [text("A", "a"), b], answers={conflict.name: ConflictAnswer(Choice.ANEW, "x")}
    )
    assert result.open == [conflict]


def test_deleted_by_one_and_changed_by_the_other_is_a_conflict() -> None:
    a, b, changed = text("a"), text("b"), text("A", "a")
    for set_aside, latest, keep, drop in (
        ([b], [changed, b], Choice.LATEST, Choice.SET_ASIDE),
        ([changed, b], [b], Choice.SET_ASIDE, Choice.LATEST),
    ):
        conflict = conflict_of([a, b], set_aside, latest)
        assert conflict.kind == ConflictKind.DELETED
        assert ABSENT in (conflict.set_aside, conflict.latest)
        kept = merge([a, b], set_aside, latest, answers={conflict.name: ConflictAnswer(keep)})
        assert (kept.value, kept.open) == ([changed, b], [])
        assert merge([a, b], set_aside, latest, answers={conflict.name: ConflictAnswer(drop)}).value == [b]


def test_two_orders_are_a_conflict() -> None:
    a, b, c, x, y = map(text, "abcxy")
    for set_aside, latest in (([b, a, c], [a, c, b]), ([a, x, b, c], [a, y, b, c])):
        conflict = conflict_of([a, b, c], set_aside, latest)
        assert conflict.kind == ConflictKind.ORDER
        assert conflict.choices == (Choice.SET_ASIDE, Choice.LATEST)
        first, other = (
            merge([a, b, c], set_aside, latest, answers={conflict.name: ConflictAnswer(choice)}).value
            for choice in conflict.choices
        )
        assert first != other
        assert Counter(map(str, first)) == Counter(map(str, other))


def test_what_stood_between_two_children_that_were_parted_is_asked() -> None:
    a, b, c, x = map(text, "abcx")
    assert conflict_of([a, b, c], [b, c, a], [a, x, b, c]).kind == ConflictKind.ORDER


def test_rows_of_a_table_are_merged_by_cells() -> None:
    base = table([("Test", "When"), ("Blood", "Weekly"), ("Heart", "Monthly")])
    set_aside = table([("Test", "When"), ("Blood", "Daily"), ("Heart", "Monthly"), ("Eyes", "Yearly")])
    latest = table([("Test", "When"), ("Blood", "Weekly"), ("Heart and lungs", "Monthly")])
    rows = [("Test", "When"), ("Blood", "Daily"), ("Heart and lungs", "Monthly"), ("Eyes", "Yearly")]
    assert merged(base, set_aside, latest) == table(rows)
    conflict = conflict_of(
        base, set_aside, table([("Test", "When"), ("Blood", "Hourly"), ("Heart", "Monthly")])
    )
    assert (conflict.base, conflict.set_aside, conflict.latest) == (
        "<p>Weekly</p>",
        "<p>Daily</p>",
        "<p>Hourly</p>",
    )


def test_a_row_is_about_its_first_cell() -> None:
    base = table([("Medicine", "Dose"), ("Testumab", "5 mg")])
    one, other = (
        table([("Medicine", "Dose"), ("Otherumab", "5 mg")]),
        table([("Medicine", "Dose"), ("Testumab", "10 mg")]),
    )
    for set_aside, latest in ((one, other), (other, one)):
        conflict = conflict_of(base, set_aside, latest)
        assert conflict.set_aside["values"] == set_aside["cells"]["rows"][1]["values"]
        assert conflict.latest["values"] == latest["cells"]["rows"][1]["values"]


def test_a_table_with_another_column_is_one_value() -> None:
    base, set_aside = table([("Test", "When")]), table([("Tests", "When")])
    latest = table([("Test", "When")])
    latest["cells"]["columns"] = [{"type": "cell", "heading": ""}] * 3
    latest["cells"]["rows"] = [{"values": ["<p>Test</p>", "<p>When</p>", "<p>Why</p>"]}]
    assert merged(base, base, latest) == latest
    assert conflict_of(base, set_aside, latest).kind == ConflictKind.CHANGED


def test_new_ids_of_the_same_children_double_nothing() -> None:
    """A text that a program writes anew has new ids."""
    base = [{**item(words), "id": f"b{words}"} for words in ("Fever", "Chills", "Rash")]
    set_aside = [{**item(words), "id": f"o{words}"} for words in ("Fever", "Chills today", "Rash")]
    latest = [{**item(words), "id": f"t{words}"} for words in ("Fever", "Chills", "Rash", "Cough")]
    found = merged(base, set_aside, latest)
    assert [each["value"] for each in found] == ["Fever", "Chills today", "Rash", "Cough"]


def test_a_section_that_both_added_is_there_once() -> None:
    base = [{"type": "how_it_works", "value": {"content": []}, "id": "1"}]
    set_aside = [*base, {"type": "cost_and_help", "value": {"content": [text("<p>a</p>")]}, "id": "2"}]
    latest = [*base, {"type": "cost_and_help", "value": {"content": [text("<p>b</p>")]}, "id": "3"}]
    result = merge(base, set_aside, latest, once=ONCE)
    assert result.open
    answers = {each.name: ConflictAnswer(Choice.SET_ASIDE) for each in result.conflicts}
    answered = merge(base, set_aside, latest, once=ONCE, answers=answers)
    assert not answered.open
    (_, added) = answered.value
    assert [child["value"] for child in added["value"]["content"]] == ["<p>a</p>", "<p>b</p>"]


def test_an_id_is_never_used_twice() -> None:
    a, b = text("a"), text("b")
    copied = text("copy", "a")
    found = merge([a, b], [a, b, copied], [text("A", "a"), b]).value
    ids = [child["id"] for child in found if "id" in child]
    assert len(ids) == len(set(ids))


# Properties


@st.composite
def three(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    base = draw(sections())
    return base, draw(edited(base)), draw(edited(base))


def ids_of(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from ids_of(inner)
    elif isinstance(value, dict):
        if "type" in value and value.get("id"):
            yield value["id"]
        for inner in value.values():
            yield from ids_of(inner)


def answered(base: Any, set_aside: Any, latest: Any, choice: Choice) -> Merge:
    names = [each.name for each in merge(base, set_aside, latest, once=ONCE).conflicts]
    return merge(base, set_aside, latest, once=ONCE, answers={name: ConflictAnswer(choice) for name in names})


@given(three())
def test_a_side_without_changes_takes_the_other(texts: tuple[Any, Any, Any]) -> None:
    base, x, y = texts
    assert merged(base, x, base) == x
    assert merged(base, base, y) == y
    assert merged(x, y, y) == y


@given(three())
def test_conflicts_are_the_same_from_both_sides(texts: tuple[Any, Any, Any]) -> None:
    base, x, y = texts
    there, back = merge(base, x, y, once=ONCE), merge(base, y, x, once=ONCE)
    assert Counter(
        (c.kind, repr(plain(c.set_aside)), repr(plain(c.latest))) for c in there.conflicts
    ) == Counter((c.kind, repr(plain(c.latest)), repr(plain(c.set_aside))) for c in back.conflicts)
    if not there.conflicts:
        # Sections are shown in an order of their own
        found, other = (sorted(plain(each.value), key=str) for each in (there, back))
        assert found == other


@given(st.data())
def test_edits_of_different_sections_are_both_taken(data: st.DataObject) -> None:
    base = data.draw(sections())
    even, odd = ({n for n in range(len(base)) if n % 2 == part} for part in (0, 1))
    x, y = data.draw(edited(base, only=even)), data.draw(edited(base, only=odd))
    assert merged(base, x, y) == [x[n] if n in even else y[n] for n in range(len(base))]


@given(three(), st.sampled_from([Choice.SET_ASIDE, Choice.LATEST]))
def test_no_block_is_lost_and_none_doubled(texts: tuple[Any, Any, Any], choice: Choice) -> None:
    base, x, y = texts
    result = answered(base, x, y, choice)
    assert not result.open
    found = Counter(ids_of(result.value))
    assert all(times == 1 for times in found.values())
    in_base, in_x, in_y = ({*ids_of(each)} for each in (base, x, y))
    assert set(found) <= in_base | in_x | in_y
    assert (in_x & in_y) <= set(found), "what nobody deleted is there"


@given(three(), st.sampled_from([Choice.SET_ASIDE, Choice.LATEST]))
def test_the_result_is_valid_for_its_field(texts: tuple[Any, Any, Any], choice: Choice) -> None:
    block = SectionsBlock()
    value = answered(*texts, choice).value
    block.clean(block.to_python(value))
    assert block.get_prep_value(block.to_python(value)) == value


@given(paragraphs())
def test_elements_joined_are_the_text(html: str) -> None:
    assert "".join(elements(html) or []) == html


@pytest.mark.parametrize("html", ["words", "<p>a", "</p>", "<p>a</p> b", "b <p>a</p>", "", "<b>a</b>"])
def test_other_texts_are_not_split(html: str) -> None:
    assert elements(html) is None
