"""What a reviewer reads at a glance: rewritten passages, and changes with what they are under."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from monographs.document.parts import Effect, Effects, Table
from monographs.presentation.redline_layout import PlacedLine, line_groups
from monographs.redline import Flag, Op, redline
from tests.redline.notation import monograph, p

OLD = (
    "Wash the skin with warm water and mild soap every morning, then dry it and use the cream that you were "
    "given."
)
REWRITTEN = (
    "Every morning, dry the cream from the skin. Then wash in warm rooms, never in the sun, and ask for mild "
    "soap."
)


def shown_beside_folds(old: Any, new: Any) -> list[str]:
    """The new text of each line of the one changed section that is not folded."""
    (section,) = redline(old, new).changed
    groups = [group for group in line_groups(section) if not group.folded]
    return [placed.line.text(Op.DELETED) for group in groups for placed in group.lines]


def effects(*advice: str) -> Effects:
    items = [
        Effect(
            name=f"Effect {number}",
            explanation=f"Explanation {number}.",
            frequency=None,
            frequency_label="Common",
            what_to_do=words,
        )
        for number, words in enumerate(advice)
    ]
    return Effects(group="common", items=tuple(items))


def test_a_passage_of_which_little_is_left_is_shown_whole_before_and_after() -> None:
    (section,) = redline(monograph(effects(OLD)), monograph(effects(REWRITTEN))).changed
    (line,) = [line for line in section.lines if line.changed]
    assert line.rewritten
    assert [(op, "".join(run.text for run in runs)) for op, runs in line.runs_by_op] == [
        (Op.DELETED, OLD),
        (Op.INSERTED, REWRITTEN),
    ]
    html = render_to_string("redline/section.html", {"section": section})
    assert "Rewritten: the old passage, then the new one." in html


def test_the_flags_of_a_rewritten_passage_are_those_of_its_words() -> None:
    old, new = OLD.replace("the cream", "2 mg of it"), REWRITTEN.replace("the cream", "4 mg of it")
    (section,) = redline(monograph(effects(old)), monograph(effects(new))).changed
    (line,) = [line for line in section.lines if line.changed]
    assert line.rewritten
    assert Flag.NUMBER in line.flags
    assert {run.text.strip() for run in line.runs if Flag.NUMBER in run.flags} == {"2 mg", "4 mg"}


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("warm", "cool").replace("mild", "no").replace("cream", "gel"),
        OLD.replace("every morning, then dry it", "twice a day"),
    ],
)
def test_a_passage_with_a_few_changes_is_not_taken_apart(new: str) -> None:
    (section,) = redline(monograph(effects(OLD)), monograph(effects(new))).changed
    (line,) = [line for line in section.lines if line.changed]
    assert not line.rewritten
    assert any(run.op is Op.SAME for run in line.runs)


def test_an_effect_is_named_where_its_last_detail_changed() -> None:
    advice = [f"Rest on day {number}." for number in range(6)]
    new = [*advice]
    new[3] = "Rest on day 3 and call us."
    shown = shown_beside_folds(monograph(effects(*advice)), monograph(effects(*new)))
    assert "Effect 3" in shown
    assert "Effect 1" not in shown


LIST = "<h3>Before you start</h3><p>One.</p><p>Two.</p><p>Three.</p><p>Tell us if you</p><ul>{}</ul>"


def test_a_list_keeps_its_lead_in_its_outer_item_and_its_heading() -> None:
    inner = "".join(f"<li>inner {number}</li>" for number in range(6))
    before = LIST.format(
        "".join(f"<li>outer {number}</li>" for number in range(5)) + f"<li>the last<ul>{inner}</ul></li>"
    )
    shown = shown_beside_folds(
        monograph(html=before), monograph(html=before.replace("inner 5", "inner five"))
    )
    for words in ("Before you start", "Tell us if you", "the last", "inner five"):
        assert words in shown
    for words in ("Two.", "outer 2", "inner 2"):
        assert words not in shown


def test_a_changed_table_keeps_its_header_row_and_caption() -> None:
    def table(cell: str) -> Table:
        rows = tuple((f"{number}", cell if number == 9 else "same") for number in range(12))
        return Table(caption="Doses by day", header=("Day", "Dose"), rows=rows)

    shown = shown_beside_folds(monograph(table("one")), monograph(table("two")))
    assert {"Doses by day", "Day", "Dose", "two"} <= set(shown)


def test_a_change_after_a_fold_says_again_what_it_is_under() -> None:
    advice = [f"Rest on day {number}." for number in range(6)]
    (section,) = redline(
        monograph(effects(*advice)), monograph(effects(*advice[:-1], "Call us on day 5."))
    ).changed
    folded, shown = line_groups(section)[-2:]
    assert (folded.folded, shown.folded) == (True, False)
    first = shown.items[0]
    assert isinstance(first, PlacedLine)
    assert [str(place) for place in first.places] == ["Common side effects"]


def test_two_changes_far_apart_have_one_fold_between_them() -> None:
    words = [f"Sentence number {number}." for number in range(12)]
    changed = [*words]
    changed[1], changed[10] = "Another one.", "Yet another."
    (section,) = redline(monograph(html=p(*words)), monograph(html=p(*changed))).changed
    assert [group.folded for group in line_groups(section)] == [False, True, False]
