"""Paste into the editor in a browser: what is stored, what is said below the field, and one click to undo."""

import os
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from monographs.blocks.resolve_context import resolve_html
from monographs.document.html import inline_html, sanitise
from monographs.models import MonographPage
from tests.browser.accessibility import grave
from tests.browser.admin_pages import wait_for_findings
from tests.browser.conftest import PATIENCE
from tests.factories import make_monograph, stream, text
from tests.imports.clipboards.samples import SAMPLES, clipboard

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = "how_it_works"
GIVEN = "given-case"
_PASTE = """(element, data) => {
    const transfer = new DataTransfer();
    for (const [type, value] of Object.entries(data)) transfer.setData(type, value);
    element.focus();
    const event = {clipboardData: transfer, bubbles: true, cancelable: true};
    element.dispatchEvent(new ClipboardEvent("paste", event));
}"""


#: Whether a text has gone from the values that the form will send: Draftail hands them over after a pause.
_IN_THE_FORM = """(gone) => [...document.querySelectorAll("[data-draftail-input]")]
    .every((input) => !input.value.includes(gone))"""


def written(writer: Any, *words: str, **values: Any) -> MonographPage:
    """Create a draft with a text block for each of ``words`` in *How it works*."""
    page = make_monograph(by=writer)
    draft = page.get_latest_revision_as_object()
    sections = {child["type"]: child["value"] for child in draft.sections.get_prep_value()}
    sections[PLACE]["content"] = [*map(text, words), *values.get("more", [])]
    draft.sections = stream(sections)
    draft.save_revision(user=writer, clean=False)
    return page


def open_editor(open_browser: Any, user: Any, page: MonographPage, width: int = 1280) -> Page:
    screen: Page = open_browser(user, width=width).page
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    expect(screen.locator(".editor-panel__status")).to_have_count(1, timeout=PATIENCE)
    wait_for_findings(screen)
    return screen


def section(screen: Page, anchor: str = PLACE) -> Locator:
    return screen.locator(f"[data-streamfield-child]:has(> input[name$='-type'][value={anchor}])").first


def blocks(screen: Page, kind: str = "text") -> Locator:
    """The blocks of a kind in *How it works* that are not deleted."""
    return section(screen).locator(
        f"[data-streamfield-child]:has(> input[name$='-type'][value={kind}])"
        ":has(> input[name$='-deleted'][value=''])"
    )


def box(screen: Page, n: int = 0) -> Locator:
    return blocks(screen).nth(n).locator(".public-DraftEditor-content").first


def paste(target: Locator, html: str = "", words: str = "", **more: str) -> None:
    """Paste as a browser does, with the types that a program put on the clipboard."""
    data = {"text/html": html, "text/plain": words, **more}
    target.evaluate(_PASTE, {kind: value for kind, value in data.items() if value})


def select_all(screen: Page, target: Locator) -> None:
    target.scroll_into_view_if_needed()
    target.click()
    screen.keyboard.press("Control+A")


def report(screen: Page) -> Locator:
    return screen.locator(".paste-report")


def undo(screen: Page) -> None:
    wait_for_findings(screen)
    report(screen).get_by_role("button", name="Undo paste").click()
    expect(report(screen)).to_have_count(0)


def save(screen: Page) -> None:
    """Save the draft by its button, and wait for the answer."""
    wait_for_findings(screen)
    with screen.expect_navigation():
        screen.get_by_role("button", name="Save draft").click()
    expect(screen.locator(".editor-panel__status")).to_have_count(1, timeout=PATIENCE)


def stored(page: MonographPage) -> list[Any]:
    """The content of *How it works* in the latest draft: rich text, or rows of cells."""
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    content = next(child.value for child in draft.sections if child.block_type == PLACE)["content"]
    return [content_of(child) for child in content]


def content_of(child: Any) -> Any:
    if child.block_type == "table":
        rows = child.value["cells"].row_data
        return [[inline_html(resolve_html(cell)) for cell in row["values"]] for row in rows]
    return without_spaces(resolve_html(child.value)) if child.block_type == "text" else child.value


def without_spaces(html: str) -> str:
    """HTML without the spaces between blocks, which the editor does not keep."""
    return re.sub(r"\s*(</?(?:p|ul|ol|li|h3|h4|br)>)\s*", r"\1", html)


def expected(name: str) -> list[Any]:
    """What a clipboard becomes in the editor: texts between tables are one text."""
    found: list[Any] = []
    for block in SAMPLES[name].blocks:
        if not isinstance(block, str):
            found.append([[inline_html(sanitise(f"<p>{cell}</p>")) for cell in row] for row in block])
        elif found and isinstance(found[-1], str):
            found[-1] += block
        else:
            found.append(block)
    return [without_spaces(sanitise(each)) if isinstance(each, str) else each for each in found]


#: Clipboards on one page: each adds an editor, so all of them on one page would be slow.
_ON_A_PAGE = 6
#: One of each program, and with ``CLIPBOARDS=all`` every clipboard: ten minutes.
_SOME = ("word-tracked", "word-web-struck", "docs-table", "excel-table", "pdf-js-lines", "outlook-list")
_CHOSEN = list(SAMPLES if os.environ.get("CLIPBOARDS") == "all" else _SOME)
PAGES = [_CHOSEN[n : n + _ON_A_PAGE] for n in range(0, len(_CHOSEN), _ON_A_PAGE)]


@pytest.mark.parametrize("names", PAGES, ids=lambda names: f"{names[0]} to {names[-1]}")
def test_every_clipboard_is_stored_as_it_shows_and_undone_in_one_click(
    open_browser: Any, writer: Any, names: list[str]
) -> None:
    page = written(writer, *(f"Marker {n}." for n in range(len(names))))
    screen = open_editor(open_browser, writer, page)
    for n in reversed(range(len(names))):  # tables and texts go below, so that those above keep their place
        html = clipboard(names[n])
        select_all(screen, box(screen, n))
        paste(box(screen, n), html, "plain")
        expect(report(screen)).to_have_count(1, timeout=PATIENCE)
        for kind, quote in SAMPLES[names[n]].remarks:
            shown = report(screen).locator(f"[data-kind={kind}]").filter(has_text=quote)
            expect(shown.first).to_be_visible()
        count = blocks(screen, "table").count()
        undo(screen)
        expect(box(screen, n)).to_have_text(f"Marker {n}.")
        assert blocks(screen, "table").count() <= count
        select_all(screen, box(screen, n))
        paste(box(screen, n), html, "plain")
        expect(report(screen)).to_have_count(1, timeout=PATIENCE)
        wait_for_findings(screen)
        report(screen).get_by_role("button", name="Close").click()
        screen.wait_for_function(_IN_THE_FORM, arg=f"Marker {n}.", timeout=PATIENCE)
    save(screen)
    found = [block for block in stored(page) if block]
    assert found == [block for name in names for block in expected(name)]


def test_the_place_of_a_paste_is_kept_with_the_words_around_it(open_browser: Any, writer: Any) -> None:
    page = written(writer, "Before. After.")
    screen = open_editor(open_browser, writer, page)
    box(screen).click()
    screen.keyboard.press("Home")
    for _ in range(len("Before.")):
        screen.keyboard.press("ArrowRight")
    paste(box(screen), clipboard(GIVEN))
    expect(report(screen)).to_contain_text("Take 50 mg.", timeout=PATIENCE)
    save(screen)
    assert stored(page) == [
        "<p>Before.Give 2 x 10<sup>8</sup> cells.</p>",
        [["1", "0 mg"]],
        "<p>Take 5 mg.</p>",
        "<p>After.</p>",
    ]


def test_an_undone_paste_leaves_what_was_there(open_browser: Any, writer: Any) -> None:
    page = written(writer, "Before. After.")
    screen = open_editor(open_browser, writer, page)
    before = stored(page)
    box(screen).click()
    screen.keyboard.press("Home")
    paste(box(screen), clipboard(GIVEN))
    expect(report(screen)).to_be_visible(timeout=PATIENCE)
    undo(screen)
    expect(blocks(screen, "table")).to_have_count(0)
    save(screen)
    assert stored(page) == before


def test_left_out_words_are_inserted_and_plain_text_is_chosen_by_keyboard(
    open_browser: Any, writer: Any
) -> None:
    page = written(writer, "Old.")
    screen = open_editor(open_browser, writer, page)
    select_all(screen, box(screen))
    paste(box(screen), "<p>Take 5 mg.</p><p>Give 10<sup>8</sup>. <s>Stop.</s></p>")
    expect(screen.locator("body > [role=status]").filter(has_text="1 left out")).to_be_attached(
        timeout=PATIENCE
    )
    screen.keyboard.press("Tab")
    insert = report(screen).get_by_role("button", name="Insert left-out words")
    for _ in range(8):
        if insert.evaluate("button => button === document.activeElement"):
            break
        screen.keyboard.press("Tab")
    screen.keyboard.press("Enter")
    expect(box(screen)).to_contain_text("Stop.")
    undo_button = report(screen).get_by_role("button", name="Undo paste")
    undo_button.focus()
    screen.keyboard.press("Enter")
    expect(box(screen)).to_have_text("Old.")


def test_a_paste_outlives_a_server_that_does_not_answer(open_browser: Any, writer: Any) -> None:
    page = written(writer, "Old.")
    screen = open_editor(open_browser, writer, page)
    screen.route("**/admin/import/paste/", lambda route: route.abort())
    select_all(screen, box(screen))
    paste(box(screen), clipboard(GIVEN), "Give 2 x 108 cells.\n1\t0 mg\nTake 50 mg. Take 5 mg.")
    expect(report(screen)).to_contain_text("The server cannot be reached", timeout=PATIENCE)
    expect(report(screen).locator("[data-kind=omitted]")).to_contain_text("Take 50 mg.")
    save(screen)
    assert stored(page) == ["<p>Give 2 x 10⁸ cells.</p><p>1 | 0 mg</p><p>Take 5 mg.</p>"]


def test_a_field_that_has_no_table_beside_it_keeps_rows_apart(open_browser: Any, writer: Any) -> None:
    advice = {"type": "advice", "value": {"urgency": "call_today", "text": "<p>Old.</p>"}}
    page = written(writer, "Text.", more=[advice])
    screen = open_editor(open_browser, writer, page)
    target = blocks(screen, "advice").locator(".public-DraftEditor-content").first
    select_all(screen, target)
    paste(target, clipboard(GIVEN))
    expect(report(screen)).to_contain_text("its rows became lines", timeout=PATIENCE)
    expect(target).to_contain_text("1 | 0 mg")
    expect(
        target.locator("sup, [style*=super]").or_(target.get_by_text("8", exact=True)).first
    ).to_be_visible()


def test_lines_and_raised_digits_stay_apart_in_a_plain_field(open_browser: Any, writer: Any) -> None:
    effects = section_of = "common_side_effects"
    screen = open_editor(open_browser, writer, written(writer, "Text."))
    name = section(screen, section_of).locator("input[type=text][name$='name']").first
    assert effects
    name.fill("")
    paste(name, "", "Day 1\n0 mg")
    expect(name).to_have_value("Day 1 0 mg", timeout=PATIENCE)
    name.fill("")
    paste(name, "<p>Give 10<sup>8</sup>, <s>50</s> 5 mg</p>", "Give 108, 50 5 mg")
    expect(name).to_have_value("Give 10⁸, 5 mg", timeout=PATIENCE)
    expect(report(screen).locator("[data-kind=omitted]")).to_contain_text("50")
    undo(screen)
    expect(name).to_have_value("")
    name.fill("")
    paste(name, "", "word " * 80)
    expect(report(screen)).to_contain_text("takes 300 characters", timeout=PATIENCE)
    assert len(name.input_value()) == len("word " * 80) - 1


def test_a_link_to_our_own_page_becomes_a_link_to_the_page(
    open_browser: Any, writer: Any, live_server: Any
) -> None:
    other = make_monograph("otherumab", by=writer)
    page = written(writer, "Old.")
    screen = open_editor(open_browser, writer, page)
    select_all(screen, box(screen))
    own = f"{live_server.url}/medicines/otherumab/"
    paste(box(screen), f'<p>See <a href="{own}">it</a>, <a href="tel:+1 800 332 1088">call</a>.</p>')
    expect(report(screen)).to_have_count(1, timeout=PATIENCE)
    save(screen)
    key = other.translation_key
    assert stored(page) == [f'<p>See <a data-page="{key}">it</a>, <a href="tel:+18003321088">call</a>.</p>']


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_report_can_be_read_and_used(
    open_browser: Any, writer: Any, width: int, subtests: pytest.Subtests
) -> None:
    screen = open_editor(open_browser, writer, written(writer, "Old."), width)
    select_all(screen, box(screen))
    source = clipboard(GIVEN) + clipboard("web-links") + clipboard("word-tracked")
    paste(box(screen), source)
    expect(report(screen)).to_be_visible(timeout=PATIENCE)
    report(screen).scroll_into_view_if_needed()
    for theme in ("light", "dark"):
        with subtests.test(theme=theme):
            screen.emulate_media(color_scheme=theme)
            assert grave(screen, ".paste-report") == []
    assert report(screen).evaluate("box => box.scrollWidth <= box.clientWidth")
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
