"""Fields of one block that both sides changed: put together, they must say nothing that neither side says."""

from typing import Any

import pytest

from monographs.review.draft_merge.merge_conflict import Choice, ConflictAnswer
from monographs.review.draft_merge.three_way import merge

FEVER = {
    "name": "Fever",
    "frequency": "common",
    "urgency": "call_now",
    "what_to_do": "Call.",
    "explanation": "",
}
ADVICE = {"urgency": "call_now", "text": "<p>Call if you cannot breathe.</p>"}
COMPANION = {"medicine": 7, "name": "", "why": "It kills the cells."}
FIGURE = {"image": 3, "alternative_text": "A drip.", "caption": ""}
SOURCE = {"reference": "label", "source": 1, "date_seen": "2026-01-02"}
FOR_ONE = {"condition": 5, "content": [{"id": "a", "type": "text", "value": "<p>Once a day.</p>"}]}


@pytest.mark.parametrize(
    ("base", "set_aside", "latest"),
    [
        (FEVER, {"name": "A high fever"}, {"urgency": "call_today"}),
        (FEVER, {"urgency": "next_visit"}, {"what_to_do": "Call at once."}),
        (FEVER, {"frequency": "rare"}, {"name": "Chills"}),
        (ADVICE, {"urgency": "next_visit"}, {"text": "<p>Call if your lips turn blue.</p>"}),
        (COMPANION, {"medicine": 8}, {"why": "It slows the cells."}),
        (FIGURE, {"image": 4}, {"alternative_text": "A drip in an arm."}),
        (SOURCE, {"source": 2}, {"date_seen": "2026-05-06"}),
        (FOR_ONE, {"condition": 6}, {"content": [{"id": "a", "type": "text", "value": "<p>Twice.</p>"}]}),
    ],
)
def test_fields_that_belong_together_are_asked_about(
    base: Any, set_aside: dict[str, Any], latest: dict[str, Any]
) -> None:
    for one, other in ((base | set_aside, base | latest), (base | latest, base | set_aside)):
        merged = merge(base, one, other, name="sections")
        (conflict,) = merged.open
        assert (conflict.base, conflict.set_aside, conflict.latest) == (base, one, other)
        answers = {conflict.name: ConflictAnswer(Choice.SET_ASIDE)}
        assert merge(base, one, other, answers=answers, name="sections").value == one


@pytest.mark.parametrize(
    ("set_aside", "latest", "merged"),
    [
        ({"explanation": "Hot."}, {"frequency": "rare"}, {"explanation": "Hot.", "frequency": "rare"}),
        ({"name": "Chills"}, {}, {"name": "Chills"}),
        (
            {"name": "Chills", "urgency": "call_today"},
            {"name": "Chills"},
            {"name": "Chills", "urgency": "call_today"},
        ),
    ],
)
def test_other_fields_are_merged(set_aside: Any, latest: Any, merged: Any) -> None:
    found = merge(FEVER, FEVER | set_aside, FEVER | latest, name="sections")
    assert (found.value, found.open) == (FEVER | merged, [])


def test_one_field_that_both_changed_is_asked_about_by_itself() -> None:
    found = merge(FEVER, FEVER | {"name": "Chills"}, FEVER | {"name": "A high fever"}, name="sections")
    assert [each.name for each in found.open] == ["sections/name"]
    assert Choice.ANEW in found.open[0].choices
