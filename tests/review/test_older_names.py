"""Medicines with an older name of another page: found without reading drafts, and submitted as a bundle."""

import json
import uuid
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.editions.models import Publication, ReviewKind
from monographs.editions.queries import public_edition
from monographs.models import DrugClassPage, MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import (
    NewName,
    ReplaceWords,
    SetAside,
    SignBundle,
    SignUnchanged,
    TakeOverNames,
    WordChange,
)
from monographs.review.actions.take_over_names import NAME_TYPED
from monographs.review.bundles import draft_batch
from monographs.review.draft_state.draft_difference import UNPUBLISHED_DRAFT, draft_differs
from monographs.review.draft_state.older_names import all_older_names, older_names_in, older_names_of
from monographs.review.due_reviews.due_rows import due_rows
from monographs.review.models import ReviewBundle, Submission
from monographs.review.policy import excluded_users
from monographs.review.replacement.word_pattern import Replacement, WordPattern
from monographs.review.replacement.word_search import search_drafts
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle
from monographs.review.team.team_summary import items_needing_attention
from tests.conftest import as_user, run_deferred_constraints
from tests.factories import PASSWORD, edit, make_monograph, publish, read_all, reword, set_parts, submit, text
from tests.review.authored_drafts import latest
from tests.review.renamed_pages import names_seen, rename, signed_class, signed_condition, signed_medicine
from tests.review.standard_text_pages import include, signed, signed_text

pytestmark = pytest.mark.django_db

OLD, NEW = "Blockers", 'Blockers of "CD19"'


@pytest.fixture
def drug_class(site: Any, writer: Any, reviewer: Any) -> DrugClassPage:
    return signed_class(OLD, writer, reviewer)


@pytest.fixture
def medicine(drug_class: Any, writer: Any, reviewer: Any) -> MonographPage:
    """A public medicine of the class."""
    return signed_medicine("alphamab", writer, reviewer, drug_class=drug_class)


@pytest.fixture
def renamed(drug_class: Any, medicine: Any, writer: Any, reviewer: Any) -> DrugClassPage:
    """The class, signed with another name."""
    rename(drug_class, NEW, writer, reviewer)
    return DrugClassPage.objects.get(pk=drug_class.pk)


def new_name(page: Any, name: str = NEW, kind: ReviewKind = ReviewKind.FULL_REVIEW) -> NewName:
    return NewName(
        page.translation_key,
        name,
        title="A title",
        change_note="It is called otherwise.",
        reason="Renamed.",
        review_kind=kind,
    )


def now(page: Any) -> MonographPage:
    return MonographPage.objects.get(pk=page.pk)


def take_over(user: Any, page: Any, renamed: Any, **changes: Any) -> Submission:
    page = now(page)
    names = new_name(renamed, **changes)
    return TakeOverNames(user, page, names, revision=page.latest_revision_id, seen=names_seen(page)).execute()


def refused(user: Any, page: Any, renamed: Any, **changes: Any) -> PolicyError:
    before = now(page).latest_revision_id
    with pytest.raises(PolicyError) as refusal:
        take_over(user, page, renamed, **changes)
    assert now(page).latest_revision_id == before
    return refusal.value


def address(page: Any) -> str:
    return reverse("renamed:page", args=[page.translation_key])


def posted(pages: Any, name: str = NEW, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "page": [f"{page.pk}:{now(page).latest_revision_id}:{names_seen(page)}" for page in pages],
        "change_note": "It is called otherwise.",
        "reason": "Renamed.",
        **more,
    }


def test_an_editor_lets_all_medicines_take_the_name_over_and_one_review_changes_them(
    drug_class: Any, medicine: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    other = signed_medicine("betamab", writer, reviewer, drug_class=drug_class)
    rename(drug_class, NEW, writer, reviewer)
    for page in (medicine, other):
        assert not now(page).has_unpublished_changes
    record = as_user(editor).get(reverse("review:record", args=[drug_class.translation_key]))
    assert "Patients read 2 medicines with an older name" in " ".join(record.content.decode().split())
    assert address(drug_class) in record.content.decode()
    screen = as_user(editor).get(address(drug_class))
    assert [row.title for row in screen.context["possible"]] == ["alphamab", "betamab"]
    answer = as_user(editor).post(address(drug_class), posted([medicine, other]))
    assert "In review: 2 pages" in answer.content.decode()
    bundle = ReviewBundle.objects.get()
    members = members_of_bundle(bundle)
    for page, member in zip((medicine, other), members, strict=True):
        assert member.review_kind == ReviewKind.FULL_REVIEW
        assert member.document.drug_class.name == NEW
        assert excluded_users(page.translation_key).contains(editor.pk, editor.username)
        read_all(member, reviewer)
    SignBundle(reviewer, bundle, seen=bundle_hash(members), password=PASSWORD).execute()
    run_deferred_constraints()
    for page in (medicine, other):
        assert public_edition(page.translation_key).document.drug_class.name == NEW
        assert b"Blockers of" in Client().get(f"/medicines/{page.slug}/").content
    assert all_older_names() == []
    assert "No medicine that patients read has an older name" in (
        as_user(editor).get(address(drug_class)).content.decode()
    )


def test_every_form_in_which_a_text_has_a_name_is_found(
    drug_class: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    """The class, a condition, a part for one condition, and a medicine it is used with."""
    condition = signed_condition("Samplitis", writer, reviewer)
    companion = signed_medicine("helpumab", writer, reviewer)
    page = signed_medicine("alphamab", writer, reviewer, drug_class=drug_class, conditions=[condition])
    part = {"condition": condition.pk, "content": [text("For some.")]}
    set_parts(page, writer, "how_it_works", [text("All."), {"type": "for_condition", "value": part}])
    draft = latest(page)
    sections = draft.sections.get_prep_value()
    for section in sections:
        if section["type"] == "commonly_used_with":
            section["value"]["companions"] = [{"medicine": companion.pk, "name": "", "why": "It helps."}]
    draft.sections, draft.change_note = json.dumps(sections), "More."
    draft.save_revision(user=writer)
    publish(page, writer, reviewer)
    only_part = signed_medicine("betamab", writer, reviewer)
    set_parts(only_part, writer, "how_it_works", [text("All."), {"type": "for_condition", "value": part}])
    draft = latest(only_part)
    draft.change_note = "A part."
    draft.save_revision(user=writer)
    publish(only_part, writer, reviewer)
    assert all_older_names() == []
    rename(drug_class, NEW, writer, reviewer)
    rename(condition, "Samplosis", writer, reviewer)
    rename(companion, "helpomab", writer, reviewer)
    found = older_names_in([page.translation_key, only_part.translation_key])
    assert {str(each) for each in found[page.translation_key]} == {
        f"Its class “{OLD}” is called “{NEW}” now",
        "Its condition “Samplitis” is called “Samplosis” now",
        "The medicine “helpumab”, which it names, is called “helpomab” now",
    }
    assert [each.title for each in older_names_of(condition.translation_key)] == ["alphamab", "betamab"]
    difference = draft_differs(latest(page), public_edition(page.translation_key))
    assert set(difference.names) == set(found[page.translation_key])
    screen = as_user(editor).get(address(condition)).content.decode()
    assert "is called “Blockers of &quot;CD19&quot;” now, too." in screen
    submission = take_over(editor, page, condition, name="Samplosis")
    names = {name for _, name in submission.document.borrowed_names()}
    assert names == {NEW, "Samplosis", "helpomab"}


def test_a_draft_with_another_change_is_left_as_it_is(
    renamed: Any, medicine: Any, editor: Any, writer: Any
) -> None:
    edit(medicine, writer, summary="Unfinished.")
    screen = as_user(editor).get(address(renamed))
    assert [row.obstacle for row in screen.context["left_out"]] == [UNPUBLISHED_DRAFT]
    assert refused(editor, medicine, renamed).rule == Rule.NOT_UNCHANGED
    submit(now(medicine), writer)
    screen = as_user(editor).get(address(renamed))
    assert [row.obstacle for row in screen.context["left_out"]] == ["It is in review."]


def test_a_draft_that_was_put_back_takes_the_name_over(
    renamed: Any, medicine: Any, editor: Any, writer: Any
) -> None:
    note = public_edition(medicine.translation_key).change_note
    edit(medicine, writer, summary="Unfinished.")
    edit(medicine, writer, change_note=note, summary="alphamab is a medicine.")
    screen = as_user(editor).get(address(renamed))
    assert [row.title for row in screen.context["possible"]] == ["alphamab"]
    assert take_over(editor, medicine, renamed).document.drug_class.name == NEW


def test_only_the_signed_name_is_taken_over(
    renamed: Any, medicine: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    assert refused(editor, medicine, renamed, name=OLD).rule == Rule.STALE
    DrugClassPage.objects.filter(pk=renamed.pk).update(title="A name that nobody signed")
    assert refused(editor, medicine, renamed).rule == Rule.NOT_UNCHANGED
    assert all_older_names() == []


def test_another_name_that_changes_meanwhile_is_read_first(
    drug_class: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    condition = signed_condition("Testitis", writer, reviewer)
    page = signed_medicine("alphamab", writer, reviewer, drug_class=drug_class, conditions=[condition])
    rename(drug_class, NEW, writer, reviewer)
    form = posted([page])
    shown = as_user(editor).get(address(drug_class))
    assert [row.choice for row in shown.context["possible"]] == form["page"]
    rename(condition, "Testosis", writer, reviewer)
    answer = as_user(editor).post(address(drug_class), form)
    assert [outcome.reason for outcome in answer.context["refused"]] == [
        "Another name in it changed, too. Open the list of its older names again."
    ]
    assert "Its condition “Testitis” is called “Testosis” now, too." in (
        as_user(editor).get(address(drug_class)).content.decode()
    )
    answer = as_user(editor).post(address(drug_class), posted([page]))
    assert [outcome.title for outcome in answer.context["done"]] == ["alphamab"]


def test_a_name_is_no_matter_of_a_correction(renamed: Any, medicine: Any, editor: Any) -> None:
    assert refused(editor, medicine, renamed, kind=ReviewKind.CORRECTION).rule == Rule.NOT_A_CORRECTION
    assert "review_kind" not in as_user(editor).get(address(renamed)).context["form"].fields


def test_a_medicine_that_has_the_name_in_its_own_words_is_changed_by_hand(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    companion = signed_medicine("helpumab", writer, reviewer)
    page = signed_medicine("alphamab", writer, reviewer)
    draft = latest(page)
    sections = draft.sections.get_prep_value()
    for section in sections:
        if section["type"] == "commonly_used_with":
            section["value"]["companions"] = [
                {"medicine": companion.pk, "name": "helpumab", "why": "It helps."}
            ]
    draft.sections, draft.change_note = json.dumps(sections), "More."
    draft.save_revision(user=writer)
    publish(page, writer, reviewer)
    rename(companion, "helpomab", writer, reviewer)
    assert [each.title for each in older_names_of(companion.translation_key)] == ["alphamab"]
    assert refused(editor, page, companion, name="helpomab").message == NAME_TYPED


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_others_than_editors_cannot(
    who: str, renamed: Any, medicine: Any, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    screen = as_user(user).get(address(renamed)).content.decode()
    assert "1 medicine can take it over: an editor submits" in screen
    assert "Submit them for review" not in screen
    assert as_user(user).post(address(renamed), posted([medicine])).status_code in (302, 403)
    assert refused(user, medicine, renamed).rule == Rule.NOT_AN_EDITOR
    assert not ReviewBundle.objects.exists()


def test_a_form_of_another_name_and_one_without_ticks_are_refused(
    renamed: Any, medicine: Any, editor: Any
) -> None:
    client = as_user(editor)
    answer = client.post(address(renamed), posted([medicine], name=OLD))
    assert answer.status_code == 400
    assert "Another name is signed by now" in answer.content.decode()
    answer = client.post(address(renamed), posted([], change_note="My words."))
    assert "Tick the medicines" in answer.content.decode()
    assert "My words." in answer.content.decode()
    assert client.get(reverse("renamed:page", args=[uuid.uuid4()])).status_code == 404
    assert not ReviewBundle.objects.exists()


def test_many_medicines_take_it_over_in_steps(
    drug_class: Any, medicine: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    other = signed_medicine("betamab", writer, reviewer, drug_class=drug_class)
    rename(drug_class, NEW, writer, reviewer)
    with mock.patch.object(draft_batch, "MOST_AT_ONCE", 1):
        answer = as_user(editor).post(address(drug_class), posted([medicine, other]))
        assert "1 more page" in answer.content.decode()
        rest = posted([other], bundle=answer.context["bundle"].pk)
        as_user(editor).post(address(drug_class), rest)
    assert Submission.objects.filter(bundle=ReviewBundle.objects.get()).count() == 2


# --- What else is decided by what the draft says ----------------------------------------------------------


def test_find_and_replace_says_that_the_name_comes_first(renamed: Any, medicine: Any, editor: Any) -> None:
    (found,) = search_drafts(editor, WordPattern("how_it_works")).left_out
    assert found.obstacle.startswith(f"Its class “{OLD}” is called “{NEW}” now")
    change = WordChange(
        Replacement(WordPattern("how_it_works"), "words"),
        title="A title",
        change_note="A word.",
        reason="Renamed.",
        review_kind=ReviewKind.CORRECTION,
    )
    with pytest.raises(PolicyError, match="is called") as refusal:
        ReplaceWords(
            editor, now(medicine), change, revision=now(medicine).latest_revision_id, numbers={0}
        ).execute()
    assert refusal.value.message == found.obstacle


def test_a_standard_text_says_that_the_name_comes_first(
    drug_class: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    standard = signed_text(writer, reviewer)
    page = include(make_monograph("alphamab", by=writer, drug_class=drug_class), writer, signed(standard))
    publish(page, writer, reviewer)
    rename(drug_class, NEW, writer, reviewer)
    reword(standard, writer, "Write to the maker.")
    publish(standard, writer, reviewer)
    screen = as_user(editor).get(reverse("standard_texts:text", args=[standard.translation_key]))
    (row,) = screen.context["left_out"]
    assert row.obstacle.startswith(f"Its class “{OLD}” is called “{NEW}” now")


def test_that_nothing_changes_is_refused_with_the_name(renamed: Any, medicine: Any, reviewer2: Any) -> None:
    (row,) = due_rows(reviewer2, list(Publication.objects.filter(key=medicine.translation_key)))
    assert row.obstacle.startswith(f"Its class “{OLD}” is called “{NEW}” now")
    edition = public_edition(medicine.translation_key)
    with pytest.raises(PolicyError, match="is called"):
        SignUnchanged(
            reviewer2, now(medicine), seen_sha256=edition.sha256, ticked=[], password=PASSWORD
        ).execute()
    screen = as_user(reviewer2).get(reverse("due:review", args=[medicine.pk])).content.decode()
    assert address(renamed) in screen
    assert "A draft waits" not in screen


def test_a_draft_that_differs_by_a_name_only_is_not_set_aside(
    renamed: Any, medicine: Any, writer: Any
) -> None:
    with pytest.raises(PolicyError, match="is called") as refusal:
        SetAside(writer, now(medicine), seen=now(medicine).latest_revision_id).execute()
    assert refusal.value.rule == Rule.NOTHING_CHANGED


def test_editors_are_told_of_older_names(renamed: Any, medicine: Any, editor: Any, writer: Any) -> None:
    _, attention = items_needing_attention()
    (told,) = [each for each in attention if "older name" in each.label]
    assert (told.count, told.details) == (1, (f"“{NEW}”: 1 medicine",))
    shown = as_user(editor).get(told.url)
    assert shown.context["rows"] == [(renamed.translation_key, NEW, 1)]
    assert address(renamed) in shown.content.decode()


def test_the_screens_take_a_fixed_number_of_queries(
    drug_class: Any, medicine: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    client = as_user(editor)

    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    others = [
        signed_medicine(name, writer, reviewer, drug_class=drug_class) for name in ("betamab", "gammamab")
    ]
    assert queries(reverse("renamed:list")) <= 25
    rename(drug_class, NEW, writer, reviewer)
    three = [queries(url) for url in (reverse("renamed:list"), address(drug_class))]
    for page in others:
        take_over(editor, page, drug_class)
    assert [queries(url) for url in (reverse("renamed:list"), address(drug_class))] == three


def test_older_names_are_found_in_two_queries(renamed: Any, medicine: Any) -> None:
    keys = [medicine.translation_key]
    for found in (all_older_names, lambda: older_names_of(keys[0]), lambda: older_names_in(keys)):
        with CaptureQueriesContext(connection) as asked:
            found()
        assert len(asked) <= 2
