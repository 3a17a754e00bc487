"""Queue, dashboard, calendar and history in a browser: accessible, responsive, usable by keyboard."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from monographs.review.actions import Return
from monographs.review.models import Submission
from tests.browser.accessibility import grave
from tests.factories import edit, make_monograph, publish, sign, submit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page_with_history(writer: Any, reviewer: Any, reviewer2: Any) -> Any:
    """Create pages at most stages of review; return the page with the longest history."""
    page = make_monograph("blinatumomab", by=writer, brand_names=["Blincyto"])
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It brings T cells to cancer cells.")
    Return(reviewer, submit(page, writer), reason="Explain T cells.").execute()
    edit(page, writer, how_it_works="It brings T cells, which fight infection, to cancer cells.")
    publish(page, writer, reviewer)
    edit(page, writer, how_it_is_administered="Into a vein, over 28 days.")
    late = submit(page, writer, reason="The label changed.")
    late.reviewers.set([reviewer, reviewer2])
    Submission.objects.filter(pk=late.pk).update(due_on=timezone.now().date() - timedelta(days=2))
    submit(make_monograph("mineumab", by=reviewer), reviewer)
    publish(make_monograph("publicumab", by=writer), writer, reviewer)
    later = timezone.now() + timedelta(hours=1)
    sign(submit(make_monograph("laterumab", by=writer), writer, publish_at=later), reviewer)
    make_monograph("draftumab-with-a-name-too-long-for-one-line-of-a-telephone", by=writer)
    back = submit(make_monograph("backumab", by=writer), writer)
    Return(reviewer2, back, reason="Say what to do about fever.").execute()
    return page


def addresses(page: Any) -> dict[str, str]:
    return {
        "queue": reverse("review:queue"),
        "board": reverse("dashboard:index"),
        "found": f"{reverse('dashboard:index')}?words=umab",
        "calendar": reverse("dashboard:calendar"),
        "record": reverse("review:record", args=[page.translation_key]),
        "dashboard": reverse("wagtailadmin_home"),
    }


def test_nothing_grave_for_axe_and_nothing_beside_the_screen(
    page_with_history: Any, reviewer: Any, open_browser: Any, subtests: pytest.Subtests
) -> None:
    for theme, width in (("light", 360), ("dark", 1280)):
        page = open_browser(reviewer, width=width).page
        page.emulate_media(color_scheme=theme)
        for name, address in addresses(page_with_history).items():
            with subtests.test(name, theme=theme, width=width):
                page.goto(address)
                page.get_by_role("main").wait_for()
                assert grave(page, "main", ".sidebar-menu-item__link[data-dashboard-count]") == []
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_from_the_menu_to_the_change_by_keyboard(
    page_with_history: Any, reviewer: Any, open_browser: Any
) -> None:
    page = open_browser(reviewer).page
    page.goto(reverse("wagtailadmin_home"))
    menu = page.get_by_role("link", name="Review: 1 waiting for your signature")
    expect(menu).to_be_visible()
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    page.wait_for_load_state()
    title = page.get_by_role("link", name="blinatumomab")
    for _ in range(60):
        page.keyboard.press("Tab")
        if title.evaluate("link => link === document.activeElement"):
            break
    expect(title).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The label changed.")).to_be_visible()


def test_filters_open_sort_and_leave_by_keyboard(
    page_with_history: Any, writer: Any, open_browser: Any
) -> None:
    page = open_browser(writer, width=360).page
    page.goto(reverse("dashboard:index"))
    page.locator("summary", has_text="Find and sort").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name or brand contains").fill("blincyto")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    expect(page.get_by_role("rowheader")).to_contain_text("blinatumomab")
    expect(page.get_by_role("cell", name="In review")).to_be_visible()
    page.get_by_role("link", name="Show every page").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader").nth(6)).to_be_visible()
