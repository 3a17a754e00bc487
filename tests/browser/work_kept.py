"""What the cases of the work-kept table share: people at their screens, and where their words are stored."""

import time
from dataclasses import dataclass, field
from typing import Any

from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from monographs.models import MonographPage
from monographs.review.models import Submission
from tests.browser.admin_pages import pause, wait_for_findings
from tests.browser.conftest import PATIENCE, BrowserUser
from tests.browser.killable_server import KillableServer
from tests.concurrency import wait_for
from tests.factories import PASSWORD, make_monograph, submit

SECTION = "how_it_works"


@dataclass(slots=True)
class Ward:
    """The computer of the ward: browser, server and people."""

    browser: Browser
    server: KillableServer
    writer: Any
    writer2: Any
    reviewer: Any
    number: int = 0
    people: list[BrowserUser] = field(default_factory=list)

    def page(self) -> MonographPage:
        """Return a new draft of the writer's."""
        self.number += 1
        return make_monograph(f"keptumab{self.number}", by=self.writer)

    def in_review(self) -> Submission:
        """Return a new text in review."""
        return submit(self.page(), self.writer)

    def open(self, user: Any) -> Page:
        """Return a page of a new browser context in which ``user`` is signed in."""
        return self.person().sign_in(user).page

    def person(self) -> BrowserUser:
        """Return somebody with a new browser context, who is not signed in."""
        self.people.append(BrowserUser(self.browser, self.server.address))
        return self.people[-1]


# --- What people do


def open_editor(screen: Page, page: MonographPage) -> None:
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    expect(screen.locator(".editor-panel__status")).to_have_count(1, timeout=PATIENCE)
    wait_for_findings(screen)


def box(screen: Page, section: str = SECTION) -> Any:
    child = f"[data-streamfield-child]:has(> input[name$='-type'][value={section}])"
    return screen.locator(child).first.locator(".public-DraftEditor-content").first


def write(screen: Page, words: str) -> None:
    box(screen).scroll_into_view_if_needed()
    box(screen).click()
    screen.keyboard.press("Control+A")
    screen.keyboard.type(words)
    expect(box(screen)).to_have_text(words, timeout=PATIENCE)
    pause(screen, 1500)


def save(screen: Page) -> None:
    """Press “Save draft”, wherever the menu puts it."""
    screen.locator("footer").get_by_role("button", name="Save draft").first.click()


def stored(page: MonographPage) -> str:
    """Return the words of the section in the newest draft."""
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    section = next(child for child in draft.sections if child.block_type == SECTION)
    return " ".join(str(part.value) for part in section.value["content"])


def wait_until_stored(screen: Page, page: MonographPage, words: str) -> None:
    """Wait until the newest draft has the words; the browser goes on meanwhile."""
    deadline = time.monotonic() + PATIENCE / 1000
    while words not in stored(page):
        assert time.monotonic() < deadline, stored(page)
        pause(screen, 100)


def words_of(page: MonographPage, words: str) -> str:
    return words if words in stored(page) else stored(page)


def open_note(screen: Page, submission: Submission) -> Any:
    screen.goto(f"/admin/review/{submission.pk}/")
    form = screen.locator(f"[data-section={SECTION}] .review-note-form:not(.review-suggest-form)")
    for fold in screen.locator("details.review-unchanged:not([open]) > summary").all():
        fold.click()
    form.locator("summary").click()
    return form


def type_note(form: Any, words: str) -> None:
    form.get_by_label("Your note").fill("")
    form.get_by_label("Your note").press_sequentially(words)
    pause(form.page, 900)


def lose_session() -> None:
    """End every session, as expiry or a deployment does."""
    Session.objects.all().delete()


def sign_in_over(screen: Page, user: Any, code: str = "") -> None:
    """Sign in in the dialog over the page."""
    dialog = screen.locator("dialog.kept-dialog")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    dialog.locator("input[name=username]").fill(user.username)
    dialog.locator("input[name=password]").fill(PASSWORD)
    dialog.locator("button[type=submit]").click()
    if code:
        dialog.locator("input[name=code]").fill(code)
        dialog.locator("button[type=submit]").click()


def kept_records(screen: Page) -> list[dict[str, Any]]:
    """Return what the browser's database holds, as its own tools show it."""
    found: list[dict[str, Any]] = screen.evaluate(
        """() => new Promise((resolve) => {
          const request = indexedDB.open("kept-text", 1);
          request.onupgradeneeded = () => request.result.createObjectStore("texts", { keyPath: "id" });
          request.onsuccess = () => {
            const all = request.result.transaction("texts").objectStore("texts").getAll();
            const text = (each) => new TextDecoder("latin1").decode(each.data);
            all.onsuccess = () => resolve(all.result.map((each) => ({ user: each.user, text: text(each) })));
          };
        })"""
    )
    return found


def wait_until_kept(screen: Page) -> None:
    """Wait until the browser keeps what was typed last: of keys far apart, each changes what it keeps."""

    def settled() -> bool:
        before = kept_records(screen)
        pause(screen, 800)
        return bool(before) and before == kept_records(screen)

    wait_for(settled)


def put_back(screen: Page) -> None:
    bar = screen.locator(".kept-bar")
    expect(bar).to_have_count(1, timeout=PATIENCE)
    expect(bar).to_contain_text("was not saved")
    bar.get_by_role("button", name="Put it back").click()


def sign_in_here(screen: Page, ward: Ward) -> None:
    screen.goto(f"{ward.server.address}/admin/login/")
    if screen.locator("input[name=username]").count():
        screen.fill("input[name=username]", ward.writer.username)
        screen.fill("input[name=password]", PASSWORD)
        screen.click("button[type=submit]")
        screen.wait_for_url("**/admin/")
