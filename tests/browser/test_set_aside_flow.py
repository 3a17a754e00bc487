"""A correction of what patients read while a long draft waits, in a browser: from the editor to the merge."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from monographs.models import MonographPage
from monographs.review.models import SetAsideDraft, Submission
from tests.browser.accessibility import grave
from tests.factories import PASSWORD, make_monograph, publish, sign
from tests.review.unpublished_drafts import LONG, words_of, write

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/medicines/testumab/"


def check(screen: Page, subtests: pytest.Subtests, name: str) -> None:
    """Assert that the screen is accessible and as wide as the window, on a computer and on a phone."""
    for width in (1280, 390):
        screen.set_viewport_size({"width": width, "height": 800})
        with subtests.test(name, width=width):
            assert grave(screen, "main") == []
            assert screen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    screen.set_viewport_size({"width": 1280, "height": 800})


def submit_on(screen: Page, page: Any, kind: str, note: str) -> Submission:
    """Submit the draft on its screen."""
    screen.goto(reverse("review:submit", args=[page.pk]))
    screen.get_by_label(kind).check()
    screen.get_by_label("What changed?").fill(note)
    screen.get_by_label("Why was the change made?").fill("A new label.")
    screen.get_by_role("button", name="Submit for review").click()
    expect(screen.get_by_text("is in review. The public pages have not changed.")).to_be_visible()
    return Submission.objects.get(status="in_review")


def test_a_correction_while_a_long_draft_waits(
    open_browser: Any, writer: Any, reviewer: Any, subtests: pytest.Subtests
) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    write(page, writer, "how_it_works", LONG)
    screen: Page = open_browser(writer).page
    screen.goto(reverse("review:set_aside:correct", args=[page.pk]))
    check(screen, subtests, "correct")
    screen.get_by_role("button", name="Set the draft aside and correct the public text").click()
    expect(screen.get_by_text("A draft of this page was set aside by Writer Tester")).to_be_visible()

    # The writer corrects two sections, one of which the draft set aside changes, too
    write(page, writer, "how_it_is_administered", "About how_it_is_administered!", note="Marks.")
    write(page, writer, "how_it_works", "About how_it_works!", note="Marks.")
    screen.goto("about:blank")
    correction = submit_on(screen, page, "Correction: only what changed is checked", "Marks were corrected.")
    expect(screen.get_by_text("Another draft of this page was set aside")).to_be_visible()
    sign(correction, reviewer)
    public = Client().get(PATH)
    assert public["X-Edition"] == "testumab/2"
    assert "About how_it_works!" in public.content.decode()
    assert LONG not in public.content.decode()

    screen.goto(reverse("review:set_aside:draft", args=[page.pk]))
    check(screen, subtests, "draft set aside")
    screen.get_by_role("link", name="Merge the draft set aside").click()
    expect(screen.get_by_role("heading", name="1 place to decide")).to_be_visible()
    check(screen, subtests, "merge")
    screen.get_by_role("button", name="Merge the draft set aside").click()
    expect(screen.get_by_text("Choose one of these texts.")).to_be_visible()
    screen.get_by_label("The draft set aside").check()
    screen.get_by_role("button", name="Merge the draft set aside").click()
    expect(screen.get_by_text("The draft set aside is merged.")).to_be_visible()
    assert LONG in words_of(page, "how_it_works")
    assert "administered!" in words_of(page, "how_it_is_administered")
    assert not SetAsideDraft.objects.get().is_open

    screen.goto("about:blank")
    merged = submit_on(screen, page, "Full review: the whole text is read and checked again", "More is said.")
    sign(merged, reviewer, password=PASSWORD)
    public = Client().get(PATH)
    assert public["X-Edition"] == "testumab/3"
    assert LONG in public.content.decode()
    assert MonographPage.objects.get(pk=page.pk).live
