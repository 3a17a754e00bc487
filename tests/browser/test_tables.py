"""Tables on a phone, on a wide screen and on paper: no sideways scrolling, a table for screen readers."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from monographs.document.parts import Table
from tests.browser.accessibility import violations
from tests.public.published import monograph, publish, sections

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.extended]

PATH = "/medicines/testumab/"
LONG = "https://example.org/a-very-long-address-without-any-space"
TABLE = Table(
    caption="How much",
    header=("Day", "Dose", "How often", "Cells", "Administration", "More"),
    row_headers=True,
    rows=tuple(
        (str(day), f"{day}.5 mg", "once a day", "10<sup>8</sup>", "1,000 to 2,000,000 tablets", LONG)
        for day in range(1, 4)
    ),
)


def opened(open_browser: Any, width: int, *, zoom: int = 100) -> Page:
    publish(monograph(sections=sections(TABLE)))
    screen: Page = open_browser(width=width).page
    screen.goto(PATH)
    screen.evaluate("zoom => { document.documentElement.style.fontSize = `${zoom}%` }", zoom)
    return screen


@pytest.mark.parametrize(("width", "zoom"), [(320, 200), (360, 100), (640, 100), (768, 100), (1280, 100)])
def test_a_page_with_six_columns_is_never_wider_than_the_screen(
    open_browser: Any, width: int, zoom: int
) -> None:
    screen = opened(open_browser, width, zoom=zoom)
    assert screen.evaluate("document.documentElement.scrollWidth") <= width
    cells = "[...document.querySelectorAll('.table :is(th, td)')]"
    beyond = screen.evaluate(f"{cells}.map((cell) => cell.scrollWidth - cell.clientWidth)")
    assert max(beyond) <= 1, "words of one cell cover the next"


def test_on_a_phone_each_value_stands_after_the_name_of_its_column(open_browser: Any) -> None:
    screen = opened(open_browser, 360)
    row = screen.locator(".table tbody tr").first
    assert row.inner_text().split("\n") == [
        "Day: 1",
        "Dose: 1.5 mg",
        "How often: once a day",
        "Cells: 108",
        "Administration: 1,000 to 2,000,000 tablets",
        f"More: {LONG}",
    ]
    snapshot = screen.locator(".table table").aria_snapshot()
    assert 'rowheader "Day: 1"' in snapshot
    assert 'cell "Dose: 1.5 mg"' in snapshot


def test_a_wide_screen_and_paper_show_the_names_once(open_browser: Any) -> None:
    screen = opened(open_browser, 1280)
    expect(screen.locator(".table thead")).to_be_visible()
    expect(screen.locator(".table__column").first).to_be_hidden()
    screen.set_viewport_size({"width": 500, "height": 900})
    expect(screen.locator(".table thead")).to_be_hidden()
    screen.emulate_media(media="print")
    expect(screen.locator(".table thead")).to_be_visible()
    expect(screen.locator(".table__column").first).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_table_is_accessible(open_browser: Any, width: int, subtests: pytest.Subtests) -> None:
    screen = opened(open_browser, width)
    for scheme in ("light", "dark"):
        with subtests.test(scheme=scheme):
            screen.emulate_media(color_scheme=scheme)
            assert violations(screen, ".table") == []
