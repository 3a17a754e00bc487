"""Merging the stored contents of revisions of a page. No database."""

import json
from typing import Any

from monographs.models import MonographPage
from monographs.review.draft_merge.merge_conflict import Choice, ConflictAnswer
from monographs.review.draft_merge.page_merge import PageMerge, merge_contents, types_used_once


def content(**fields: Any) -> dict[str, Any]:
    sections = [{"type": "how_it_works", "value": {"content": [], "sources": "label"}, "id": "1"}]
    return {
        "pk": 7,
        "latest_revision": 1,
        "title": "testumab",
        "slug": "testumab",
        "summary": "A medicine.",
        "change_note": "First.",
        "brand_names": json.dumps(["Alpha"]),
        "routes": ["oral"],
        "conditions": [3, 5],
        "drug_class": 4,
        "sections": json.dumps(sections),
        "sources": "[]",
        **fields,
    }


def merged(set_aside: dict[str, Any], latest: dict[str, Any], **answers: ConflictAnswer) -> PageMerge:
    return merge_contents(content(), set_aside, latest, MonographPage, answers)


def test_fields_are_merged_apart_and_stay_as_they_are_stored() -> None:
    set_aside = content(brand_names='["Alpha", "Beta"]', conditions=[3, 5, 8], latest_revision=2)
    latest = content(summary="Another.", conditions=[5], routes=["oral", "eye"], latest_revision=9)
    found = merged(set_aside, latest)
    assert not found.conflicts
    assert found.content == content(
        brand_names='["Alpha", "Beta"]',
        summary="Another.",
        conditions=[5, 8],
        routes=["oral", "eye"],
        latest_revision=9,
    )


def test_a_field_that_both_changed_is_asked() -> None:
    set_aside, latest = content(summary="Ours.", drug_class=5), content(summary="Theirs.", drug_class=6)
    assert [each.name for each in merged(set_aside, latest).open] == ["summary", "drug_class"]
    found = merged(
        set_aside,
        latest,
        summary=ConflictAnswer(Choice.ANEW, " Both. "),
        drug_class=ConflictAnswer(Choice.SET_ASIDE),
    )
    assert not found.open
    assert (found.content["summary"], found.content["drug_class"]) == ("Both.", 5)


def test_a_choice_is_never_written_anew() -> None:
    found = merged(content(drug_class=5), content(drug_class=6), drug_class=ConflictAnswer(Choice.ANEW, "7"))
    assert [each.name for each in found.open] == ["drug_class"]


def test_what_changed_is_said_by_each_draft_for_itself() -> None:
    correction = content(change_note="A typing error.")
    assert (
        merged(content(change_note="A long change."), correction).content["change_note"] == "A long change."
    )
    assert merged(content(), correction).content["change_note"] == "A typing error."
    assert not merged(content(change_note="A long change."), correction).conflicts


def test_sections_are_there_once_and_content_is_not() -> None:
    once = types_used_once(MonographPage._meta.get_field("sections"))
    assert "how_it_works" in once
    assert "text" not in once
