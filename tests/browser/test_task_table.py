"""What the most frequent tasks in the admin cost: clicks, keys that type nothing, pages loaded.

What each may take at most is what it took when ``docs/admin-tasks.md`` was written. A whole new medicine is
counted in ``test_long_editor``, a yearly review in ``test_due_reviews``.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from monographs.accounts.password_links import link_of
from monographs.editions.models import Edition
from monographs.review.actions import AddNote, Return
from monographs.review.models import Submission
from tests.browser.admin_pages import (
    mark_all_as_read,
    press_submit,
    tick_checklist,
    wait_for_findings,
    wait_for_form,
    write,
)
from tests.browser.task_tally import task
from tests.browser.test_editor import section
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, submit

pytestmark = pytest.mark.django_db(transaction=True)


def open_at(open_browser: Any, user: Any, address: str, width: int = 1280) -> Any:
    browser_user = open_browser(user, width=width)
    browser_user.page.goto(address)
    return browser_user


def tick_and_sign(page: Page) -> None:
    tick_checklist(page)
    page.get_by_label("Your password").click()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Signed and published")).to_be_visible()


def test_an_invited_person_starts(open_browser: Any, site: Any) -> None:
    """From the link in the invitation to the editor of a first medicine."""
    person = make_user("nora", "Medical writers")
    person.set_unusable_password()
    person.save()
    page: Page = open_browser().page
    page.goto(link_of(person))
    with task(page, "first start", clicks=1, keys=4, loads=3):
        chosen = "correct-horse-battery-7"
        expect(page.locator("input[type=password]").first).to_be_focused()
        page.keyboard.type(chosen)
        page.keyboard.press("Tab")
        page.keyboard.type(chosen)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Your password is saved.")).to_be_visible()
        expect(page.locator("input[name=username]")).to_be_focused()
        page.keyboard.type("nora")
        page.keyboard.press("Tab")
        page.keyboard.type(chosen)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="New medicine").click()
        expect(page.get_by_placeholder("Generic name")).to_be_visible()


def test_one_effect_is_added(open_browser: Any, writer: Any, reviewer: Any) -> None:
    medicine = make_monograph(by=writer)
    publish(medicine, writer, reviewer)
    visit = open_at(open_browser, writer, f"/admin/pages/{medicine.pk}/edit/")
    page: Page = visit.page
    with task(page, "one effect", clicks=1, keys=4, loads=0):
        effects = page.locator("[data-editor-block=EffectListBlock]").first
        wait_for_findings(page)
        effects.locator(".effect-row:visible input[type=text]").last.click()
        page.keyboard.press("Enter")
        expect(effects.locator(".effect-row:visible")).to_have_count(2)
        page.keyboard.type("Rash")
        for key in ("Tab", "V", "Tab"):
            page.keyboard.press(key)
        page.keyboard.type("Rest.")
        for key in ("Tab", "T"):
            page.keyboard.press(key)
        wait_for_form(page)


def test_a_text_is_edited_and_submitted(open_browser: Any, writer: Any, reviewer: Any) -> None:
    medicine = make_monograph(by=writer)
    publish(medicine, writer, reviewer)
    visit = open_at(open_browser, writer, f"/admin/pages/{medicine.pk}/edit/")
    page: Page = visit.page
    with task(page, "edit and submit", clicks=5, keys=2, loads=2):
        write(visit, "How it works", "It blocks CD19.")
        press_submit(visit)
        page.get_by_label("What changed?").click()
        page.keyboard.type("It says how it works.")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Why was the change made?")).to_be_focused()
        page.keyboard.type("The label says so.")
        page.get_by_role("button", name="Submit for review").click()
        page.wait_for_url("**/admin/review/*/")
    assert Submission.objects.filter(status="in_review").count() == 1


def test_a_note_is_answered_and_the_text_submitted_again(
    open_browser: Any, writer: Any, reviewer: Any
) -> None:
    medicine = make_monograph(by=writer)
    publish(medicine, writer, reviewer)
    submission = submit(
        edit(medicine, writer, how_it_works="It works in another way."), writer, reason="It is new."
    )
    note = {"section": "how_it_works", "body": "Which way?", "quote": "another way"}
    AddNote(reviewer, submission, **note).execute()
    Return(reviewer, submission, reason="One thing is unclear.").execute()
    visit = open_at(open_browser, writer, "/admin/")
    page: Page = visit.page
    with task(page, "answer and submit again", clicks=7, keys=0, loads=4):
        page.get_by_role("link", name="of your texts returned").click()
        page.get_by_role("link", name="testumab").first.click()
        expect(page.locator(".editor-top button", has_text="another way")).to_be_visible()
        wait_for_findings(page)
        page.locator(".editor-top button", has_text="another way").click()
        page.wait_for_function("getSelection().toString() === 'another way'")
        page.keyboard.type("the blood")
        beside = section(page, "how_it_works")
        wait_for_findings(page)
        expect(beside.locator(".public-DraftEditor-content").first).to_have_text("It works in the blood.")
        beside.get_by_role("button", name="Resolve").first.click()
        expect(beside.get_by_role("button", name="Resolve")).to_have_count(0)
        press_submit(visit)
        page.wait_for_url("**/submit/*/")
        page.get_by_role("button", name="Submit for review").click()
        page.wait_for_url("**/admin/review/*/")
    assert Submission.objects.get(status="in_review").reason


def test_eight_changes_are_reviewed_on_a_phone(open_browser: Any, writer: Any, reviewer: Any) -> None:
    medicine = make_monograph(by=writer)
    publish(medicine, writer, reviewer)
    names = ("how_it_is_administered", "how_it_works", "who_should_take_it", "who_should_not_take_it")
    more = ("commonly_used_with", "commonly_tested_with", "living_with_it")
    submit(edit(medicine, writer, **{name: f"New words on {name}." for name in (*names, *more)}), writer)
    page: Page = open_at(open_browser, reviewer, "/admin/review/", width=390).page
    with task(page, "eight changes on a phone", clicks=13, keys=1, loads=2):
        page.get_by_role("link", name="testumab").first.click()
        expect(page.get_by_role("button", name="Mark as read")).to_have_count(8)
        mark_all_as_read(page)
        tick_and_sign(page)
    assert Edition.objects.count() == 2


def test_a_first_edition_is_reviewed(open_browser: Any, writer: Any, reviewer: Any) -> None:
    submit(make_monograph(by=writer), writer)
    page: Page = open_at(open_browser, reviewer, "/admin/review/").page
    with task(page, "first edition", clicks=14, keys=1, loads=2):
        page.get_by_role("link", name="testumab").first.click()
        mark_all_as_read(page)
        tick_and_sign(page)
    assert Edition.objects.count() == 1


def test_five_texts_are_given_to_somebody_else(
    open_browser: Any, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    for name in ("alphaumab", "betaumab", "gammaumab", "deltaumab", "omegaumab"):
        submit(make_monograph(name, by=writer), writer, reviewers=[reviewer])
    page: Page = open_at(open_browser, editor, "/admin/").page
    with task(page, "reassign five", clicks=5, keys=0, loads=2):
        page.get_by_role("link", name="5 texts in review").click()
        page.get_by_role("link", name="Tick all on this page").click()
        page.get_by_label("Ask only these").click()
        page.get_by_label("Reviewer2 Tester").click()
        page.get_by_role("button", name="Change the ticked texts").click()
        expect(page.get_by_role("heading", name="Changed: 5 texts")).to_be_visible()
    assert all(list(each.reviewers.all()) == [reviewer2] for each in Submission.objects.all())


def test_a_month_is_reported(open_browser: Any, writer: Any, reviewer: Any, editor: Any) -> None:
    publish(make_monograph(by=writer), writer, reviewer)
    page: Page = open_at(open_browser, editor, "/admin/").page
    with task(page, "monthly report", clicks=4, keys=0, loads=2):
        page.get_by_role("button", name="Reports").click()
        page.get_by_role("link", name="Reviews by period").click()
        page.get_by_role("link", name="This month").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Published (CSV)").click()
    assert re.fullmatch(r"published-(\d{4}-\d\d)-01-to-\1-\d\d\.csv", download.value.suggested_filename)
