"""A reviewer suggests words in place, at a desk and on a phone; a writer accepts beside the passage."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from monographs.models import MonographPage
from monographs.review.actions import ChosenWords, Return, Suggest
from monographs.review.models import Submission, Suggestion
from tests.browser import accessibility
from tests.browser.admin_pages import grave
from tests.browser.test_forms_on_a_phone import BEYOND
from tests.factories import edit, make_monograph, submit
from tests.review.suggested_words import words_of_draft

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "It slows the growth of cancer cells over many weeks."
#: Selects the words in the text of *How it works*, as a mouse or a finger does.
SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector('#section-how_it_works [data-section-text]'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.textContent.indexOf(words);
    if (at < 0) continue;
    walker.currentNode.parentElement.scrollIntoView({ block: 'center' });
    getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
    return;
  }
}"""  # noqa: E501  # JavaScript


def in_review(writer: Any) -> Submission:
    return submit(edit(make_monograph(by=writer), writer, how_it_works=WORDS), writer)


@pytest.mark.parametrize("width", [1280, 390])
def test_words_are_selected_typed_over_and_explained(
    open_browser: Any, writer: Any, reviewer: Any, width: int
) -> None:
    submission = in_review(writer)
    page: Page = open_browser(reviewer, width=width).page
    page.goto(f"/admin/review/{submission.pk}/")
    page.evaluate(SELECT, "many weeks")
    page.get_by_role("button", name="Suggest a change").click()
    form = page.locator("#section-how_it_works .review-suggest-form form")
    expect(form.get_by_text("you cannot sign this text then")).to_be_visible()
    expect(form.get_by_label("What should stand there")).to_be_focused()
    page.keyboard.type("some months")
    form.get_by_label("Why?").fill("The trial says so.")
    assert page.evaluate(BEYOND) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not grave(page)
    form.get_by_role("button", name="Suggest").click()
    card = page.get_by_label("Suggestion by Reviewer Tester")
    expect(card.locator("del")).to_contain_text("many weeks")
    expect(card.locator("ins")).to_contain_text("some months")
    expect(card.get_by_role("button", name="Withdraw")).to_be_visible()
    suggestion = Suggestion.objects.get()
    assert (suggestion.old_words, suggestion.start) == ("many weeks", WORDS.index("many weeks"))


def test_a_writer_accepts_beside_the_passage_by_keyboard(
    open_browser: Any, writer: Any, reviewer: Any
) -> None:
    submission = in_review(writer)
    chosen = ChosenWords("how_it_works", "many weeks")
    Suggest(
        reviewer, submission.key, chosen, words="some months", reason="So.", submission=submission
    ).execute()
    Return(reviewer, submission, reason="See the suggestion.").execute()
    page: Page = open_browser(writer).page
    page.goto(f"/admin/pages/{submission.page_id}/edit/")
    card = page.get_by_label("Suggestion by Reviewer Tester")
    expect(card.locator("ins")).to_contain_text("some months")
    assert not accessibility.grave(page, "[data-editor-note]")
    with page.expect_navigation():
        card.get_by_role("button", name="Accept").press("Enter")
    expect(page.get_by_text("over some months").first).to_be_visible()
    assert words_of_draft(MonographPage.objects.get(pk=submission.page_id)) == [
        WORDS.replace("many weeks", "some months")
    ]
