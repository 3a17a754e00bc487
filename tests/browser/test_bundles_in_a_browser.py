"""Bundles, and find and replace that makes them, in a browser: accessible, on phones, signed as one."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from monographs.editions.models import Edition
from monographs.review.actions import MakeBundle
from monographs.review.bundles import bundle_views
from monographs.review.models import Note, ReviewBundle
from tests.browser.accessibility import grave
from tests.browser.admin_pages import tick_checklist
from tests.factories import PASSWORD, edit, make_monograph, publish, submit

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "Take it with food.", "Take it after a meal."


def check(page: Page, subtests: pytest.Subtests, screen: str) -> None:
    """Check a screen in light and dark, at 320, 390 and 1280 px."""
    for theme, width in (("light", 320), ("dark", 390), ("light", 1280), ("dark", 1280)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        with subtests.test(screen, theme=theme, width=width):
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            assert grave(page, "main") == []
    page.set_viewport_size({"width": 390, "height": 844})


def right_of(element: Locator) -> float:
    """Return where an element ends at the right, in pixels of the page."""
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def test_words_are_replaced_on_pages_and_signed_as_one(
    open_browser: Any, writer: Any, reviewer: Any, editor: Any, subtests: pytest.Subtests
) -> None:
    for name in ("alphaumab", "betaumab", "gammaumab"):
        page = edit(make_monograph(name, by=writer), writer, how_it_is_administered=f"{OLD} Rest.")
        publish(page, writer, reviewer)
    later = submit(edit(page, writer, how_it_works="It blocks CD20."), writer)

    admin: Page = open_browser(editor, width=390).page
    admin.goto(f"{reverse('bundles:replace')}?words={OLD}")
    expect(admin.get_by_text("alphaumab").first).to_be_visible()
    check(admin, subtests, "find")
    admin.get_by_label("Replace with").fill(NEW)
    admin.get_by_label("What changed, for patients").fill("It says when to take it.")
    admin.get_by_label("Why, for reviewers").fill("The label says so.")
    admin.get_by_label("Full review").check()
    admin.get_by_role("button", name="Make the drafts and submit them").click()
    expect(admin.get_by_role("heading", name="In review: 2 pages")).to_be_visible()
    check(admin, subtests, "outcome")
    admin.get_by_role("link", name="Open the bundle").click()
    expect(admin.get_by_role("heading", name="The same change on 2 pages")).to_be_visible()
    bundle = ReviewBundle.objects.get()
    admin.wait_for_load_state()
    admin.get_by_text("Put more texts into this bundle").click()
    admin.get_by_label("gammaumab").check()
    admin.get_by_role("button", name="Put them in").click()
    expect(admin.get_by_text("All texts of the bundle are signed as one")).to_be_visible()

    screen: Page = open_browser(reviewer, width=390).page
    screen.goto(reverse("bundles:bundle", args=[bundle.pk]))
    check(screen, subtests, "bundle")
    screen.get_by_role("button", name="Mark this change as read on 2 pages").press("Enter")
    expect(screen.get_by_text("2 of 3")).to_be_visible()
    screen.get_by_text("gammaumab").first.press("Enter")
    screen.locator(f"#page-{later.pk}").evaluate("(page) => { page.open = true; }")
    screen.get_by_role("button", name="Mark the changes of gammaumab as read").press("Enter")
    expect(screen.get_by_text("3 of 3")).to_be_visible()
    tick_checklist(screen)
    expect(screen.get_by_role("button", name="Save the checklist")).to_be_hidden()  # each tick is saved
    screen.get_by_label("Your password").fill(PASSWORD)
    screen.get_by_role("button", name="Sign all 3 pages").press("Enter")
    expect(screen.get_by_text("Signed and published: 3 pages, at one moment.")).to_be_visible()
    assert Edition.objects.filter(number=2, canonical__contains=NEW).count() == 2


def test_a_page_of_a_large_bundle_is_fetched_when_it_is_opened(
    open_browser: Any, writer: Any, reviewer: Any, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_views, "MOST_WHOLE", 1)
    texts = [
        submit(edit(make_monograph(name, by=writer), writer, how_it_works="It blocks CD20."), writer)
        for name in ("alphaumab", "betaumab")
    ]
    bundle = MakeBundle(editor, texts, title="Mechanisms").execute()
    screen: Page = open_browser(reviewer, width=390).page
    screen.goto(reverse("bundles:bundle", args=[bundle.pk]))
    page = screen.locator(f"#page-{texts[1].pk}")
    page.locator("summary").first.press("Enter")
    expect(page.get_by_text("It blocks CD20.")).to_be_visible()
    page.get_by_role("button", name="Mark the changes of betaumab as read").press("Enter")
    expect(page.get_by_text("All changes of this page are marked as read")).to_be_visible()
    expect(screen.get_by_text("1 of 2")).to_be_visible()
    assert grave(screen, "main") == []


def test_a_bundle_is_claimed_in_the_queue_and_noted_in_place(
    open_browser: Any, writer: Any, reviewer: Any, editor: Any, subtests: pytest.Subtests
) -> None:
    """By keyboard on a phone; the page is open at the note afterwards."""
    texts = []
    for name in ("alphaumab", "betaumab"):
        page = edit(make_monograph(name, by=writer), writer, how_it_works="It blocks CD19.")
        publish(page, writer, reviewer)
        draft = edit(page, writer, change_note=f"Of {name}.", how_it_works=f"It blocks {name}.")
        texts.append(submit(draft, writer))
    MakeBundle(editor, texts, title="Targets").execute()

    screen: Page = open_browser(reviewer, width=390).page
    screen.goto(reverse("review:queue"))
    check(screen, subtests, "queue")
    screen.get_by_role("button", name="Claim").press("Enter")
    expect(screen.get_by_text("You claimed it")).to_be_visible()
    expect(screen.get_by_role("button", name="Release")).to_be_visible()
    assert screen.evaluate("location.hash") == f"#text-{texts[0].pk}"
    screen.get_by_role("link", name="Bundle: Targets").press("Enter")
    expect(screen.get_by_text("You have claimed this bundle")).to_be_visible()
    screen.wait_for_load_state()
    shown = screen.locator(f"#page-{texts[1].pk}")
    shown.locator("summary").first.press("Enter")
    shown.get_by_text("Add a note on How it works").press("Enter")
    section = shown.locator("[data-section=how_it_works]")
    form = section.locator("form")
    button = form.get_by_role("button", name="Add note")
    assert right_of(button) <= right_of(shown)
    section.locator("ins", has_text="betaumab").evaluate("(words) => getSelection().selectAllChildren(words)")
    screen.get_by_role("button", name="Add a note on this passage").click()
    expect(form.get_by_label("The passage it is about")).to_have_value("betaumab")
    form.get_by_label("Your note").fill("Is this so?")
    button.press("Enter")
    expect(screen.get_by_text("Note added.")).to_be_visible()
    expect(section.locator(".review-note")).to_contain_text("Is this so?")
    note = Note.objects.get()
    assert note.quote == "betaumab"
    assert (note.submission_id, screen.evaluate("location.hash")) == (texts[1].pk, f"#note-{note.pk}")
    expect(shown.locator(f"#note-{note.pk}")).to_be_in_viewport()
    check(screen, subtests, "bundle with a note")
