"""A review and a comparison on paper: all of it, whatever is folded on the screen."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import edit, make_monograph, publish, submit

pytestmark = pytest.mark.django_db(transaction=True)

#: Paragraphs of a section, enough for some pages.
MANY = 120
#: CSS pixels of a page of A4 at 96 dots per inch, less the margins of print.
PAGE_HEIGHT = 1123 - 76


def paragraphs(words: str) -> str:
    return "</p><p>".join(f"{words} {number}." for number in range(MANY))


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_all_of_a_review_and_of_a_comparison_is_printed(
    open_browser: Any, writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    publish(edit(page, writer, how_it_works=paragraphs("Old words")), writer, reviewer)
    submission = submit(edit(page, writer, who_should_take_it=paragraphs("New words")), writer)
    screen = open_browser().sign_in(reviewer).page
    for address in (
        f"/admin/review/{submission.pk}/",
        f"/admin/review/compare/{page.translation_key}/1/submission-{submission.pk}/",
    ):
        screen.goto(address)
        folded = screen.get_by_text(f"Old words {MANY - 1}.").first
        expect(folded).to_be_hidden()
        pdf = screen.pdf(format="A4")
        screen.emulate_media(media="print")
        for words in (f"Old words {MANY - 1}.", f"New words {MANY - 1}."):
            expect(screen.locator(".redline__words", has_text=words).first).to_be_visible()
        height = screen.evaluate("document.querySelector('.review').getBoundingClientRect().height")
        assert height > MANY * 2 * 15, "the text is not laid out in full"
        assert pages_of(pdf) >= height // PAGE_HEIGHT, "some of the text is not on paper"
        expect(screen.get_by_role("navigation", name="Menu")).to_be_hidden()
        screen.emulate_media(media="null")
        expect(folded).to_be_hidden()
