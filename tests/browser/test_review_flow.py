"""Writer, reviewer and patient, each in a browser, from draft to second edition."""

from typing import Any

import pytest
from playwright.sync_api import expect

from monographs.editions.models import Edition
from monographs.review.models import Submission
from tests.browser.admin_pages import press_submit, read_and_tick, sign, write
from tests.factories import make_monograph, publish

pytestmark = pytest.mark.django_db(transaction=True)

PATIENTS_PAGE = "/medicines/testumab/"


def text_of(patient: Any, path: str = PATIENTS_PAGE) -> str:
    patient.page.goto(path)
    return " ".join(patient.page.locator("body").inner_text().split())


def bytes_of(patient: Any, path: str = PATIENTS_PAGE) -> bytes:
    return bytes(patient.context.request.get(path).body())


def answer_questions(editor: Any, reason: str, change: str = "") -> None:
    if change:
        editor.page.get_by_label("What changed?").fill(change)
    editor.page.get_by_label("Why was the change made?").fill(reason)
    editor.page.get_by_role("button", name="Submit for review").click()
    editor.page.wait_for_url("**/admin/review/*/")


def test_a_dose_is_changed_returned_fixed_signed_and_read(
    open_browser: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    medicine = make_monograph(by=writer)
    publish(medicine, writer, reviewer2)
    patient = open_browser()
    first = text_of(patient)
    before = bytes_of(patient)
    assert "About how_it_is_administered." in first

    editor = open_browser().sign_in_by_password(writer)
    editor.page.goto(f"/admin/pages/{medicine.pk}/edit/")
    write(editor, "How it is administered", "Take 50 mg once a day.")
    press_submit(editor)
    answer_questions(editor, "Dose added from the label.", "The dose is given.")
    assert bytes_of(patient) == before, "submitting changed a public page"

    critic = open_browser(width=390).sign_in_by_password(reviewer)
    critic.page.goto("/admin/review/")
    with critic.page.expect_navigation():  # until the frames have their height
        critic.page.get_by_role("link", name="testumab").click()
    frame = critic.page.frame_locator("iframe[name=document]")
    expect(frame.get_by_text("Take 50 mg once a day.")).to_be_visible()
    expect(critic.page.get_by_role("heading", name="How it is administered")).to_be_visible()
    critic.page.get_by_label("What must be fixed?").fill("It is 5 mg, not 50 mg.")
    critic.page.get_by_role("button", name="Return to the writer").click()
    expect(critic.page.get_by_text("Returned to Writer Tester")).to_be_visible()
    assert bytes_of(patient) == before

    editor.page.goto(f"/admin/pages/{medicine.pk}/edit/")
    write(editor, "How it is administered", "Take 5 mg once a day.")
    press_submit(editor)
    answer_questions(editor, "Dose mended.")
    assert bytes_of(patient) == before

    critic.page.goto(f"/admin/review/{Submission.objects.get(status='in_review').pk}/")
    read_and_tick(critic)
    critic.page.get_by_label("Your password").fill("a guess")
    critic.page.get_by_role("button", name="Sign and approve").click()
    expect(critic.page.get_by_text("That password is not right")).to_be_visible()
    critic.page.wait_for_load_state()
    assert bytes_of(patient) == before
    sign(critic)
    expect(critic.page.get_by_text("Signed and published")).to_be_visible()

    second = text_of(patient)
    assert "Take 5 mg once a day." in second.replace("\u00a0", " ")
    assert "Reviewer Tester" in second
    assert patient.context.request.get(PATIENTS_PAGE).headers["x-edition"] == "testumab/2"
    old = text_of(patient, f"{PATIENTS_PAGE}editions/1/")
    assert "About how_it_is_administered." in old
    assert "Take 5 mg" not in old.replace("\u00a0", " ")
    assert Edition.objects.count() == 2


def test_a_new_monograph_is_written_from_nothing(open_browser: Any, writer: Any, medicines: Any) -> None:
    editor = open_browser(writer)
    editor.page.goto(f"/admin/pages/add/monographs/monographpage/{medicines.pk}/")
    headings = editor.page.locator("[data-contentpath=sections] h2").all_inner_texts()
    shown = " ".join(headings)
    for heading in ("How it is administered", "How it works", "Common side effects", "Who should take it"):
        assert heading in shown
    editor.page.wait_for_load_state("networkidle")
    editor.page.get_by_placeholder("Generic name").click()
    editor.page.keyboard.type("novumab")
    editor.page.keyboard.press("Tab")
    expect(editor.page.locator("#id_slug")).to_have_value("novumab")
    press_submit(editor)
    expect(editor.page.get_by_text("Before it can be reviewed")).to_be_visible()
    editor.page.wait_for_load_state()
    missing = editor.page.locator(".review-problems strong").all_inner_texts()
    assert missing[:2] == ["How it is administered", "How it works"]
    assert len(missing) >= 7
