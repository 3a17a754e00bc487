"""A class with another name in a browser: an editor submits all its medicines, a reviewer signs once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from monographs.review.models import ReviewBundle
from monographs.review.submission_state.bundle_progress import members_of_bundle
from tests.browser.accessibility import grave
from tests.browser.conftest import PATIENCE
from tests.factories import PASSWORD, read_all
from tests.review.renamed_pages import rename, signed_class, signed_medicine

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "Blockers of CD19"


def check(screen: Page, subtests: pytest.Subtests, name: str) -> None:
    """Assert that the screen is accessible and as wide as the window, on a computer and on a phone."""
    for width in (1280, 390):
        screen.set_viewport_size({"width": width, "height": 800})
        with subtests.test(name, width=width):
            assert grave(screen, "main") == []
            assert screen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    screen.set_viewport_size({"width": 1280, "height": 800})


def test_all_medicines_of_a_class_take_over_its_name(
    open_browser: Any, writer: Any, reviewer: Any, editor: Any, subtests: pytest.Subtests
) -> None:
    drug_class = signed_class("Blockers", writer, reviewer)
    for name in ("alphaumab", "betaumab"):
        signed_medicine(name, writer, reviewer, drug_class=drug_class)
    rename(drug_class, NEW, writer, reviewer)
    screen: Page = open_browser(editor).page
    screen.goto(reverse("wagtailadmin_home"))
    screen.get_by_role("link", name="2 medicines with an older name").click()
    expect(screen.get_by_role("heading", name="Older names in medicines")).to_be_visible()
    check(screen, subtests, "list")
    screen.get_by_role("link", name=NEW).click()
    expect(screen.get_by_text("with the older name “Blockers”")).to_be_visible()
    check(screen, subtests, "medicines")
    screen.get_by_role("button", name="Submit them for review").press("Enter")
    expect(screen.get_by_text("In review: 2 pages")).to_be_visible()
    check(screen, subtests, "outcome")
    signer: Page = open_browser(reviewer).page
    bundle = ReviewBundle.objects.get()
    for member in members_of_bundle(bundle):
        read_all(member, reviewer)
    signer.goto(f"{reverse('bundles:bundle', args=[bundle.pk])}?open=all")
    signer.get_by_label("Your password").fill(PASSWORD)
    signer.get_by_role("button", name="Sign all 2 pages").click()
    expect(signer.locator(".messages")).to_contain_text("igned", timeout=PATIENCE)
    for name in ("alphaumab", "betaumab"):
        assert NEW in Client().get(f"/medicines/{name}/").content.decode()
    screen.goto(reverse("renamed:list"))
    expect(screen.get_by_text("No medicine has an older name.")).to_be_visible()
