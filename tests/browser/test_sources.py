"""Sources in the editor: chosen from the library or added on the way, and the tab order of a section."""

import os
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from monographs.models import MonographPage
from monographs.review.sources_of_pages.source_tasks import refresh_source_tasks
from monographs.source_library.models import LibrarySource
from tests.browser.accessibility import grave
from tests.browser.admin_pages import wait_for_findings
from tests.browser.test_editor import WIDTHS, open_editor, open_fold, section
from tests.factories import make_monograph, make_user, publish
from tests.source_library.library import add_source, change_source, use_source
from tests.source_library.test_tasks import ADDRESS, link

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = "how_it_works"
#: What the tab key comes to last in a section, after its own fields.
ENDS = ["Sources of this page", "Choose from the library"]
#: Folder for pictures of the screens; without it there are none.
PICTURES = os.environ.get("SOURCE_PICTURES", "")
#: The element with the focus, if it is in ``root``, and where it is beside the one before. Both are measured
#: now: a row of side effects closes when the focus leaves it.
FOCUSED = """(root) => {
  const active = document.activeElement;
  if (!root.contains(active)) return null;
  let before = root.stopBefore || active;
  while (!before.getBoundingClientRect().height) before = before.parentElement;
  root.stopBefore = active;
  const { bottom, width, height } = active.getBoundingClientRect();
  return {
    words: (active.getAttribute("aria-label") || active.textContent.trim() || active.outerHTML).slice(0, 160),
    seen: width > 0 && height > 0 && getComputedStyle(active).visibility === "visible",
    below: bottom - before.getBoundingClientRect().top,
  };
}"""
FOCUS_FIRST = """(root) => root.querySelector(
  "button, input:not([type=hidden]), [tabindex], a[href], summary, [contenteditable=true]"
).focus()"""
#: Far more than a section has.
MOST_STOPS = 300
#: Pixels by which a stop may be higher than the one before in the same line.
UNEVEN = 4


def picture(screen: Page, name: str) -> None:
    if PICTURES:
        screen.screenshot(path=f"{PICTURES}/{name}.png", full_page=False)


def references(screen: Page) -> Locator:
    return section(screen, PLACE).locator('[data-contentpath="sources"] input[type=text]')


def sources_list(screen: Page) -> Locator:
    return screen.locator("[data-editor-block=SourcesBlock]")


@WIDTHS
def test_a_source_that_was_superseded_is_replaced_with_one_click(
    open_browser: Any, writer: Any, width: int
) -> None:
    older, newer = (add_source(f"The guideline of {year}", by=writer) for year in (2020, 2026))
    change_source(older, writer, superseded_by=newer)
    page = use_source(make_monograph(by=writer), older, writer, seen="2020-05-01")
    screen = open_editor(open_browser, writer, page, width)
    open_fold(screen, "sources").get_by_role("button", name=f"Show “{newer}”").click()
    expect(sources_list(screen).get_by_text(str(newer))).to_be_visible()
    expect(sources_list(screen).get_by_text(str(older))).to_be_hidden()
    assert grave(screen, "[data-editor-block=SourcesBlock]") == []
    picture(screen, f"newer-{width}")
    with screen.expect_navigation():
        screen.get_by_role("button", name="Save draft").click()
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    (source,) = draft.sources.get_prep_value()
    assert source["value"] == {"reference": "label", "source": newer.pk, "date_seen": None}


@WIDTHS
def test_a_section_takes_a_source_of_the_library_or_adds_one(
    open_browser: Any, writer: Any, width: int
) -> None:
    add_source("Myeloma guideline", address=ADDRESS, by=writer)
    add_source("Kidneys of the old", by=writer)
    page = make_monograph(by=writer)
    screen = open_editor(open_browser, writer, page, width)
    field = section(screen, PLACE).locator('[data-contentpath="sources"]')
    field.scroll_into_view_if_needed()
    expect(field.locator(".source-names").first).to_have_text("The label")
    picture(screen, f"section-{width}")
    wait_for_findings(screen)
    field.get_by_role("button", name="Choose from the library").click()
    modal = screen.locator(".modal-dialog")
    modal.get_by_placeholder("Title, publisher").fill("myeloma")
    expect(modal.get_by_role("link", name="Kidneys of the old")).to_have_count(0)  # the search has answered
    expect(modal.get_by_role("link", name="Myeloma guideline")).to_be_visible()
    picture(screen, f"chooser-{width}")
    assert grave(screen, ".modal-dialog") == []
    modal.get_by_role("link", name="Myeloma guideline").click()
    expect(references(screen)).to_have_value("label, nccn")
    expect(field.locator(".source-names").first).to_have_text("The label · Myeloma guideline (NCCN)")

    wait_for_findings(screen)
    field.get_by_role("button", name="Choose from the library").click()
    modal.get_by_role("tab", name="Add a source").click()
    form = modal.locator("#tab-create")
    form.locator("select[name$=kind]").select_option("paper")
    form.locator("input[name$=title]").fill("Myeloma guidelines")
    form.get_by_role("button", name="Add to the library").click()
    expect(form.get_by_text("sources like it")).to_be_visible()
    picture(screen, f"near-{width}")
    form.get_by_label("It is another source").check()
    form.get_by_role("button", name="Add to the library").click()
    expect(references(screen)).to_have_value("label, nccn, myeloma")
    expect(
        sources_list(screen).locator("> [data-streamfield-stream-container] > [data-streamfield-child]")
    ).to_have_count(3)
    wait_for_findings(screen)
    fold = field.locator("details")
    fold.locator("summary").click()
    fold.get_by_label("nccn: Myeloma guideline").uncheck()
    expect(references(screen)).to_have_value("label, myeloma")
    picture(screen, f"chosen-{width}")
    assert grave(screen, ".source-names__tools", "[data-editor-block=SourcesBlock]") == []
    screen.get_by_role("button", name="Save draft").first.click()
    expect(screen.get_by_text("has been updated").first).to_be_visible()
    draft = MonographPage.objects.get().get_latest_revision_as_object()
    assert [source.title for source in draft.to_document().sources] == [
        "The label",
        "Myeloma guideline",
        "Myeloma guidelines",
    ]


@WIDTHS
def test_a_typed_source_is_put_into_the_library(open_browser: Any, writer: Any, width: int) -> None:
    page = make_monograph(by=writer)
    screen = open_editor(open_browser, writer, page, width)
    typed = sources_list(screen)
    typed.get_by_role("button", name="Put in the library").click()
    expect(typed.get_by_text("Added to the library")).to_be_visible()
    expect(typed.get_by_text("The label (FDA)")).to_be_visible()
    expect(typed.get_by_role("button", name="Put in the library")).to_have_count(0)
    picture(screen, f"adopted-{width}")
    screen.get_by_role("button", name="Save draft").first.click()
    expect(screen.get_by_text("has been updated").first).to_be_visible()
    draft = MonographPage.objects.get().get_latest_revision_as_object()
    (child,) = draft.sources
    assert (child.block_type, child.value["reference"]) == ("library", "label")
    assert child.value["source"] == LibrarySource.objects.get()
    assert draft.to_document().sources[0].title == "The label"


def stops(screen: Page, root: Locator) -> list[dict[str, Any]]:
    """Return what the tab key comes to in an element, one after the other."""
    element = root.element_handle()
    assert element is not None
    screen.evaluate(FOCUS_FIRST, element)
    found: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        stop = screen.evaluate(FOCUSED, element)
        if stop is None:
            return found
        found.append(stop)
        screen.keyboard.press("Tab")
    raise AssertionError("the focus does not leave the section")


@WIDTHS
def test_the_tab_key_follows_the_eye_through_a_section(open_browser: Any, writer: Any, width: int) -> None:
    """Each stop is seen, and is beside or below the one before; sources come last."""
    screen = open_editor(open_browser, writer, make_monograph(by=writer), width)
    screen.set_viewport_size({"width": width, "height": 8000})  # nothing scrolls, so what sticks stays
    wait_for_findings(screen)
    for place in (PLACE, "common_side_effects"):
        found = stops(screen, section(screen, place))
        assert len(found) > len(ENDS)
        assert [stop["words"] for stop in found if not stop["seen"]] == []
        assert [stop["words"] for stop in found if stop["below"] <= UNEVEN] == []
        assert [stop["words"] for stop in found[-len(ENDS) :]] == ENDS


@WIDTHS
def test_the_screens_of_the_library_are_accessible(
    open_browser: Any, writer: Any, reviewer: Any, width: int
) -> None:
    source = add_source(address=ADDRESS, by=writer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)
    link()
    (task,) = refresh_source_tasks()
    screen: Page = open_browser(writer, width=width).page
    for name, address in (
        ("list", "/admin/sources/"),
        ("source", f"/admin/sources/inspect/{source.pk}/"),
        ("add", "/admin/sources/add/"),
        ("tasks", "/admin/source-tasks/"),
        ("task", f"/admin/source-tasks/{task.pk}/"),
    ):
        screen.goto(address)
        expect(screen.locator("main")).to_be_visible()
        picture(screen, f"{name}-{width}")
        assert grave(screen, "main") == [], name
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    screen.get_by_label("Why is it still right?").fill("I read it on paper.")
    screen.get_by_role("button", name="Answer: still right").click()
    expect(screen.get_by_text("goes on showing this source")).to_be_visible()


@WIDTHS
def test_the_screens_on_which_many_pages_are_answered_for_and_changed_are_accessible(
    open_browser: Any, writer: Any, reviewer: Any, width: int
) -> None:
    editor = make_user("editor", "Editors")
    source = add_source("The older one", by=writer)
    for name in ("anumab", "bnumab"):
        publish(use_source(make_monograph(name, by=writer), source, writer), writer, reviewer)
    newer = add_source("The newer one", by=writer)
    change_source(source, editor, superseded_by=newer)
    refresh_source_tasks()
    screen: Page = open_browser(editor, width=width).page
    for name, address, button in (
        ("replace", f"/admin/source-tasks/of/{source.pk}/replace/", "Make the drafts"),
        ("newer", f"/admin/sources/add/?newer_of={newer.pk}", "Save"),
        ("answers", f"/admin/sources/inspect/{source.pk}/", "Answer for the ticked pages"),
    ):
        screen.goto(address)
        expect(screen.get_by_role("button", name=button).first).to_be_visible()
        picture(screen, f"{name}-{width}")
        assert grave(screen, "main") == [], name
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    screen.get_by_label("bnumab").uncheck()
    screen.get_by_label("Why is it still right?").fill("I read it on paper.")
    screen.get_by_role("button", name="Answer for the ticked pages").click()
    expect(screen.get_by_text("Answered: 1 page")).to_be_visible()
    assert grave(screen, "main") == []
