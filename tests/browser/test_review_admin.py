"""A Word file becomes an edition: imported, corrected, annotated, returned, resubmitted, signed."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from monographs.editions.models import Edition
from monographs.models import MonographPage
from monographs.review.models import Note, Submission
from tests.browser.admin_pages import (
    PATIENCE,
    grave,
    press_submit,
    read_and_tick,
    sign,
    wait_for_findings,
    write,
)
from tests.imports.word_files import page_in_word

pytestmark = pytest.mark.django_db(transaction=True)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PATIENTS_PAGE = "/medicines/testumab/"


def import_word_file(writer: Any) -> None:
    """Upload, check the preview, create the draft."""
    writer.page.goto("/admin/import/")
    assert not grave(writer.page)
    file = {"name": "testumab.docx", "mimeType": WORD, "buffer": page_in_word()}
    writer.page.get_by_label("Files").set_input_files([file])
    writer.page.get_by_role("button", name="Preview").click()
    expect(writer.page.get_by_role("heading", name="Preview")).to_be_visible(timeout=PATIENCE)
    assert not grave(writer.page)
    assert not MonographPage.objects.exists()
    writer.page.get_by_role("button", name="Create draft").click()
    expect(writer.page.get_by_role("heading", name="Preview")).to_have_count(0, timeout=PATIENCE)
    expect(writer.page.locator("body")).to_contain_text("testumab", timeout=PATIENCE)


def name_a_source(page: MonographPage) -> None:
    """Name a source in every section, as its writer does: the imported file is none."""
    draft = page.get_latest_revision_as_object()
    source = {"type": "source", "value": {"reference": "label", "title": "The label", "publisher": "FDA"}}
    draft.sources = json.dumps([source])
    for section in draft.sections:
        section.value["sources"] = "label"
    draft.save_revision(user=page.owner, clean=False)


def fix_what_the_rules_name(writer: Any) -> None:
    """Enter the serious effects, which are text in the file, with what to do for each."""
    page = MonographPage.objects.get()
    name_a_source(page)
    writer.page.goto(f"/admin/pages/{page.pk}/edit/")
    write(writer, "How it works", "Take 5.0 mg once a day.")
    error = writer.page.locator("[data-editor-annotations=how_it_works] .editor-finding--error")
    expect(error).to_contain_text("5.0", timeout=PATIENCE)
    press_submit(writer)
    expect(writer.page.get_by_role("heading", name="Before it can be reviewed")).to_be_visible(
        timeout=PATIENCE
    )
    expect(writer.page.locator(".review-problems")).to_contain_text("5.0")
    with writer.page.expect_navigation():
        writer.page.get_by_role("link", name="Back to the editor").click()
    write(writer, "How it works", "Take 5 mg once a day.")
    expect(error).to_have_count(0, timeout=PATIENCE)


def submit_to(writer: Any, name: str, reason: str) -> Submission:
    """Submit the open draft to the reviewer ``name``."""
    press_submit(writer)
    writer.page.get_by_label("Why was the change made?").fill(reason)
    writer.page.get_by_label(name).check()
    assert not grave(writer.page)  # waits for all of the page
    writer.page.get_by_role("button", name="Submit for review").click()
    writer.page.wait_for_url(re.compile(r"/admin/review/\d+/$"), timeout=PATIENCE)
    return Submission.objects.get(status="in_review")


def note_on_a_passage(reviewer: Any, passage: str, body: str) -> None:
    """Select words in a section and leave a note on them."""
    section = reviewer.page.locator("#section-how_it_works")
    words = section.locator("[data-section-text]").get_by_text(passage).last
    words.evaluate(
        """(holder, passage) => {
            const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.textContent.indexOf(passage);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + passage.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
            }
        }""",
        passage,
    )
    reviewer.page.get_by_role("button", name="Add a note on this passage").click()
    form = section.locator(".review-note-form:not(.review-suggest-form) form")
    expect(form.get_by_label("The passage it is about")).to_have_value(passage)
    form.get_by_label("Your note").fill(body)
    form.get_by_role("button", name="Add note").click()
    expect(section.get_by_label(re.compile("Note by"))).to_contain_text(body, timeout=PATIENCE)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_word_file_becomes_an_edition(open_browser: Any, writer: Any, reviewer: Any, width: int) -> None:
    author, critic, patient = (
        open_browser(writer, width=width),
        open_browser(reviewer, width=width),
        open_browser(),
    )
    import_word_file(author)
    fix_what_the_rules_name(author)
    first = submit_to(author, "Reviewer Tester", "A first text from our files.")
    assert list(first.reviewers.all()) == [reviewer]

    critic.page.goto("/admin/review/")
    with critic.page.expect_navigation():
        critic.page.get_by_role("link", name="testumab").first.click()
    assert not grave(critic.page)
    note_on_a_passage(critic, "once a day", "The label says twice.")
    critic.page.get_by_label("What must be fixed?").fill("See my note.")
    critic.page.get_by_role("button", name="Return to the writer").click()
    expect(critic.page.get_by_text("Returned to Writer Tester")).to_be_visible(timeout=PATIENCE)
    assert patient.context.request.get(PATIENTS_PAGE).status == 404

    author.page.goto(f"/admin/pages/{MonographPage.objects.get().pk}/edit/")
    note = author.page.locator(f"[data-editor-note='{Note.objects.get().pk}']")
    expect(note).to_contain_text("The label says twice.", timeout=PATIENCE)
    write(author, "How it works", "Take 5 mg twice a day.")
    note.get_by_label("Your answer").fill("Mended; it is twice.")
    wait_for_findings(author.page)
    note.get_by_role("button", name="Resolve").click()
    expect(note.get_by_text("Resolved")).to_have_count(1, timeout=PATIENCE)
    second = submit_to(author, "Reviewer Tester", "Twice a day, as the label says.")

    critic.page.goto(f"/admin/review/{second.pk}/")
    with critic.page.expect_navigation():
        critic.page.get_by_role("link", name="Since my last view").click()
    changed = critic.page.locator("#section-how_it_works [data-section-text]")
    expect(changed.locator("del")).to_contain_text("once")
    expect(changed.locator("ins")).to_contain_text("twice")
    critic.page.goto(f"/admin/review/{second.pk}/")
    read_and_tick(critic)
    sign(critic)
    expect(critic.page.get_by_text("Signed and published")).to_be_visible(timeout=PATIENCE)

    edition = Edition.objects.get()
    assert [r["name"] for r in edition.reviewers] == ["Reviewer Tester"]
    patient.page.goto(PATIENTS_PAGE)
    read = patient.page.locator("main").inner_text().replace("\u00a0", " ")
    assert "Take 5 mg twice a day." in read
