"""Standard texts: medicines have their signed words by value, and nobody's unsigned ones."""

import json
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.blocks.standard_text_block import StandardTextBlock, UnsignedTextError
from monographs.document import parse_document
from monographs.editions.models import Edition
from monographs.editions.standard_texts import current_texts, withdrawn_versions
from monographs.editions.verify import check_database, verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Restore, Withdraw
from monographs.review.models import DraftStandardText
from monographs.review.policy import excluded_users
from monographs.review.replacement.where_used import add_pages, where_used
from tests.factories import (
    PASSWORD,
    edit,
    make_monograph,
    make_standard_text,
    make_user,
    publish,
    reword,
    set_parts,
    sign,
    standard_text_block,
    submit,
    text,
)
from tests.review.standard_text_pages import SECTION, include, signed

pytestmark = pytest.mark.django_db


def withdraw(page: Any, reviewer: Any) -> None:
    """Withdraw a page."""
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()


@pytest.fixture
def writer2(site: Any) -> Any:
    return make_user("writer2", "Medical writers")


@pytest.fixture
def medicine(report: Any, writer: Any, reviewer: Any) -> MonographPage:
    """A public medicine that includes version 1 of the text."""
    page = make_monograph(by=writer)
    include(page, writer, signed(report))
    publish(page, writer, reviewer)
    return page


# --- Words by value -----------------------------------------------------------------------------------


def test_a_medicine_has_the_signed_words_by_value_and_says_where_they_are_from(
    medicine: Any, report: Any
) -> None:
    edition, words = signed(medicine), signed(report)
    section = next(s for s in edition.document.sections if s.type == SECTION)
    assert [part.html for part in section.parts] == [
        "<p>It blocks a signal.</p>",
        "<p>Call the number on the box.</p>",
    ]
    (use,) = edition.document.standard_texts
    assert use.model_dump() == {
        "key": str(report.translation_key),
        "title": "Report side effects",
        "number": 1,
        "sha256": words.sha256,
    }
    assert [row.number for row in edition.included_texts.filter(key=report.translation_key)] == [1]
    assert parse_document(edition.canonical) == edition.document
    assert b"Call the number on the box." in Client().get("/medicines/testumab/").content
    verify()


def test_a_later_draft_or_version_changes_no_medicine(
    medicine: Any, report: Any, writer: Any, reviewer: Any
) -> None:
    before = signed(medicine)
    reword(report, writer, "Write to the maker.")
    draft = MonographPage.objects.get(pk=medicine.pk).get_latest_revision_as_object()
    assert draft.matches_hash(before.sha256)
    publish(report, writer, reviewer)
    draft = MonographPage.objects.get(pk=medicine.pk).get_latest_revision_as_object()
    assert draft.matches_hash(before.sha256)
    assert b"Call the number" in Client().get("/medicines/testumab/").content


@pytest.mark.parametrize(
    "forged",
    [
        lambda e: f"{e.key}/2/{e.sha256}",
        lambda e: f"{e.key}/1/{'0' * 64}",
        lambda e: f"00000000-0000-0000-0000-000000000000/1/{e.sha256}",
        lambda e: "no version",
        lambda e: f"{e.key}/1/{e.sha256}/x",
    ],
)
def test_what_nobody_signed_is_refused_by_block_draft_and_submission(
    report: Any, writer: Any, forged: Any
) -> None:
    value = forged(signed(report))
    with pytest.raises(ValidationError, match="No reviewer has signed"):
        StandardTextBlock().clean(value)
    page = make_monograph(by=writer)
    draft = set_parts(page, writer, SECTION, [{"type": "standard_text", "value": value}])
    with pytest.raises(UnsignedTextError, match="No reviewer has signed"):
        draft.to_document()
    with pytest.raises(PolicyError, match="No reviewer has signed") as refused:
        submit(page, writer)
    assert refused.value.rule == Rule.NOT_READY


def test_the_words_of_a_draft_or_a_submission_are_never_included(site: Any, writer: Any) -> None:
    page = make_standard_text(by=writer, words="Nobody signed this.")
    value = f"{page.translation_key}/1/{page.document_hash()}"
    with pytest.raises(ValidationError):
        StandardTextBlock().clean(value)
    submission = submit(page, writer)
    assert submission.sha256 == page.document_hash()
    with pytest.raises(ValidationError):
        StandardTextBlock().clean(value)


def test_an_edition_of_another_kind_is_no_standard_text(medicine: Any, writer: Any) -> None:
    with pytest.raises(ValidationError):
        StandardTextBlock().clean(standard_text_block(signed(medicine))["value"])


# --- Authors ------------------------------------------------------------------------------------------


def test_signed_words_add_nobody_and_choosing_makes_the_writer_a_contributor(
    report: Any, writer2: Any, writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer2)
    include(page, writer2, signed(report))
    submission = submit(page, writer2)
    excluded = excluded_users(page.translation_key)
    assert excluded.contains(writer2.pk, writer2.username)
    assert not excluded.contains(writer.pk, writer.username)
    assert not excluded.contains(reviewer.pk, reviewer.username)
    sign(submission, reviewer)


def test_changing_the_version_is_a_contribution(
    medicine: Any, report: Any, writer: Any, writer2: Any, reviewer: Any
) -> None:
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    include(medicine, writer2, signed(report))
    excluded = excluded_users(medicine.translation_key)
    assert excluded.contains(writer2.pk, writer2.username)
    assert not excluded.contains(writer.pk, writer.username)


def test_the_choice_is_nobodys_once_it_is_signed(medicine: Any, writer: Any, writer2: Any) -> None:
    edit(medicine, writer2, summary="Other words for lists.")
    submit(medicine, writer2)
    excluded = excluded_users(medicine.translation_key)
    assert not excluded.contains(writer.pk, writer.username)


def test_a_reviewer_who_chose_a_text_cannot_sign_the_medicine(
    report: Any, writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    include(page, reviewer, signed(report))
    submission = submit(page, writer)
    with pytest.raises(PolicyError) as refused:
        sign(submission, reviewer)
    assert refused.value.rule == Rule.CONTRIBUTED


# --- Withdrawn texts ----------------------------------------------------------------------------------


def test_a_withdrawn_text_keeps_what_is_public_and_stops_every_submission(
    medicine: Any, report: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    edition = signed(medicine)
    withdraw(report, reviewer)
    assert current_texts() == {}
    assert b"Call the number" in Client().get("/medicines/testumab/").content
    edit(medicine, writer, summary="Other words for lists.")
    with pytest.raises(PolicyError, match="version 1, was withdrawn"):
        submit(medicine, writer)
    other = make_monograph("otherumab", by=writer)
    include(other, writer, signed(report))
    with pytest.raises(PolicyError, match="was withdrawn"):
        submit(other, writer)
    set_parts(medicine, writer, SECTION, [text("It blocks a signal.")])
    edit(medicine, writer, summary="Another sentence.")
    publish(medicine, writer, reviewer)
    with pytest.raises(PolicyError, match="was withdrawn") as refused:
        Restore(writer, medicine, number=edition.number, reason="Back.").execute()
    assert refused.value.rule == Rule.STANDARD_TEXT


def test_a_text_withdrawn_during_review_is_not_signed(report: Any, writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    include(page, writer, signed(report))
    submission = submit(page, writer)
    withdraw(report, reviewer)
    with pytest.raises(PolicyError, match="was withdrawn") as refused:
        sign(submission, reviewer)
    assert refused.value.rule == Rule.STANDARD_TEXT
    assert not Edition.objects.filter(key=page.translation_key).exists()


def test_a_version_signed_after_a_withdrawal_may_be_used_and_earlier_ones_not(
    medicine: Any, report: Any, writer: Any, reviewer: Any
) -> None:
    withdraw(report, reviewer)
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    assert withdrawn_versions([report.translation_key]) == {report.translation_key: 1}
    edit(medicine, writer, summary="Other words for lists.")
    with pytest.raises(PolicyError, match="version 1, was withdrawn"):
        submit(medicine, writer)
    include(medicine, writer, signed(report))
    edit(medicine, writer, summary="Other words for lists, again.")
    publish(medicine, writer, reviewer)
    assert b"Write to the maker." in Client().get("/medicines/testumab/").content


# --- The record ---------------------------------------------------------------------------------------


def test_the_database_refuses_an_edition_with_a_text_that_nobody_signed(
    medicine: Any, report: Any, writer: Any, monkeypatch: pytest.MonkeyPatch, reviewer: Any
) -> None:
    monkeypatch.setattr("monographs.editions.publishing.check_standard_texts", lambda document: None)
    monkeypatch.setattr("monographs.review.publication.integrity.check_standard_texts", lambda document: None)
    page = make_monograph("otherumab", by=writer)
    include(page, writer, signed(report))
    real = MonographPage.build_document

    def forged(self: Any, context: Any) -> Any:
        document = real(self, context)
        uses = tuple(use.model_copy(update={"sha256": "0" * 64}) for use in document.standard_texts)
        return document.model_copy(update={"standard_texts": uses})

    monkeypatch.setattr(MonographPage, "build_document", forged)
    submission = submit(page, writer)
    sign(submission, reviewer)
    with (
        pytest.raises(DatabaseError, match="a standard text in it is not signed"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_words_that_are_not_those_of_the_version_are_no_edition(
    report: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_monograph(by=writer)
    include(page, writer, signed(report))
    real = MonographPage.build_document

    def forged(self: Any, context: Any) -> Any:
        document = real(self, context).model_dump(mode="json")
        text = json.dumps(document).replace("Call the number on the box.", "Do not call.")
        return parse_document(text)

    monkeypatch.setattr(MonographPage, "build_document", forged)
    with pytest.raises(PolicyError, match="are not those that were signed"):
        submit(page, writer)


def test_the_record_is_verified_some_pages_at_a_time(medicine: Any) -> None:
    assert not check_database(pages_at_a_time=1).faults


# --- Where used ---------------------------------------------------------------------------------------


def test_where_used_lists_drafts_and_editions_with_their_versions(
    medicine: Any, report: Any, writer: Any, reviewer: Any
) -> None:
    other = make_monograph("otherumab", by=writer)
    include(other, writer, signed(report))
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    include(medicine, writer, signed(report))
    uses = where_used(report.translation_key)
    shown = [(u.title, [v.number for v in u.public], [v.number for v in u.draft]) for u in uses]
    assert shown == [("otherumab", [], [1]), ("testumab", [1], [2])]
    set_parts(medicine, writer, SECTION, [text("It blocks a signal.")])
    uses = where_used(report.translation_key)
    add_pages(uses)
    assert [(u.title, bool(u.page), [v.number for v in u.draft]) for u in uses] == [
        ("otherumab", True, [1]),
        ("testumab", True, []),
    ]


def test_no_draft_is_read_to_show_where_texts_are_used(
    medicine: Any, report: Any, writer: Any, client: Any
) -> None:
    """At 5,000 drafts that include one text, their contents are most of the database."""
    for name in ("otherumab", "thirdumab"):
        include(make_monograph(name, by=writer), writer, signed(report))
    client.force_login(writer)
    key = report.translation_key
    for address in (
        reverse("standard_texts:list"),
        reverse("standard_texts:text", args=[key]),
        reverse("review:record", args=[key]),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked = [each["sql"] for each in queries if "review_setasidedraft" not in each["sql"]]
        assert not [sql for sql in asked if '"wagtailcore_revision"."content"' in sql]


def test_the_migration_stores_the_versions_of_drafts_that_are_there(medicine: Any, report: Any) -> None:
    (row,) = DraftStandardText.objects.values("key", "text", "number", "sha256")
    DraftStandardText.objects.all().delete()
    migration = import_module("monographs.review.migrations.0016_versions_in_drafts")
    with connection.cursor() as cursor:
        cursor.execute(migration.STORE_VERSIONS)
    assert list(DraftStandardText.objects.values("key", "text", "number", "sha256")) == [row]
    assert row["text"] == report.translation_key


def test_a_deleted_draft_uses_no_text(medicine: Any, report: Any, writer: Any) -> None:
    other = make_monograph("otherumab", by=writer)
    include(other, writer, signed(report))
    assert len(where_used(report.translation_key)) == 2
    other.delete()
    assert [use.title for use in where_used(report.translation_key)] == ["testumab"]
