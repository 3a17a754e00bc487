"""The screens of editors in a browser: accessible, responsive, and many texts changed by keyboard."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from monographs.core.db_clock import database_today
from monographs.review.actions import Return
from monographs.review.models import ReviewAssignment, ReviewerProfile, Submission
from tests.browser.accessibility import grave
from tests.conftest import as_user
from tests.factories import edit, make_monograph, publish, submit
from tests.review.ticked_lists import tick_link

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team(writer: Any, reviewer: Any, reviewer2: Any, editor: Any) -> Any:
    """Texts in review: overdue, blocked, and asked for; one that was returned, one that is published."""
    page = make_monograph("blinatumomab", by=writer)
    publish(page, writer, reviewer)
    Return(reviewer, submit(edit(page, writer, how_it_works="So."), writer), reason="Say why.").execute()
    late = submit(page, writer)
    late.reviewers.set([reviewer])
    Submission.objects.filter(pk=late.pk).update(due_on=database_today() - timedelta(days=2))
    ReviewerProfile.objects.filter(user=reviewer2).update(expires_on=database_today() - timedelta(days=1))
    submit(make_monograph("mineumab-with-a-name-too-long-for-one-line-of-a-telephone", by=reviewer), reviewer)
    return editor


def test_nothing_grave_for_axe_and_nothing_beside_the_screen(
    team: Any, open_browser: Any, subtests: pytest.Subtests
) -> None:
    screens = {
        "home": reverse("wagtailadmin_home"),
        "reviews": reverse("team:reviews"),
        "due reviews": f"{reverse('due:assign')}?show=year",
        "periods": reverse("team:periods"),
        "calendar feed": reverse("calendar_feed"),
    }
    for theme, width in (("light", 360), ("dark", 1280)):
        page = open_browser(team, width=width).page
        page.emulate_media(color_scheme=theme)
        for name, address in screens.items():
            with subtests.test(name, theme=theme, width=width):
                page.goto(address)
                page.get_by_role("main").wait_for()
                assert grave(page, "main") == []
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_due_reviews_are_asked_of_somebody_by_keyboard(
    team: Any, writer: Any, reviewer: Any, reviewer2: Any, open_browser: Any
) -> None:
    ReviewerProfile.objects.filter(user=reviewer2).update(expires_on=None)
    for name in ("firstumab", "secondumab"):
        publish(make_monograph(name, by=writer), writer, reviewer)
    page = open_browser(team, width=360).page
    page.goto(f"{reverse('due:assign')}?show=year")
    page.get_by_role("link", name="Tick all on this page").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Change firstumab")).to_be_checked()
    choice = page.get_by_label("Ask the reviewer below")
    choice.focus()
    page.keyboard.press("Space")
    expect(choice).to_be_checked()
    page.get_by_label("Reviewer", exact=True).select_option(str(reviewer2.pk))
    button = page.get_by_role("button", name="Change the ticked reviews")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Changed: 2 reviews")).to_be_visible()
    assert ReviewAssignment.objects.filter(reviewer=reviewer2).count() == 2


def test_a_list_is_ticked_without_loading_it_again(team: Any, open_browser: Any) -> None:
    page = open_browser(team, width=360).page
    page.goto(reverse("team:reviews"))
    before, boxes = page.url, page.get_by_role("checkbox", name="Change ")
    page.get_by_role("link", name="Tick all on this page").click()
    for box in boxes.all():
        expect(box).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="2 of 2 ticked")).to_have_count(1)
    boxes.first.uncheck()
    page.get_by_role("link", name="Tick all on this page").click()
    page.get_by_role("link", name="Tick none").click()
    for box in boxes.all():
        expect(box).not_to_be_checked()
    assert page.url == before


def test_a_list_is_ticked_without_a_script(team: Any) -> None:
    address, client = reverse("team:reviews"), as_user(team)
    assert tick_link(client.get(address).content.decode()) == ("?tick=all", "Tick all on this page")
    ticked = client.get(f"{address}?tick=all").content.decode()
    assert tick_link(ticked) == ("?", "Tick none")
    assert ticked.count('" checked>') == 2


def test_texts_are_asked_of_somebody_else_by_keyboard(team: Any, reviewer2: Any, open_browser: Any) -> None:
    ReviewerProfile.objects.filter(user=reviewer2).update(expires_on=None)
    page = open_browser(team, width=360).page
    page.goto(reverse("team:reviews"))
    page.get_by_role("link", name="Tick all on this page").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Change blinatumomab")).to_be_checked()
    page.wait_for_load_state()
    for name in ("Ask only these", "Reviewer2 Tester"):
        choice = page.get_by_label(name)
        choice.focus()
        page.keyboard.press("Space")
        expect(choice).to_be_checked()
    button = page.get_by_role("button", name="Change the ticked texts")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Changed: 2 texts")).to_be_visible()
    for text in Submission.objects.filter(status="in_review"):
        assert list(text.reviewers.all()) == [reviewer2]
