"""Taking over a new version of a standard text: on all medicines as a bundle, and the screens around it."""

import re
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.blocks.standard_text_block import TextVersion
from monographs.core.db_clock import database_now
from monographs.editions.models import Edition, ReviewKind
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Recall, SignBundle, UpdateStandardText, VersionChange, Withdraw
from monographs.review.bundles import draft_batch, draft_batch_screen
from monographs.review.models import ReviewBundle, Submission
from monographs.review.policy import excluded_users
from monographs.review.standard_texts import text_views
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle
from tests.factories import (
    PASSWORD,
    edit,
    make_monograph,
    make_standard_text,
    make_user,
    publish,
    read_all,
    reword,
    set_parts,
    sign,
    standard_text_block,
    submit,
    text,
)
from tests.review.standard_text_pages import SECTION, signed
from tests.review.ticked_lists import tick_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("editor", "Editors")


@pytest.fixture
def medicines(report: Any, writer: Any, reviewer: Any) -> list[MonographPage]:
    """Three public medicines that include version 1."""
    found = []
    for name in ("anumab", "bnumab", "cnumab"):
        page = make_monograph(name, by=writer)
        set_parts(page, writer, SECTION, [text("It works."), standard_text_block(signed(report))])
        publish(page, writer, reviewer)
        found.append(MonographPage.objects.get(pk=page.pk))
    return found


@pytest.fixture
def version_2(report: Any, medicines: Any, writer: Any, reviewer: Any) -> Edition:
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    return signed(report)


def change_to(edition: Edition, **more: Any) -> VersionChange:
    said = {"title": "Version 2", "change_note": "Where to report.", "reason": "New address."}
    version = TextVersion(str(edition.key), edition.number, edition.sha256)
    return VersionChange(version, review_kind=ReviewKind.FULL_REVIEW, **{**said, **more})


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def screen(user: Any, page: Any) -> str:
    address = reverse("standard_texts:text", args=[page.translation_key])
    return browser(user).get(address).content.decode()


def revision_of(page: Any) -> int:
    return MonographPage.objects.get(pk=page.pk).latest_revision_id


def posted(pages: Any, version: int = 2, **more: Any) -> dict[str, Any]:
    return {
        "version": version,
        "page": [f"{page.pk}:{revision_of(page)}" for page in pages],
        "change_note": "Where to report changed.",
        "reason": "New address.",
        "review_kind": "full_review",
        **more,
    }


def test_editors_update_all_medicines_and_one_review_changes_them_at_one_moment(
    report: Any, medicines: Any, version_2: Edition, editor: Any, reviewer: Any
) -> None:
    address = reverse("standard_texts:text", args=[report.translation_key])
    shown = browser(editor).get(address).content.decode()
    assert "Where it is used: 3 pages" in shown
    assert shown.count("Has an older version.") == 3
    response = browser(editor).post(address, posted(medicines))
    assert "In review: 3 pages" in response.content.decode()
    bundle = ReviewBundle.objects.get()
    members = members_of_bundle(bundle)
    assert [member.title for member in members] == ["anumab", "bnumab", "cnumab"]
    for page in medicines:
        assert b"Call the number" in Client().get(f"/medicines/{page.slug}/").content
        assert excluded_users(page.translation_key).contains(editor.pk, editor.username)
    for member in members:
        read_all(member, reviewer)
    SignBundle(reviewer, bundle, seen=bundle_hash(members), password=PASSWORD).execute()
    for page in medicines:
        edition = signed(page)
        assert (edition.number, edition.document.standard_texts[0].number) == (2, 2)
        assert b"Write to the maker." in Client().get(f"/medicines/{page.slug}/").content
    shown = browser(editor).get(address).content.decode()
    assert "Has an older version." not in shown
    assert "Take over version" not in shown


def test_pages_that_are_not_as_patients_read_them_are_left_out_with_the_reason(
    report: Any, medicines: Any, version_2: Edition, editor: Any, writer: Any
) -> None:
    waiting, in_review, _ = medicines
    edit(waiting, writer, summary="Unfinished.")
    edit(in_review, writer, summary="Submitted.")
    # Its draft takes the version over by itself
    set_parts(in_review, writer, SECTION, [text("It works."), standard_text_block(version_2)])
    submit(in_review, writer)
    shown = screen(editor, report)
    assert "2 pages left out" in shown
    assert "Its draft differs from what patients read" in shown
    assert "It is in review." in shown
    with pytest.raises(PolicyError) as refused:
        UpdateStandardText(
            editor,
            waiting,
            change_to(version_2),
            revision=revision_of(waiting),
        ).execute()
    assert refused.value.rule == Rule.NOT_UNCHANGED
    assert Submission.objects.filter(status="in_review").count() == 1


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_others_than_editors_cannot(
    who: str, report: Any, medicines: Any, version_2: Edition, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    page = medicines[0]
    address = reverse("standard_texts:text", args=[report.translation_key])
    assert "Make the drafts" not in browser(user).get(address).content.decode()
    assert browser(user).post(address, posted(medicines)).status_code in (302, 403)
    with pytest.raises(PolicyError) as refused:
        UpdateStandardText(user, page, change_to(version_2), revision=page.latest_revision_id).execute()
    assert refused.value.rule == Rule.NOT_AN_EDITOR
    assert not ReviewBundle.objects.exists()


def test_only_the_newest_version_in_use_is_taken_over(
    report: Any, medicines: Any, version_2: Edition, editor: Any, reviewer: Any
) -> None:
    old = Edition.objects.get(key=report.translation_key, number=1)
    for edition in (old, Edition.objects.get(key=medicines[1].translation_key)):
        with pytest.raises(PolicyError) as refused:
            UpdateStandardText(
                editor, medicines[0], change_to(edition), revision=medicines[0].latest_revision_id
            ).execute()
        assert refused.value.rule == Rule.STALE
    Withdraw(
        reviewer, report.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()
    with pytest.raises(PolicyError):
        UpdateStandardText(
            editor, medicines[0], change_to(version_2), revision=medicines[0].latest_revision_id
        ).execute()
    shown = screen(editor, report)
    assert "This text was withdrawn" in shown
    assert shown.count("Has a withdrawn version.") == 3


def test_a_form_of_an_older_version_and_one_without_ticks_are_refused(
    report: Any, medicines: Any, version_2: Edition, editor: Any
) -> None:
    address = reverse("standard_texts:text", args=[report.translation_key])
    response = browser(editor).post(address, posted(medicines, version=1))
    assert (response.status_code, "Another version is signed by now" in response.content.decode()) == (
        400,
        True,
    )
    response = browser(editor).post(address, posted([]))
    assert "Tick the pages" in response.content.decode()
    assert not ReviewBundle.objects.exists()


def test_many_pages_are_updated_in_steps_into_one_bundle(
    report: Any, medicines: Any, version_2: Edition, editor: Any
) -> None:
    address = reverse("standard_texts:text", args=[report.translation_key])
    with mock.patch.object(draft_batch, "MOST_AT_ONCE", 2):
        shown = browser(editor).post(address, posted(medicines)).content.decode()
        assert "1 more page is left;" in shown
        assert ">Continue with the next page<" in shown
        bundle = ReviewBundle.objects.get()
        browser(editor).post(address, posted(medicines[2:], bundle=bundle.pk))
    assert Submission.objects.filter(bundle=bundle).count() == 3


# --- Its screens ----------------------------------------------------------------------------------------


def test_people_without_access_see_nothing(report: Any, site: Any) -> None:
    stranger = make_user("stranger")
    for address in (reverse("standard_texts:list"), reverse("standard_texts:choice")):
        response = browser(stranger).get(address)
        assert response.status_code in (302, 403)
        assert "Report side effects" not in response.content.decode()


def test_the_list_counts_pages_with_other_words(
    report: Any, medicines: Any, version_2: Edition, writer: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser(writer)
    client.get(reverse("standard_texts:list"))
    with django_assert_max_num_queries(40):
        shown = client.get(reverse("standard_texts:list")).content.decode()
    assert "Report side effects" in shown
    assert "<strong>3</strong>" in shown
    assert "New standard text" in shown


# --- What comes next, and cards ---------------------------------------------------------------------------


def listed(user: Any) -> str:
    return " ".join(browser(user).get(reverse("standard_texts:list")).content.decode().split())


def test_both_screens_name_the_version_that_comes_next(report: Any, writer: Any, reviewer: Any) -> None:
    def link(url: str, words: str) -> str:
        return f'<a href="{url}">{words}'

    for shown in (listed(writer), screen(writer, report)):
        assert "Version 2" not in shown
    reword(report, writer, "Write to the maker.")
    drafted = link(reverse("wagtailadmin_pages:edit", args=[report.pk]), "Version 2 is drafted")
    for shown in (listed(writer), screen(writer, report)):
        assert drafted in shown
    submission = submit(report, writer)
    review = reverse("review:review", args=[submission.pk])
    for shown in (listed(writer), screen(writer, report)):
        assert link(review, "Version 2 is in review") in shown
        assert "is drafted" not in shown
    sign(submission, reviewer)
    for shown in (listed(writer), screen(writer, report)):
        assert "is in review" not in shown


def test_a_version_that_is_signed_for_a_day_and_one_after_a_withdrawal_have_their_numbers(
    report: Any, writer: Any, reviewer: Any
) -> None:
    reword(report, writer, "Write to the maker.")
    later = submit(report, writer, publish_at=database_now() + timedelta(days=3))
    sign(later, reviewer)
    review = reverse("review:review", args=[later.pk])
    assert f'<a href="{review}">Version 2 is signed, in use from' in screen(writer, report)
    Recall(writer, Submission.objects.get(pk=later.pk), reason="A wrong address.").execute()
    Withdraw(
        reviewer, report.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()
    submit(report, writer)
    assert "Version 2 is in review" in listed(writer)


def test_the_list_asks_the_same_queries_for_any_number_of_texts_in_review(report: Any, writer: Any) -> None:
    client, counts = browser(writer), []
    client.get(reverse("standard_texts:list"))
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("standard_texts:list"))
        counts.append(len(queries))
        submit(make_standard_text(f"Text {number}", by=writer, words="Some words."), writer)
    assert counts == counts[:1] * 3


def test_rows_are_cards_on_a_phone_with_the_name_of_each_column(
    report: Any, version_2: Edition, editor: Any
) -> None:
    for shown, columns in (
        (listed(editor), ("Version in use", "Pages", "Still an older version")),
        (screen(editor, report), ("Patients read version", "Its draft has version", "To do")),
    ):
        assert '<table class="dashboard-table" role="table">' in shown
        for column in columns:
            assert f'<td role="cell" data-label="{column}">' in shown
            assert f'<th scope="col" role="columnheader">{column}</th>' in shown
        assert "With other words" not in shown


def test_all_medicines_are_ticked_or_none(report: Any, version_2: Edition, editor: Any) -> None:
    address = reverse("standard_texts:text", args=[report.translation_key])
    client = browser(editor)
    ticked = re.compile(r'name="page" value="[\d:]+" checked')
    shown = client.get(address).content.decode()
    assert len(ticked.findall(shown)) == 3
    assert tick_link(shown) == ("?tick=none#update", "Tick none")
    shown = client.get(address, {"tick": "none"}).content.decode()
    assert not ticked.findall(shown)
    assert tick_link(shown) == ("?#update", "Tick all")


def test_a_text_of_many_pages_is_offered_as_many_as_a_bundle_takes(
    report: Any, medicines: Any, version_2: Edition, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_batch_screen, "MOST_PAGES", 2)
    monkeypatch.setattr(text_views, "PER_PAGE", 2)
    shown = screen(editor, report)
    assert "Where it is used: 3 pages" in shown
    assert shown.count("Has an older version.") == 2
    assert "1 to 2 of 3 pages." in shown
    assert shown.count('name="page"') == 2
    assert "These are the first 2 of 3 pages." in shown
    browser(editor).post(reverse("standard_texts:text", args=[report.translation_key]), posted(medicines[:2]))
    shown = screen(editor, report)
    assert shown.count('name="page"') == 1
    assert "2 pages left out" in shown


def test_drafts_are_compared_only_where_a_version_is_older(
    report: Any, medicines: Any, editor: Any, writer: Any
) -> None:
    screen(editor, report)
    with CaptureQueriesContext(connection) as before:
        screen(editor, report)
    for page in medicines:
        edit(page, writer, how_it_works="It does something else.")
    with CaptureQueriesContext(connection) as after:
        shown = screen(editor, report)
    assert "Where it is used: 3 pages" in shown
    assert len(after) == len(before)
