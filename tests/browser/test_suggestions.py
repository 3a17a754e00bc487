"""Search suggestions in a browser.

Where a name is chosen, all letters come at once: an answer for the first could replace the list meanwhile.
"""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE
from tests.public.published import monograph, publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def two_medicines(transactional_db: None) -> None:
    publish(monograph("blinatumomab", brand_names=("Blincyto",)))
    publish(monograph("imatinib", brand_names=("Gleevec",)))


def test_a_name_is_chosen_by_keys_and_the_field_says_so(open_browser: Any) -> None:
    page = open_browser().page
    page.goto("/")
    field = page.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("bli")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowUp")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_text("Blincyto blinatumomab")
    expect(field).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/medicines/blinatumomab/")


def test_names_go_with_the_words_they_were_offered_for(open_browser: Any) -> None:
    page = open_browser().page
    page.goto("/")
    field = page.get_by_role("combobox")
    field.press_sequentially("bli")
    expect(page.get_by_role("option")).to_have_count(2)
    field.press("Control+A")
    field.press("Delete")
    expect(page.get_by_role("option")).to_have_count(0)
    field.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_name_is_chosen_by_hand_on_a_phone(open_browser: Any) -> None:
    page = open_browser(width=360).page
    page.goto("/search/")
    page.get_by_role("combobox").fill("glivek")
    page.get_by_role("option", name="Gleevec").click()
    page.wait_for_url("**/medicines/imatinib/")


def test_enter_searches_for_what_was_typed_whatever_is_offered(open_browser: Any) -> None:
    page = open_browser().page
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("bli")
    expect(page.get_by_role("option")).to_have_count(2)
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/search/?q=bli")


def test_the_form_searches_without_script(chromium: Any, live_server: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/")
    page.fill("#q", "gleevac")
    page.press("#q", "Enter")
    expect(page.get_by_text("Showing results for Gleevec")).to_be_visible()
    context.close()
