"""Reviews of unchanged pages, and of first editions, in a browser: accessible, on phones, few clicks."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from monographs.editions.models import Edition
from tests.browser.accessibility import grave
from tests.browser.task_tally import task
from tests.factories import PASSWORD, make_monograph, publish, submit

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_pages_are_reviewed_on_a_phone(
    open_browser: Any, writer: Any, reviewer: Any, reviewer2: Any, subtests: pytest.Subtests
) -> None:
    pages = [make_monograph(name, by=writer) for name in ("alphaumab", "betaumab")]
    for page in pages:
        publish(page, writer, reviewer)
    screen: Page = open_browser(reviewer2, width=390).page
    screen.goto(f"{reverse('due:list')}?show=year")
    with subtests.test("list"):
        assert grave(screen, "main") == []
        assert screen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    with task(screen, "yearly review of two on a phone, nothing to change", clicks=9, keys=2, loads=3):
        screen.get_by_role("button", name="Review the ticked pages").click()
        for number in range(1, len(pages) + 1):
            expect(screen.get_by_text(f"Page {number} of 2")).to_be_visible()
            frame = screen.frame_locator("iframe[name=document]")
            expect(frame.get_by_text("About how_it_works.")).to_be_visible()
            screen.wait_for_load_state()
            with subtests.test("page", number=number):
                assert grave(screen, "main") == []
                assert screen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            for box in screen.locator("main input[name=statements]").all():
                box.click()
            screen.get_by_label("Your password").click()
            screen.keyboard.type(PASSWORD)
            screen.keyboard.press("Enter")
        expect(screen.get_by_role("heading", name="Reviews due").first).to_be_visible()
    assert Edition.objects.filter(number=2).count() == len(pages)


def test_a_first_edition_is_read_as_patients_will_see_it(
    open_browser: Any, writer: Any, reviewer: Any, reviewer2: Any, subtests: pytest.Subtests
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    for theme, width in (("light", 1280), ("dark", 390)):
        screen: Page = open_browser(reviewer, width=width).page
        screen.emulate_media(color_scheme=theme)
        screen.goto(reverse("review:review", args=[submission.pk]))
        section = screen.locator("#section-how_it_works")
        frame = section.frame_locator("iframe")
        with subtests.test("frame", theme=theme):
            expect(frame.get_by_text("About how_it_works.")).to_be_visible()
            expect(frame.get_by_text("About how_it_is_administered.")).to_be_hidden()
            effects = screen.frame_locator("#section-common_side_effects iframe")
            expect(effects.get_by_text("Call 911 at once.").first).to_be_visible()
            rest = screen.frame_locator("#section-page iframe")
            expect(rest.get_by_text("testumab is a medicine.")).to_be_visible()
            expect(rest.get_by_text("About how_it_works.")).to_be_hidden()
            assert screen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        with subtests.test("axe", theme=theme):
            assert grave(screen, "main") == []
    section.get_by_role("button", name="Mark as read").click()
    expect(section.get_by_text("Not read yet")).to_be_visible()
    screen.get_by_role("button", name="Claim this review").click()
    expect(screen.get_by_text("You have claimed this text")).to_be_visible()
    other: Page = open_browser(reviewer2).page
    other.goto(reverse("review:review", args=[submission.pk]))
    expect(other.get_by_text("Reviewer Tester has claimed this text").first).to_be_visible()
    expect(other.get_by_text("Open now on other screens: Reviewer Tester")).to_be_visible()
