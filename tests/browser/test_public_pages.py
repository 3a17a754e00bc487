"""Public pages in a browser: accessibility, keyboard, small screens, large text and print."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from monographs.public.error_pages import server_error_page
from tests.browser.accessibility import EVERY_RULE, violations
from tests.browser.conftest import PATIENCE, ScriptErrors
from tests.public.full_document import PAGES, PATH, publish_everything

pytestmark = pytest.mark.django_db(transaction=True)

#: A phone and a desktop.
WIDTHS = (360, 1280)
#: User preferences, as Playwright names them.
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "light", "forced_colors": "active"},
}
BROKEN = "/broken/"
#: Rules that depend on colours.
COLOUR_RULES = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}


@pytest.fixture
def page(chromium: Browser, live_server: Any, traffic: Any) -> Iterator[Page]:
    """A browser at a site with one page of each kind, which fails on anything that is not loaded."""
    publish_everything()
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    errors = ScriptErrors(context)
    page = context.new_page()
    warnings: list[str] = []
    page.on("console", lambda said: warnings.append(said.text) if said.type == "warning" else None)
    page.route(f"**{BROKEN}", _break_down)
    yield page
    context.close()
    traffic.wait_until_idle()
    assert not errors.unexpected()
    assert not warnings


def _break_down(route: Route) -> None:
    response = server_error_page()
    route.fulfill(status=200, body=response.content.decode(), headers=dict(response.items()))


def test_the_line_below_the_shortcuts_ends_with_the_page_or_with_its_text(page: Page) -> None:
    page.goto(PATH)
    for width in (360, 700, 768, 1000):
        page.set_viewport_size({"width": width, "height": 900})
        bar, text = (page.locator(name).bounding_box() for name in (".shortcuts", ".monograph"))
        assert bar
        assert text
        sides = bar["x"], bar["x"] + bar["width"]
        assert sides in {(0, width), (text["x"], text["x"] + text["width"])}, width


def test_axe_finds_nothing_on_any_page_in_any_mode(page: Page) -> None:
    found = []
    for path in (*PAGES, BROKEN):
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for mode, media in MODES.items():
                page.emulate_media(**media)
                rules = EVERY_RULE if mode == "light" else COLOUR_RULES
                found += [
                    f"{path} at {width} in {mode}: {rule['id']}: {node['html'][:160]}"
                    for rule in violations(page, options=rules)
                    for node in rule["nodes"]
                ]
    assert not found, "\n".join(found)


def test_nothing_scrolls_sideways_on_a_small_screen_or_in_large_text(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    wide = []
    for path in (*PAGES, "/search/?q=overdose", BROKEN):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(path)
        for width, size in ((320, "100%"), (320, "200%"), (768, "200%"), (1280, "200%")):
            page.set_viewport_size({"width": width, "height": 900})
            needed = page.evaluate(
                "size => { document.documentElement.style.fontSize = size;"
                " return document.documentElement.scrollWidth; }",
                size,
            )
            if needed > width:
                wide.append(f"{path} at {width} px and {size} needs {needed} px")
    assert not wide


def test_the_header_leaves_room_for_the_page_in_large_text(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(PATH)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    header = page.locator(".header").bounding_box()
    assert header
    assert header["height"] < 640 / 2
    page.get_by_role("link", name="Menu").click()
    expect(page.get_by_role("navigation", name="Foot of the page")).to_be_in_viewport()
    page.evaluate("document.documentElement.style.fontSize = ''")
    expect(page.get_by_role("link", name="Menu")).to_be_hidden()


#: Whether the focused element and its focus indicator are visible.
_FOCUS = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    return {
        what: at.outerHTML.slice(0, 120),
        seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth,
        ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        body: at === document.body,
    };
}"""


def test_a_page_is_walked_by_keys_alone(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(PATH)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to main content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    stops = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUS)
        if stop["body"]:
            break
        stops.append(stop)
    assert len(stops) > 30
    assert not [stop["what"] for stop in stops if not (stop["seen"] and stop["ringed"])]


def test_contents_folds_and_search_work_by_keys(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{PATH}?for=test-leukemia")

    contents = page.get_by_role("navigation", name="Contents")
    expect(contents).to_be_hidden()
    page.get_by_role("link", name="Contents", exact=True).focus()
    page.keyboard.press("Enter")
    expect(contents).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(contents.get_by_role("link").first).to_be_focused()
    contents.get_by_role("link", name="How it works", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('#')[0]}#how-it-works")
    expect(page.locator("#how-it-works h2")).to_be_in_viewport()

    other = page.locator(".for-condition--folded details")
    expect(other.get_by_text("Or.")).to_be_hidden()
    other.locator("summary").focus()
    page.keyboard.press("Space")
    expect(other.get_by_text("Or.")).to_be_visible()

    page.get_by_role("searchbox").focus()
    page.keyboard.type("testu")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=testu"))
    expect(page.get_by_role("main").get_by_role("link", name="testumab").first).to_be_visible()


def test_contents_stay_in_sight_beside_the_text(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(f"{PATH}#about-this-page")
    expect(page.locator("#about-this-page")).to_be_in_viewport()
    expect(page.locator(".contents")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Get help now")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Contents", exact=True)).to_be_hidden()


def test_a_section_has_an_address_of_its_own(page: Page) -> None:
    page.goto(PATH)
    page.get_by_role("link", name="Link to section: How it works").click()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#how-it-works")


def test_paper_shows_the_text_its_edition_and_its_address_in_black(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(PATH)
    printed = page.locator(".printed")
    expect(printed).to_be_visible()
    expect(printed).to_contain_text(PATH)
    expect(printed).to_contain_text("edition 2 of")
    for gone in (
        ".header__nav",
        ".search",
        ".contents",
        ".shortcuts",
        ".footer",
        ".section__link",
    ):
        expect(page.locator(gone).first).to_be_hidden()
    for kept in ("#boxed-warning", "#how-it-works", "#sources", "#about-this-page", ".disclaimer"):
        expect(page.locator(kept)).to_be_visible()
    colours = page.evaluate(
        "() => [...document.querySelectorAll('main, main p, main li, main h2')]"
        ".map(each => getComputedStyle(each).color)"
    )
    assert set(colours) <= {"rgb(0, 0, 0)", "rgb(51, 51, 51)"}


def test_a_page_is_three_requests_at_most_and_none_elsewhere(page: Page, live_server: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PATH, wait_until="networkidle")
    fetched = [url for url in asked if not url.startswith("data:")]
    assert len(fetched) <= 3
    assert all(url.startswith(live_server.url) for url in fetched)
    assert not page.context.cookies()
