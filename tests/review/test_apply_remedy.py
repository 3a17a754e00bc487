"""A remedy is written into a draft by a POST, as a revision, by whoever may edit the page."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Revision

from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import ApplyRemedy, Return
from monographs.review.policy import excluded_users
from monographs.rules.draft_check import current_findings
from monographs.rules.finding import Finding
from tests.conftest import as_user
from tests.factories import complete_sections, make_monograph, set_parts, stream, submit

pytestmark = pytest.mark.django_db

RICH = (
    '<p data-block-key="a1">Take <b>5.0</b> mg of <i>it</i>.</p>'
    '<ul><li data-block-key="b2">Call the the team.</li></ul>'
)
TABLE = {
    "type": "table",
    "value": {
        "caption": "Doses",
        "header_row": True,
        "row_headers": False,
        "cells": {
            "columns": [{"type": "cell", "heading": ""}, {"type": "cell", "heading": ""}],
            "rows": [{"values": ["<p>Day</p>", "<p>Dose</p>"]}, {"values": ["<p>1</p>", "<p>2.0 mg</p>"]}],
            "caption": "",
        },
    },
}
BOX = {"type": "advice", "value": {"urgency": "call_911", "text": "<p>Call 999 for a bad rash.</p>"}}
LISTS = {"type": "do_dont", "value": {"do": ["Drink .5 L of water."], "dont": []}}


def draft_of(page: MonographPage) -> MonographPage:
    draft: MonographPage = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return draft


def finding_of(page: MonographPage, rule: str) -> Finding:
    return next(f for f in current_findings(draft_of(page)) if f.rule == rule and f.remedies)


def apply(user: Any, page: MonographPage, rule: str) -> None:
    finding = finding_of(page, rule)
    ApplyRemedy(user, page, rule=rule, fingerprint=finding.fingerprint).execute()


def content(page: MonographPage) -> dict[str, Any]:
    return {child["type"]: child["value"] for child in draft_of(page).sections.get_prep_value()}


def posted(finding: Finding, **more: Any) -> dict[str, Any]:
    return {"rule": finding.rule, "fingerprint": finding.fingerprint, "number": 0, **more}


def test_each_kind_of_field_takes_its_remedy(writer: Any) -> None:
    page = make_monograph(by=writer, change_note="Says .5 mg.")
    set_parts(page, writer, "how_it_works", [{"type": "text", "value": RICH}, TABLE, BOX, LISTS])
    apply(writer, page, "trailing-zero")
    apply(writer, page, "trailing-zero")
    apply(writer, page, "doubled-word")
    apply(writer, page, "emergency-number")
    apply(writer, page, "naked-decimal")
    apply(writer, page, "naked-decimal")
    parts = content(page)["how_it_works"]["content"]
    assert parts[0]["value"] == RICH.replace("5.0", "5").replace("the the", "the")
    assert parts[1]["value"]["cells"]["rows"][1]["values"] == ["<p>1</p>", "<p>2 mg</p>"]
    assert parts[2]["value"]["text"] == "<p>Call 911 for a bad rash.</p>"
    assert [line["value"] if isinstance(line, dict) else line for line in parts[3]["value"]["do"]] == [
        "Drink 0.5 L of water."
    ]
    assert draft_of(page).change_note == "Says 0.5 mg."
    assert {f.rule for f in current_findings(draft_of(page))} & {"trailing-zero", "naked-decimal"} == set()


def test_an_effect_takes_its_remedy_and_the_revision_has_its_author(writer: Any) -> None:
    page = make_monograph(by=writer)
    sections = complete_sections()
    sections["common_side_effects"]["common_effects"] = [
        {"name": "Fever", "explanation": "Feeling hot (62%).", "frequency": "very_common"}
    ]
    draft = draft_of(page)
    draft.sections = stream(sections)
    draft.save_revision(user=writer)
    before = Revision.objects.count()
    apply(writer, page, "frequency-number")
    assert Revision.objects.count() == before + 1
    assert page.revisions.latest("pk").user == writer
    (effect,) = content(page)["common_side_effects"]["common_effects"]
    assert effect["value"]["explanation"] == "Feeling hot."


def test_what_is_only_shown_is_never_written(writer: Any) -> None:
    page = make_monograph(by=writer)
    set_parts(page, writer, "how_it_works", [{"type": "text", "value": "<p>Take MTX now.</p>"}])
    with pytest.raises(PolicyError, match="proposal only"):
        apply(writer, page, "unsafe-medicine-name")
    assert "MTX" in str(content(page))


def test_words_that_changed_meanwhile_are_left_alone(writer: Any) -> None:
    page = make_monograph(by=writer)
    set_parts(page, writer, "how_it_works", [{"type": "text", "value": "<p>Take 5.0 mg.</p>"}])
    finding = finding_of(page, "trailing-zero")
    set_parts(page, writer, "how_it_works", [{"type": "text", "value": "<p>Take 5.0 mg today.</p>"}])
    before = page.revisions.count()
    answer = as_user(writer).post(reverse("review:remedy", args=[page.pk]), posted(finding), follow=True)
    assert "has changed meanwhile" in answer.content.decode()
    assert page.revisions.count() == before
    assert "5.0 mg today" in str(content(page))


def test_the_name_of_another_page_is_not_changed_here(writer: Any) -> None:
    page = make_monograph(by=writer)
    other = make_monograph("other the the", by=writer, slug="other")
    sections = complete_sections()
    sections["commonly_used_with"] = {
        "companions": [{"medicine": other.pk, "name": "", "why": "For rest."}], "sources": "label"
    }  # fmt: skip
    draft = draft_of(page)
    draft.sections = stream(sections)
    draft.save_revision(user=writer, clean=False)
    with pytest.raises(PolicyError, match="not in a field of this page"):
        apply(writer, page, "doubled-word")


def test_a_page_in_review_or_locked_is_not_changed(writer: Any, reviewer: Any, editor: Any) -> None:
    page = make_monograph(by=writer)
    set_parts(page, writer, "how_it_works", [{"type": "text", "value": "<p>Call the the team.</p>"}])
    finding = finding_of(page, "doubled-word")
    submission = submit(page, writer)
    address, form = reverse("review:remedy", args=[page.pk]), posted(finding, review=submission.pk)
    client = as_user(writer)
    screen = reverse("review:review", args=[submission.pk])
    assert "Proposed" in client.get(screen).content.decode()
    assert "Recall it" in client.post(address, form, follow=True).content.decode()
    Return(reviewer, submission, reason="Please read it again.").execute()
    MonographPage.objects.filter(pk=page.pk).update(locked=True, locked_by=editor)
    assert "locked" in client.post(address, form, follow=True).content.decode()
    MonographPage.objects.filter(pk=page.pk).update(locked=False, locked_by=None)
    returned = client.get(screen).content.decode()
    assert f'action="{address}"' in returned
    answer = client.post(address, form)
    assert answer.url == screen
    assert "Call the team." in str(content(page))


def test_only_those_who_may_edit_the_page_change_it(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    set_parts(page, writer, "how_it_works", [{"type": "text", "value": "<p>Call the the team.</p>"}])
    finding = finding_of(page, "doubled-word")
    before = page.revisions.count()
    reviewer.groups.clear()
    with pytest.raises(PolicyError, match="may edit"):
        ApplyRemedy(reviewer, page, rule=finding.rule, fingerprint=finding.fingerprint).execute()
    assert page.revisions.count() == before


def test_the_submit_screen_offers_remedies_and_a_broken_form_is_answered(writer: Any) -> None:
    page = make_monograph(by=writer)
    set_parts(page, writer, "how_it_works", [{"type": "text", "value": "<p>Take 5.0 mg.</p>"}])
    client, address = as_user(writer), reverse("review:remedy", args=[page.pk])
    shown = client.get(reverse("review:submit", args=[page.pk])).content.decode()
    assert (f'action="{address}"' in shown, "Write “5”" in shown) == (True, True)
    for broken in ({}, {"rule": "x", "fingerprint": "0" * 64, "number": "-1"}):
        assert "Parts of the form" in client.post(address, broken, follow=True).content.decode()
    done = client.post(address, posted(finding_of(page, "trailing-zero")), follow=True).content.decode()
    assert "“5.0” is now “5”" in done


def with_effects(page: MonographPage, by: Any, *effects: dict[str, str]) -> MonographPage:
    """Replace the common side effects in a new revision by ``by``."""
    sections = complete_sections()
    sections["common_side_effects"]["common_effects"] = list(effects)
    draft = draft_of(page)
    draft.sections = stream(sections)
    draft.save_revision(user=by)
    return draft


def common_effects(page: MonographPage) -> list[tuple[str, str, str]]:
    items = content(page)["common_side_effects"]["common_effects"]
    stored = [item.get("value", item) for item in items]
    return [(each["name"], each["explanation"], each.get("frequency") or "") for each in stored]


FEVER = {"name": "Fever", "explanation": "Seen in 62% of patients."}


def test_a_band_is_chosen_and_its_writer_contributes(writer: Any, editor: Any) -> None:
    page = make_monograph(by=writer)
    with_effects(page, writer, {"name": "Rash", "explanation": "Spots."}, FEVER)
    finding = finding_of(page, "frequency-number")
    client, address = as_user(editor), reverse("review:remedy", args=[page.pk])
    shown = client.get(reverse("review:submit", args=[page.pk])).content.decode()
    offer = "Choose “Very common: more than 1 in 10 people”"
    assert f"{offer}<span" in shown
    before = page.revisions.count()
    done = client.post(address, posted(finding, offer=offer), follow=True).content.decode()
    assert "the band of “Fever” is now “Very common: more than 1 in 10 people”" in done
    assert page.revisions.count() == before + 1
    assert common_effects(page) == [
        ("Rash", "Spots.", ""),
        ("Fever", "Seen in 62% of patients.", "very_common"),
    ]
    assert excluded_users(page.translation_key).contains(editor.pk, editor.username)


def test_no_band_is_chosen_for_one_of_two_like_effects(writer: Any) -> None:
    page = make_monograph(by=writer)
    with_effects(page, writer, FEVER, FEVER)
    before = page.revisions.count()
    with pytest.raises(PolicyError, match="stand in several places"):
        apply(writer, page, "frequency-number")
    assert page.revisions.count() == before


def test_a_band_that_somebody_chose_meanwhile_stays(writer: Any) -> None:
    page = make_monograph(by=writer)
    in_brackets = {"name": "Fever (62%)", "explanation": "Feeling hot."}
    with_effects(page, writer, in_brackets)
    finding = finding_of(page, "frequency-number")
    (choice,) = finding.remedies
    form = posted(finding, offer=choice.offer)
    for band in ("rare", "very_common"):
        with_effects(page, writer, {**in_brackets, "frequency": band})
        before = page.revisions.count()
        answer = as_user(writer).post(reverse("review:remedy", args=[page.pk]), form, follow=True)
        assert "has changed meanwhile" in answer.content.decode()
        assert page.revisions.count() == before
        assert common_effects(page) == [("Fever (62%)", "Feeling hot.", band)]
