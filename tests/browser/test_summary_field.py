"""All of a sentence is seen while it is written: the field of the summary grows with it, at every width."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from monographs.models import MonographPage
from tests.browser.admin_pages import wait_for_findings
from tests.factories import edit, make_monograph

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (360, 768, 1280)
SENTENCE = "It teaches the cells of your own immune system to find leukemia cells and to kill them. " * 3
HIDDEN = "(field) => [field.scrollHeight - field.clientHeight, field.scrollWidth - field.clientWidth]"
ID = "#id_summary"


def expect_all_to_show(screen: Page) -> None:
    expect(screen.locator(ID)).to_be_visible()
    assert max(screen.locator(ID).evaluate(HIDDEN)) <= 0


@pytest.mark.parametrize("width", WIDTHS)
def test_the_summary_grows_with_its_content(open_browser: Any, writer: Any, width: int) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, summary=SENTENCE.strip())
    screen: Page = open_browser(writer, width=width).page
    address = f"/admin/pages/{page.pk}/edit/"
    screen.goto(address)
    wait_for_findings(screen)
    expect_all_to_show(screen)
    lines = screen.locator(ID).evaluate("(field) => field.clientHeight")
    screen.fill(ID, "One line.")
    assert screen.locator(ID).evaluate("(field) => field.clientHeight") < lines
    screen.locator(ID).press_sequentially(f"\nAnother. {SENTENCE}"[:290])
    expect_all_to_show(screen)


def test_it_grows_in_a_panel_that_was_closed_at_load(open_browser: Any, writer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, summary=SENTENCE.strip())
    screen: Page = open_browser(writer, width=390).page
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    wait_for_findings(screen)
    toggle = screen.locator("[data-panel]", has=screen.locator(ID)).last.locator("[data-panel-toggle]").first
    toggle.click()
    wait_for_findings(screen)
    screen.reload()
    wait_for_findings(screen)
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect_all_to_show(screen)


def test_a_line_break_is_stored_as_a_space(open_browser: Any, writer: Any) -> None:
    page = make_monograph(by=writer)
    screen: Page = open_browser(writer, width=390).page
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    wait_for_findings(screen)
    screen.fill(ID, "It finds cells\nand kills them.")
    with screen.expect_navigation():
        screen.get_by_role("button", name="Save draft").click()
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.summary == "It finds cells and kills them."
