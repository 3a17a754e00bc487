"""Standard texts in a browser: a writer includes one, an editor updates all, a reviewer signs the bundle."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from monographs.editions.models import Edition
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.models import ReviewBundle
from monographs.review.submission_state.bundle_progress import members_of_bundle
from tests.browser.accessibility import grave
from tests.browser.admin_pages import wait_for_findings
from tests.browser.conftest import PATIENCE
from tests.browser.test_editor import open_editor, section
from tests.factories import (
    PASSWORD,
    make_monograph,
    make_standard_text,
    make_user,
    publish,
    read_all,
    reword,
    set_parts,
    standard_text_block,
    text,
)
from tests.review.standard_text_pages import FIRST, SECTION, signed_text

pytestmark = pytest.mark.django_db(transaction=True)

SECOND = "Write to the maker."


def fits(screen: Page) -> bool:
    return bool(screen.evaluate("document.documentElement.scrollWidth - innerWidth <= 0"))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_writer_includes_a_text_and_takes_over_a_newer_version(
    open_browser: Any, writer: Any, reviewer: Any, width: int
) -> None:
    standard = signed_text(writer, reviewer)
    publish(make_standard_text("Keep it cool", by=writer, words="Below 8 °C."), writer, reviewer)
    page = make_monograph(by=writer)
    set_parts(page, writer, SECTION, [text("It works."), {"type": "standard_text", "value": ""}])
    screen = open_editor(open_browser, writer, page, width=width)
    block = section(screen, SECTION).locator("standard-text-choice")
    offer = block.locator("summary", has_text="Report side effects, version 1")
    find = block.get_by_label("Find by name")
    find.fill("REPORT")
    find.press("Enter")
    expect(block.get_by_role("status")).to_have_text("1 of 2")
    expect(block.locator("summary", has_text="Keep it cool")).to_be_hidden()
    assert grave(screen, "standard-text-choice") == []
    wait_for_findings(screen)
    offer.click()
    expect(block.get_by_text(FIRST)).to_be_visible()
    block.get_by_role("button", name="Use version 1 of Report side effects").press("Enter")
    expect(block.get_by_text("These words are signed and cannot be changed here.")).to_be_visible()
    assert grave(screen, "standard-text-choice") == []
    assert fits(screen)
    screen.get_by_role("button", name="Save draft").click()
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [use.number for use in draft.to_document().standard_texts] == [1]
    reword(standard, writer, SECOND)
    publish(standard, writer, reviewer)
    screen = open_editor(open_browser, writer, page, width=width)
    block = section(screen, SECTION).locator("standard-text-choice")
    expect(block.get_by_text("Version 2 is signed; you use version 1")).to_be_visible()
    assert grave(screen, "standard-text-choice") == []
    wait_for_findings(screen)
    block.get_by_role("button", name="Take over version 2").click()
    expect(block.get_by_text(SECOND)).to_be_visible()
    screen.get_by_role("button", name="Save draft").click()
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [use.number for use in draft.to_document().standard_texts] == [2]


def test_a_writer_includes_a_text_in_a_drug_class(open_browser: Any, writer: Any, reviewer: Any) -> None:
    signed_text(writer, reviewer)
    body = [text("They block."), {"type": "standard_text", "value": ""}]
    page = MonographIndexPage.objects.get(collection="classes").add_child(
        instance=DrugClassPage(title="Blockers", slug="blockers", body=json.dumps(body))
    )
    page.save_revision(user=writer, clean=False)
    screen = open_editor(open_browser, writer, page)
    block = screen.locator("standard-text-choice")
    block.locator("summary", has_text="Report side effects, version 1").click()
    block.get_by_role("button", name="Use version 1 of Report side effects").click()
    expect(block.get_by_text("These words are signed and cannot be changed here.")).to_be_visible()
    assert grave(screen, "standard-text-choice") == []
    screen.get_by_role("button", name="Save draft").click()
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    draft = DrugClassPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [use.number for use in draft.to_document().standard_texts] == [1]


@pytest.mark.parametrize("width", [1280, 390])
def test_an_editor_updates_all_and_a_reviewer_signs_once(
    open_browser: Any, writer: Any, reviewer: Any, width: int
) -> None:
    editor = make_user("editor", "Editors")
    standard = signed_text(writer, reviewer)
    for name in ("alphaumab", "betaumab"):
        page = make_monograph(name, by=writer)
        first = Edition.objects.get(key=standard.translation_key)
        set_parts(page, writer, SECTION, [text("It works."), standard_text_block(first)])
        publish(page, writer, reviewer)
    reword(standard, writer, SECOND)
    publish(standard, writer, reviewer)
    screen: Page = open_browser(editor, width=width).page
    screen.goto(reverse("standard_texts:list"))
    assert grave(screen, "main") == []
    assert fits(screen)
    screen.get_by_role("link", name="Report side effects").click()
    expect(screen.get_by_text("Where it is used: 2 pages")).to_be_visible()
    assert grave(screen, "main") == []
    assert fits(screen)
    screen.get_by_label("What changed, for patients").fill("Where to report side effects changed.")
    screen.get_by_label("Full review").check()
    screen.get_by_role("button", name="Make the drafts and submit them for review").click()
    expect(screen.get_by_text("In review: 2 pages")).to_be_visible()
    assert grave(screen, "main") == []
    signer: Page = open_browser(reviewer, width=width).page
    bundle = ReviewBundle.objects.get()
    signer.goto(f"{reverse('bundles:bundle', args=[bundle.pk])}?open=all")
    expect(signer.get_by_text(SECOND).first).to_be_visible()
    assert grave(signer, "main") == []
    for member in members_of_bundle(bundle):
        read_all(member, reviewer)
    signer.reload()
    signer.get_by_label("Your password").fill(PASSWORD)
    signer.get_by_role("button", name="Sign all 2 pages").click()
    expect(signer.locator(".messages")).to_contain_text("igned", timeout=PATIENCE)
    for name in ("alphaumab", "betaumab"):
        shown = Client().get(f"/medicines/{name}/").content.decode()
        assert SECOND in shown
        assert FIRST not in shown
