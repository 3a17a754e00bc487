"""Standard texts in drug classes and conditions: as in medicines, from the draft to both verifiers."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from monographs.blocks.standard_text_block import TextVersion, UnsignedTextError
from monographs.document import matches_hash, parse_document
from monographs.editions.ledger import head
from monographs.editions.models import Edition, ReviewKind
from monographs.editions.standard_texts import check_standard_texts
from monographs.editions.verify import check_database, verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import ConditionPage, DrugClassPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.redline import redline
from monographs.review.actions import SignBundle, UpdateStandardText, VersionChange, Withdraw
from monographs.review.models import DraftStandardText, ReviewBundle
from monographs.review.policy import excluded_users
from monographs.review.publication import integrity
from monographs.review.replacement.where_used import add_pages, where_used
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle
from monographs.rules.draft_check import current_findings
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.factories import (
    PASSWORD,
    make_monograph,
    make_user,
    publish,
    read_all,
    reword,
    sign,
    standard_text_block,
    submit,
    text,
)
from tests.review.standard_text_pages import FIRST, include, signed
from tests.review.suggested_words import suggest

pytestmark = pytest.mark.django_db

WORDS = "What they have in common."


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("editor", "Editors")


def make_body_page(model: Any, by: Any, *editions: Edition) -> Any:
    """Create the draft of a class or a condition that includes editions of standard texts, after a text."""
    slug = "blockers" if model is DrugClassPage else "samplitis"
    folder = "classes" if model is DrugClassPage else "conditions"
    parent = model._meta.apps.get_model("monographs.MonographIndexPage").objects.get(collection=folder)
    page = parent.add_child(instance=model(title=slug.capitalize(), slug=slug, summary="Made up."))
    return include_in_body(page, by, *editions)


def include_in_body(page: Any, by: Any, *editions: Edition, words: str = WORDS) -> Any:
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.body = json.dumps([text(words), *map(standard_text_block, editions)])
    draft.change_note = f"Says “{words}” with {len(editions)}."
    draft.save_revision(user=by)
    return type(page).objects.get(pk=page.pk)


@pytest.fixture(params=[DrugClassPage, ConditionPage], ids=["class", "condition"])
def body_page(request: pytest.FixtureRequest, report: Any, writer: Any, reviewer: Any) -> Any:
    """A public class or condition that includes version 1 of the text."""
    page = make_body_page(request.param, writer, signed(report))
    publish(page, writer, reviewer)
    return request.param.objects.get(pk=page.pk)


def withdraw(page: Any, reviewer: Any) -> None:
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()


def shown_to_patients(page: Any) -> str:
    return Client().get(page.public_path()).content.decode()


# --- Words by value -----------------------------------------------------------------------------------


def test_the_signed_words_are_in_it_by_value_and_it_says_where_they_are_from(
    body_page: Any, report: Any
) -> None:
    edition, words = signed(body_page), signed(report)
    assert [part.html for part in edition.document.body] == [f"<p>{WORDS}</p>", f"<p>{FIRST}</p>"]
    (use,) = edition.document.standard_texts
    assert (use.key, use.number, use.sha256) == (str(report.translation_key), 1, words.sha256)
    assert [row.number for row in edition.included_texts.filter(key=report.translation_key)] == [1]
    assert parse_document(edition.canonical) == edition.document
    assert FIRST in shown_to_patients(body_page)
    verify()


@pytest.mark.parametrize("model", [DrugClassPage, ConditionPage])
def test_a_text_without_standard_texts_is_stored_as_before_there_were_any(
    model: Any, site: Any, writer: Any, reviewer: Any
) -> None:
    page = make_body_page(model, writer)
    publish(page, writer, reviewer)
    edition = signed(page)
    stored = json.loads(edition.canonical)
    assert "standard_texts" not in stored
    assert edition.document.standard_texts == ()
    assert matches_hash(model.objects.get(pk=page.pk).to_document(), edition.sha256)


def test_the_redline_says_which_version_came_in(body_page: Any, report: Any, writer: Any) -> None:
    before = signed(body_page).document
    after = include_in_body(body_page, writer).get_latest_revision_as_object().to_document()
    facts = next(section for section in redline(before, after).sections if section.anchor == "page")
    changed = [(line.label, "".join(run.text for run in line.runs if run.changed)) for line in facts.lines]
    assert ("Standard text", "Report side effects, version 1") in changed


@pytest.mark.parametrize("model", [DrugClassPage, ConditionPage])
def test_what_nobody_signed_is_refused_by_draft_and_submission(model: Any, report: Any, writer: Any) -> None:
    page = make_body_page(model, writer)
    draft = page.get_latest_revision_as_object()
    value = f"{report.translation_key}/2/{signed(report).sha256}"
    draft.body = json.dumps([text(WORDS), {"type": "standard_text", "value": value}])
    draft.save_revision(user=writer, clean=False)
    with pytest.raises(UnsignedTextError, match="No reviewer has signed"):
        draft.to_document()
    with pytest.raises(PolicyError, match="No reviewer has signed") as refused:
        submit(page, writer)
    assert refused.value.rule == Rule.NOT_READY


def test_words_that_are_not_those_of_the_version_are_no_edition(body_page: Any) -> None:
    document = signed(body_page).document
    check_standard_texts(document)
    changed = json.loads(document.model_dump_json().replace(FIRST, "Do not call."))
    with pytest.raises(ValueError, match="are not those that were signed"):
        check_standard_texts(parse_document(json.dumps(changed)))


def test_choosing_makes_the_writer_a_contributor_and_signed_words_add_nobody(
    report: Any, writer: Any, reviewer: Any
) -> None:
    chooser = make_user("writer2", "Medical writers")
    page = make_body_page(DrugClassPage, chooser, signed(report))
    submission = submit(page, chooser)
    excluded = excluded_users(page.translation_key)
    assert excluded.contains(chooser.pk, chooser.username)
    assert not excluded.contains(writer.pk, writer.username)
    sign(submission, reviewer)


def test_no_suggestion_changes_the_included_words(report: Any, writer: Any, reviewer: Any) -> None:
    page = make_body_page(ConditionPage, writer, signed(report))
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match="the standard text “Report side effects”, version 1"):
        suggest(reviewer, submission, FIRST, "Write to the maker.", section="body")
    client, address = Client(), reverse("review:passages_to_change", args=[submission.pk, "body"])
    client.force_login(reviewer)
    shown = client.get(address).content.decode()
    assert reverse("standard_texts:text", args=[report.translation_key]) in shown
    assert FIRST not in shown


# --- A new version, and a withdrawn one ---------------------------------------------------------------


def test_editors_update_classes_conditions_and_medicines_in_one_bundle(
    report: Any, writer: Any, reviewer: Any, editor: Any
) -> None:
    medicine = make_monograph(by=writer)
    include(medicine, writer, signed(report))
    pages = [
        medicine,
        make_body_page(DrugClassPage, writer, signed(report)),
        make_body_page(ConditionPage, writer, signed(report)),
    ]
    for page in pages:
        publish(page, writer, reviewer)
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    assert all(FIRST in shown_to_patients(page) for page in pages)

    client, address = Client(), reverse("standard_texts:text", args=[report.translation_key])
    client.force_login(editor)
    shown = client.get(address).content.decode()
    assert "Where it is used: 3 pages" in shown
    assert shown.count("Has an older version.") == 3
    assert 'class="dashboard-table__meta">Drug class</span>' in shown
    ticked = [
        f"{each.pk}:{each.latest_revision_id}" for each in (type(p).objects.get(pk=p.pk) for p in pages)
    ]
    said = {"change_note": "Where to report changed.", "reason": "New address.", "review_kind": "full_review"}
    outcome = client.post(address, {"version": 2, "page": ticked, **said}).content.decode()
    assert "In review: 3 pages" in outcome

    bundle = ReviewBundle.objects.get()
    members = members_of_bundle(bundle)
    for member in members:
        read_all(member, reviewer)
    SignBundle(reviewer, bundle, seen=bundle_hash(members), password=PASSWORD).execute()
    for page in pages:
        assert [use.number for use in signed(page).document.standard_texts] == [2]
        assert "Write to the maker." in shown_to_patients(page)
    assert not any(use.is_older(signed(report)) for use in where_used(report.translation_key))
    verify()


def test_an_update_changes_the_block_and_nothing_else(
    body_page: Any, report: Any, writer: Any, reviewer: Any, editor: Any
) -> None:
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    newest = signed(report)
    change = VersionChange(
        TextVersion(str(newest.key), newest.number, newest.sha256),
        title="Version 2",
        change_note="Where to report.",
        reason="New address.",
        review_kind=ReviewKind.FULL_REVIEW,
    )
    submission = UpdateStandardText(
        editor, body_page, change, revision=body_page.latest_revision_id
    ).execute()
    assert [part.html for part in submission.document.body] == [
        f"<p>{WORDS}</p>",
        "<p>Write to the maker.</p>",
    ]


def test_a_withdrawn_text_is_a_finding_in_the_text_and_stops_the_submission(
    body_page: Any, report: Any, writer: Any, reviewer: Any
) -> None:
    withdraw(report, reviewer)
    assert FIRST in shown_to_patients(body_page)
    draft = include_in_body(body_page, writer, signed(report), words="Other words.")
    found = current_findings(draft.get_latest_revision_as_object())
    assert [f.anchor for f in found if f.rule == "withdrawn-text"] == ["body"]
    with pytest.raises(PolicyError, match="version 1, was withdrawn"):
        submit(draft, writer)


# --- Where used ---------------------------------------------------------------------------------------


def test_where_used_lists_drafts_and_editions_and_forgets_deleted_drafts(
    body_page: Any, report: Any, writer: Any
) -> None:
    (use,) = where_used(report.translation_key)
    add_pages([use])
    assert (use.title, [v.number for v in use.public], [v.number for v in use.draft]) == (
        body_page.title,
        [1],
        [1],
    )
    assert use.page is not None
    assert use.page.pk == body_page.pk
    include_in_body(body_page, writer)
    assert [v.number for v in where_used(report.translation_key)[0].draft] == []
    other = ConditionPage if isinstance(body_page, DrugClassPage) else DrugClassPage
    unpublished = make_body_page(other, writer, signed(report))
    assert len(where_used(report.translation_key)) == 2
    unpublished.delete()
    assert not DraftStandardText.objects.filter(key=unpublished.translation_key).exists()


# --- The record ---------------------------------------------------------------------------------------


def test_the_database_and_both_verifiers_refuse_words_withdrawn_before(
    report: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = make_body_page(DrugClassPage, writer, signed(report))
    submission = submit(page, writer)
    withdraw(report, reviewer)
    withdrawn = head()
    for module in ("monographs.editions.publishing", integrity.__name__):
        monkeypatch.setattr(f"{module}.check_standard_texts", lambda document: None)
    monkeypatch.setattr("monographs.editions.publishing.check_texts_in_use", lambda document: None)
    without_trigger("editions_edition", "standard_texts_in_use")
    sign(submission, reviewer)
    (fault,) = faults_of_both(tmp_path / "export")
    assert "standard text “Report side effects”, version 1, was withdrawn before it" in fault
    assert list(check_database(checkpoint=withdrawn).faults) == [fault]


def test_the_database_refuses_a_text_that_nobody_signed(
    report: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("monographs.editions.publishing", integrity.__name__):
        monkeypatch.setattr(f"{module}.check_standard_texts", lambda document: None)
    page = make_body_page(ConditionPage, writer, signed(report))
    real = ConditionPage.build_document

    def forged(self: Any, context: Any) -> Any:
        document = real(self, context)
        uses = tuple(use.model_copy(update={"sha256": "0" * 64}) for use in document.standard_texts)
        return document.model_copy(update={"standard_texts": uses})

    monkeypatch.setattr(ConditionPage, "build_document", forged)
    sign(submit(page, writer), reviewer)
    with pytest.raises(DatabaseError, match="a standard text in it is not signed"):
        run_deferred_constraints()
