"""A change of a label in a browser: from files to a signed edition, and *no change needed* on a phone."""

from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from monographs.core.db_clock import database_now
from monographs.label_watch.models import LabelAnswer, LabelNotice, UpdateTask
from monographs.models import MonographPage
from tests.browser.accessibility import grave
from tests.browser.admin_pages import press_submit, read_and_tick, sign, wait_for_findings, write
from tests.factories import (
    PASSWORD,
    complete_sections,
    make_monograph,
    make_user,
    publish,
    stream,
    text,
)
from tests.label_watch.label_service import SET_IDS, label_xml

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def check_files(tmp_path: Path) -> Any:
    """A function that checks the labels from a folder to which it adds a version."""

    def check(version: int, box: str) -> None:
        (tmp_path / f"{version}.xml").write_bytes(label_xml(version, box))
        call_command("check_labels", "--from", str(tmp_path), stdout=StringIO())

    return check


@pytest.fixture
def medicine(writer: Any, reviewer2: Any, check_files: Any) -> MonographPage:
    """A medicine whose label has changed gravely since its edition was signed."""
    page = make_monograph(by=writer, label_set_id=SET_IDS[0], label_version="3")
    warning = {"content": [text("Fever can be fatal.")], "sources": "label"}
    page.sections = stream({"boxed_warning": warning, **complete_sections()})
    page.save_revision(user=writer)
    publish(page, writer, reviewer2)
    check_files(3, "Fever can be fatal.")
    check_files(4, "Fever and bleeding can be fatal.")
    return page


def only_on_screen(page: Page) -> None:
    """Expect nothing grave for axe, and nothing beside the screen."""
    assert grave(page, "main") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_a_label_change_is_drafted_signed_and_closed(
    medicine: MonographPage, open_browser: Any, writer: Any, reviewer: Any
) -> None:
    editor = open_browser(writer)
    page: Page = editor.page
    page.goto(reverse("wagtailadmin_home"))
    panel = page.locator(".w-panel").filter(has=page.get_by_role("heading", name="Label changes"))
    expect(panel).to_contain_text("Grave")
    expect(panel).to_contain_text("bleeding")
    panel.get_by_role("link", name="testumab").click()
    expect(page.locator("ins")).to_contain_text("bleeding")
    only_on_screen(page)
    page.get_by_role("link", name="Start the draft").click()
    expect(page.get_by_text("A label of this medicine changed (grave)")).to_be_visible()
    write(editor, "How it works", "It may cause fever and bleeding.")
    advice = page.locator(".editor-finding__message", has_text="write 4 here")
    expect(advice).to_have_count(1)
    wait_for_findings(page)
    page.get_by_role("button", name="Go to the label version").click()
    field = page.locator("#id_label_version")
    expect(field).to_be_in_viewport()
    expect(advice).to_be_visible()
    field.fill("4")
    expect(advice).to_have_count(0)
    press_submit(editor)
    page.get_by_label("What changed?").fill("Bleeding is named.")
    page.get_by_label("Why was the change made?").fill("Version 4 of the label.")
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url("**/admin/review/*/")
    task = UpdateTask.objects.get()
    assert task.closed_at is None

    critic = open_browser(reviewer)
    critic.page.goto(reverse("labels:task", args=[task.pk]))
    critic.page.get_by_role("link", name="Open its review").click()
    expect(critic.page.get_by_role("button", name="Mark as read").first).to_be_visible()
    read_and_tick(critic)
    sign(critic)
    expect(critic.page.get_by_text("Signed and published")).to_be_visible()
    page.goto(reverse("labels:task", args=[task.pk]))
    expect(page.get_by_text("An edition names the new version")).to_be_visible()
    page.goto(reverse("wagtailadmin_home"))
    expect(page.get_by_text("No label change waits on a page that you wrote.")).to_be_visible()


def test_no_change_needed_is_signed_on_a_phone_by_keyboard(
    medicine: MonographPage, open_browser: Any, reviewer: Any
) -> None:
    page: Page = open_browser(reviewer, width=390).page
    page.emulate_media(color_scheme="dark")
    page.goto(reverse("review:queue"))
    only_on_screen(page)
    link = page.get_by_role("main").get_by_role("link", name="testumab")
    link.focus()
    page.keyboard.press("Enter")
    reason = page.get_by_label("Why does the page need no change?")
    expect(reason).to_be_visible()
    only_on_screen(page)
    reason.focus()
    page.keyboard.type("The page says so already.")
    page.keyboard.press("Tab")
    page.keyboard.type("a guess")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That password is not right")).to_be_visible()
    expect(reason).to_have_value("The page says so already.")
    page.wait_for_load_state()
    page.get_by_label("Your password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Signed: testumab needs no change")).to_be_visible()
    assert LabelAnswer.objects.get().reason == "The page says so already."
    assert UpdateTask.objects.get().outcome == "answered"


def test_screens_of_labels_on_every_width(
    medicine: MonographPage, open_browser: Any, subtests: pytest.Subtests
) -> None:
    key = medicine.translation_key
    addresses = {
        "task": reverse("labels:task", args=[UpdateTask.objects.get().pk]),
        "labels of the page": reverse("labels:page", args=[key]),
        "coverage": reverse("labels:coverage"),
        "coverage by version": reverse("labels:coverage_versions"),
        "board": reverse("dashboard:index"),
        "home": reverse("wagtailadmin_home"),
    }
    editor = make_user("editor", "Editors")
    set_id = UpdateTask.objects.get().set_id
    noticed = {"detail": "Example Makers → " + "Other" * 40, "noticed_at": database_now()}
    LabelNotice.objects.create(set_id=set_id, kind="maker", **noticed)
    answered = {"edition": 1, "from_version": 1, "to_version": 2, "change_class": "grave"}
    UpdateTask.objects.create(
        key=uuid4(), title="m", set_id=set_id, opened_at=database_now(), closed_at=database_now(),
        outcome="answered", **answered,
    )  # fmt: skip
    for theme, width in (("light", 360), ("dark", 768)):
        page = open_browser(editor, width=width).page
        page.emulate_media(color_scheme=theme)
        for name, address in addresses.items():
            with subtests.test(name, theme=theme, width=width):
                page.goto(address)
                only_on_screen(page)
