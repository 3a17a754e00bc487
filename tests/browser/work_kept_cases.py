"""The cases of the work-kept table: a fault, the words that somebody had typed, and the words that are kept.

Each function drives one case in Chromium against a real server and returns the words kept where they belong:
in a stored draft, note or reply, or in the field in which they were typed.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from playwright.sync_api import Page, expect

from monographs.review.models import Note
from tests.browser.work_kept import (
    PATIENCE,
    SECTION,
    Ward,
    box,
    kept_records,
    lose_session,
    open_editor,
    open_note,
    put_back,
    save,
    sign_in_here,
    sign_in_over,
    stored,
    type_note,
    wait_until_kept,
    words_of,
    write,
)
from tests.factories import PASSWORD, edit

# --- The browser


def reload(ward: Ward, words: str) -> str:
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    type_note(open_note(screen, submission), words)
    screen.reload()
    put_back(screen)
    return screen.locator(f"#note-{SECTION}-body").input_value()


def back_and_forward(ward: Ward, words: str) -> str:
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    type_note(open_note(screen, submission), words)
    screen.goto("/admin/review/")
    screen.go_back()
    field = screen.locator(f"#note-{SECTION}-body")
    screen.wait_for_function(
        "([id, text]) => document.querySelector('.kept-bar') || document.getElementById(id)?.value === text",
        arg=[f"note-{SECTION}-body", words],
        timeout=PATIENCE,
    )
    if field.input_value() != words:  # else the browser itself restored the field
        put_back(screen)
    return str(field.input_value())


def browser_killed(ward: Ward, words: str, start: Callable[[], Any]) -> str:
    """The network is away, the browser dies, and the next morning both are back."""
    page = ward.page()
    context = start()
    screen = context.pages[0]
    sign_in_here(screen, ward)
    open_editor(screen, page)
    screen.wait_for_load_state("networkidle")  # it has asked for the key
    context.set_offline(True)
    write(screen, words)
    wait_until_kept(screen)
    context.kill()
    context = start()
    screen = context.pages[0]
    sign_in_here(screen, ward)
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    put_back(screen)
    expect(box(screen)).to_contain_text(words, timeout=PATIENCE)
    save(screen)
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    context.close()
    return words_of(page, words)


# --- The network and the server


def network_away(ward: Ward, words: str) -> str:
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    form = open_note(screen, submission)
    type_note(form, words)
    screen.context.set_offline(True)
    form.get_by_role("button", name="Add note").click()
    notice = screen.locator(".kept-notice")
    expect(notice).to_contain_text("cannot be reached", timeout=PATIENCE)
    screen.context.set_offline(False)
    notice.get_by_role("button", name="Try again").click()
    expect(screen.locator(".review-note__body").first).to_contain_text(words, timeout=PATIENCE)
    assert Note.objects.filter(key=submission.key).count() == 1
    return Note.objects.get(key=submission.key).body


def server_restarted(ward: Ward, words: str) -> str:
    page, screen = ward.page(), ward.open(ward.writer)
    open_editor(screen, page)
    ward.server.stop()
    write(screen, words)
    save(screen)
    notice = screen.locator(".kept-notice")
    expect(notice).to_contain_text("cannot be reached", timeout=PATIENCE)
    ward.server.start()
    notice.get_by_role("button", name="Try again").click()
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    return words_of(page, words)


def secret_key_replaced(ward: Ward, words: str) -> str:
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    type_note(open_note(screen, submission), words)
    env = ward.server.env
    newer = {"SECRET_KEY": "a key of tomorrow", "SECRET_KEY_FALLBACKS": settings.SECRET_KEY}
    ward.server.stop()
    try:
        ward.server.env = env | newer
        ward.server.start()
        screen.reload()
        put_back(screen)
        return screen.locator(f"#note-{SECTION}-body").input_value()
    finally:
        ward.server.env = env
        ward.server.stop()  # and is started again for the next case


def worker_killed_in_a_save(ward: Ward, words: str) -> str:
    page, screen = ward.page(), ward.open(ward.writer)
    before = page.revisions.count()
    open_editor(screen, page)
    screen.route("**/edit/", stop_autosave)
    write(screen, words)
    ward.server.kill_in_next_save()
    screen.evaluate("window.isBefore = true")
    save(screen)
    ward.server.wait_until_killed(screen.wait_for_timeout)
    # Either the browser's own page about the lost connection, or the answer to the form that it sent again
    screen.wait_for_function("!window.isBefore", timeout=PATIENCE)
    screen.wait_for_load_state()
    ward.server.wait_until_idle()
    if page.revisions.count() == before:  # else Chromium itself sent the form again, to the new worker
        screen.goto(f"/admin/pages/{page.pk}/edit/")
        put_back(screen)
        expect(box(screen)).to_contain_text(words, timeout=PATIENCE)
        save(screen)
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    assert page.revisions.count() == before + 1
    return words_of(page, words)


def stop_autosave(route: Any) -> None:
    accepts = route.request.headers.get("accept", "")
    route.abort() if accepts == "application/json" else route.continue_()


# --- Two of them


def two_tabs(ward: Ward, words: str) -> str:
    return second_save(ward, words, ward.writer)


def two_people(ward: Ward, words: str) -> str:
    return second_save(ward, words, ward.writer2)


def second_save(ward: Ward, words: str, other: Any) -> str:
    """Somebody saves first; the second save is refused, and both texts are there to choose from."""
    page, screen = ward.page(), ward.open(ward.writer)
    screen.route("**/edit/", stop_autosave)
    open_editor(screen, page)
    write(screen, words)
    theirs = f"Theirs {ward.number}."
    edit(page, other, **{SECTION: theirs})
    save(screen)
    expect(screen.locator(".messages")).to_contain_text("saved another version", timeout=PATIENCE)
    assert theirs in stored(page)
    expect(box(screen)).to_contain_text(words)
    save(screen)
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    assert any(theirs in str(revision.content) for revision in page.revisions.all())
    return words_of(page, words)


def another_person_signs_in(ward: Ward, words: str) -> str:
    """They get nothing of it, and its owner gets it back."""
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    form = open_note(screen, submission)
    lose_session()
    type_note(form, words)
    form.get_by_role("button", name="Add note").click()
    sign_in_over(screen, ward.writer2)
    dialog = screen.locator("dialog.kept-dialog")
    expect(dialog).to_contain_text("You are signed in as", timeout=PATIENCE)
    assert words not in screen.content()
    assert not Note.objects.filter(key=submission.key).exists()
    dialog.get_by_role("button").click()
    screen.wait_for_load_state()
    screen.goto(f"/admin/review/{submission.pk}/")
    screen.wait_for_timeout(1000)
    assert words not in screen.content()
    assert all(words not in record["text"] for record in kept_records(screen))
    screen.context.clear_cookies()
    screen.goto("/admin/login/")
    screen.fill("input[name=username]", ward.reviewer.username)
    screen.fill("input[name=password]", PASSWORD)
    screen.click("button[type=submit]")
    screen.goto(f"/admin/review/{submission.pk}/")
    put_back(screen)
    return str(screen.locator(f"#note-{SECTION}-body").input_value())


def blocks_moved_and_removed(ward: Ward, words: str) -> str:
    """The whole structure comes back, not only words."""
    page, screen = ward.page(), ward.open(ward.writer)
    screen.route("**/edit/", stop_autosave)
    open_editor(screen, page)
    write(screen, words)
    child = f"[data-streamfield-child]:has(> input[name$='-type'][value={SECTION}])"
    screen.locator(child).first.locator("[data-streamfield-action=MOVE_DOWN]").first.click()
    gone = "[data-streamfield-child]:has(> input[name$='-type'][value=serious_side_effects]), "
    gone += "[data-streamfield-child]:has(> input[name$='-type'][value=who_should_take_it])"
    screen.locator(gone).first.locator("[data-streamfield-action=DELETE]").first.click()
    wait_until_kept(screen)
    order = section_order(screen)
    screen.evaluate("addEventListener('beforeunload', (e) => e.stopImmediatePropagation(), {capture: true})")
    screen.reload()
    put_back(screen)
    expect(box(screen)).to_contain_text(words, timeout=PATIENCE)
    assert section_order(screen) == order
    save(screen)
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    return words_of(page, words)


def section_order(screen: Page) -> list[str]:
    found: list[str] = screen.evaluate(
        """() => {
          const place = (name) => document.getElementsByName(`${name}order`)[0].value;
          return [...document.querySelectorAll("input[name^='sections-']")]
          .filter((each) => /^sections-\\d+-type$/.test(each.name))
          .map((each) => each.name.replace(/type$/, ""))
          .filter((name) => document.getElementsByName(`${name}deleted`)[0].value !== "1")
          .sort((a, b) => place(a) - place(b))
          .map((name) => document.getElementsByName(`${name}type`)[0].value);
        }"""
    )
    return found


def without_a_database_in_the_browser(ward: Ward, words: str) -> str:
    """In a private window nothing is kept beyond the page, and signing in over it works all the same."""
    submission = ward.in_review()
    person = ward.person()
    person.context.add_init_script(
        "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', {value: undefined})"
    )
    screen = person.sign_in(ward.reviewer).page
    form = open_note(screen, submission)
    lose_session()
    type_note(form, words)
    form.get_by_role("button", name="Add note").click()
    sign_in_over(screen, ward.reviewer)
    expect(screen.locator(".review-note__body").first).to_contain_text(words, timeout=PATIENCE)
    return Note.objects.get(key=submission.key).body
