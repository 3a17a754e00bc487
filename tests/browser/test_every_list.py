"""Every list of the admin on a phone and, in the dark, on a tablet: nothing is cut or too small to press."""

from contextlib import suppress
from typing import Any

import pytest
from django.test import override_settings
from django.urls import resolve
from playwright.sync_api import TimeoutError as BrowserTimeout

from tests.browser.accessibility import grave
from tests.factories import make_user
from tests.wagtail_integration.listed_rows import ListedRows
from tests.wagtail_integration.test_list_queries import SCREENS

pytestmark = pytest.mark.django_db(transaction=True)

#: How long Wagtail's header may take to move, in ms.
MOVEMENT = 3000
#: Views of Wagtail's own are not ours to arrange; files and what dialogs show are no screens.
OURS, NO_SCREENS = ("monographs.", "home."), ("as CSV", "to choose")
#: What a reader of a screen would stumble over, by a script; a width below 800 px is pressed by a finger.
FAULTS = r"""() => {
    const faults = [];
    const main = document.querySelector("main");
    const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;
    const called = (element) => `${element.className} “${element.innerText.trim().slice(0, 60)}”`;
    if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the screen");
    for (const button of main.querySelectorAll(".button")) {
        if (!shown(button)) continue;
        if (button.scrollWidth > button.clientWidth + 1 || button.scrollHeight > button.clientHeight + 1)
            faults.push("cut: " + called(button));
    }
    const pressed = ".button, summary, a[class$=__title], [class$=__title] a, .review-dashboard__links a";
    for (const target of innerWidth < 800 ? main.querySelectorAll(pressed) : []) {
        const height = target.getBoundingClientRect().height;
        if (target.innerText.trim() && shown(target) && height < 43.5) faults.push("low: " + called(target));
    }
    for (const name of main.querySelectorAll(".listing th"))
        if (shown(name) && name.scrollWidth > name.clientWidth + 1) faults.push("cut: " + called(name));
    for (const cell of innerWidth < 800 ? main.querySelectorAll(".listing td") : [])
        if (!cell.dataset.column && /^\s*\d+\s*$/.test(cell.innerText))
            faults.push("number: " + called(cell));
    for (const [words] of main.innerText.matchAll(/\b(20\d\d-\d\d-\d\d|None(?! yet))\b/g))
        faults.push("for machines: " + words);
    const last = document.querySelector(".w-breadcrumbs li:last-child a");
    const room = last?.closest(".w-breadcrumbs").getBoundingClientRect().right;
    if (last?.getBoundingClientRect().right > room + 1) faults.push("cut: " + called(last));
    const place = last?.innerText.trim().replace(/\s*:\s*/, ": ");
    if (place && !document.title.includes(place)) faults.push(`“${place}” above “${document.title}”`);
    return faults;
}"""


def test_nothing_is_cut_or_too_small(
    open_browser: Any, writer: Any, reviewer: Any, editor: Any, subtests: pytest.Subtests
) -> None:
    rows = ListedRows(writer, reviewer, editor)
    with override_settings(OUTSIDE_SIGNATURES=True):
        rows.add(["a"])
    page = open_browser(make_user("admin", superuser=True)).page
    for name, address_of in SCREENS.items():
        address = address_of(rows)
        view = resolve(address.partition("?")[0]).func
        if not getattr(view, "view_class", view).__module__.startswith(OURS) or name.endswith(NO_SCREENS):
            continue
        page.goto(address)
        for width, theme in ((360, "light"), (768, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)
            with subtests.test(name, width=width, theme=theme):
                assert _faults(page) == []
                assert grave(page, "main") == []


def _faults(page: Any) -> list[str]:
    """Return what stays wrong once Wagtail's header has come to rest after a change of the width."""
    with suppress(BrowserTimeout):
        page.wait_for_function(f"() => !({FAULTS})().length", timeout=MOVEMENT)
    return list(page.evaluate(FAULTS))
