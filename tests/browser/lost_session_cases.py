"""The cases of the work-kept table in which a session ends while somebody types (see ``work_kept_cases``)."""

from django_otp.plugins.otp_static.models import StaticToken
from playwright.sync_api import expect

from monographs.accounts import second_factor
from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry
from monographs.review.actions import AddNote, Return
from monographs.review.models import Note, NoteReply, SubmissionStatus
from monographs.rules.models import Overrule
from tests.browser.work_kept import (
    PATIENCE,
    SECTION,
    Ward,
    lose_session,
    open_editor,
    open_note,
    save,
    sign_in_over,
    stored,
    type_note,
    wait_until_stored,
    words_of,
    write,
)
from tests.factories import PASSWORD, edit, make_user, submit

#: An advice finding that a writer may overrule.
LONG_SENTENCE = "This is " + "a very " * 30 + "long sentence."


def session_lost_in_the_editor(ward: Ward, words: str) -> str:
    page, screen = ward.page(), ward.open(ward.writer)
    open_editor(screen, page)
    lose_session()
    write(screen, words)
    expect(screen.locator(".kept-notice")).to_contain_text("You are signed out")
    assert words not in stored(page)
    save(screen)
    sign_in_over(screen, ward.writer)
    screen.wait_for_load_state()
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)
    expect(screen.locator(".kept-bar")).to_have_count(0)
    return words_of(page, words)


def session_lost_and_signed_in_by_recovery_code(ward: Ward, words: str) -> str:
    user = make_user(f"phone{ward.number}", "Medical writers")
    second_factor.start_enrolment(user)
    device = second_factor.unconfirmed_app(user)
    assert device
    device.confirmed = True
    device.save()
    second_factor.renew_recovery_codes(user)
    codes = list(StaticToken.objects.filter(device__user=user).values_list("token", flat=True))
    page = ward.page()
    person = ward.person()
    screen = person.page
    screen.goto("/admin/login/")
    screen.fill("input[name=username]", user.username)
    screen.fill("input[name=password]", PASSWORD)
    screen.click("button[type=submit]")
    screen.fill("input[name=code]", codes[0])
    screen.click("form.login-form button[type=submit]")
    screen.wait_for_url("**/admin/")
    open_editor(screen, page)
    lose_session()
    write(screen, words)
    screen.locator(".kept-notice").get_by_role("button", name="Sign in").click()
    sign_in_over(screen, user, codes[1])
    expect(screen.locator("dialog.kept-dialog")).to_be_hidden(timeout=PATIENCE)
    wait_until_stored(screen, page, words)  # the interrupted autosave goes on by itself
    return words_of(page, words)


def session_lost_with_a_note(ward: Ward, words: str) -> str:
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    form = open_note(screen, submission)
    lose_session()
    type_note(form, words)
    form.get_by_role("button", name="Add note").click()
    sign_in_over(screen, ward.reviewer)
    expect(screen.locator(".review-note__body").first).to_contain_text(words, timeout=PATIENCE)
    assert Note.objects.filter(key=submission.key).count() == 1
    return Note.objects.get(key=submission.key).body


def stale_token_with_a_note(ward: Ward, words: str) -> str:
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    form = open_note(screen, submission)
    screen.context.clear_cookies(name="csrftoken")
    type_note(form, words)
    form.get_by_role("button", name="Add note").click()
    expect(screen.locator(".review-note__body").first).to_contain_text(words, timeout=PATIENCE)
    return Note.objects.get(key=submission.key).body


def session_lost_with_a_return(ward: Ward, words: str) -> str:
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    screen.goto(f"/admin/review/{submission.pk}/")
    screen.get_by_label("What must be fixed?").fill(words)
    lose_session()
    button = screen.get_by_role("button", name="Return to the writer")
    button.click()
    sign_in_over(screen, ward.reviewer)
    expect(screen.locator(".kept-notice")).to_contain_text("Nothing was sent", timeout=PATIENCE)
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.IN_REVIEW, "a decision is never sent again by itself"
    button.click()
    screen.wait_for_url("**/admin/review/")
    submission.refresh_from_db()
    entry = LedgerEntry.objects.filter(event=Event.RETURNED, subject=submission.key).latest("seq")
    return words if words in entry.body else entry.body


def session_lost_with_an_answer(ward: Ward, words: str) -> str:
    page = ward.page()
    submission = submit(page, ward.writer)
    AddNote(ward.reviewer, submission, section=SECTION, body="Which label?").execute()
    Return(ward.reviewer, submission, reason="See the note.").execute()
    screen = ward.open(ward.writer)
    open_editor(screen, page)
    answer = screen.locator("[data-editor-note] textarea")
    answer.fill(words)
    lose_session()
    screen.locator("[data-editor-note]").get_by_role("button", name="Answer").click()
    sign_in_over(screen, ward.writer)
    expect(screen.locator("[data-editor-note] ol")).to_contain_text(words, timeout=PATIENCE)
    return NoteReply.objects.get(note__key=page.translation_key).body


def session_lost_with_a_reason_to_overrule(ward: Ward, words: str) -> str:
    page = ward.page()
    edit(page, ward.writer, **{SECTION: LONG_SENTENCE})
    screen = ward.open(ward.writer)
    open_editor(screen, page)
    fold = screen.locator(f"[data-editor-annotations={SECTION}] [data-editor-key^=findings]")
    expect(fold).to_be_visible(timeout=PATIENCE)
    if fold.get_attribute("open") is None:
        fold.locator(":scope > summary").click()
    finding = fold.locator(".editor-finding--advice:has(summary:has-text('Overrule here'))").first
    finding.locator("summary", has_text="Overrule here").click()
    finding.get_by_role("textbox").fill(words)
    lose_session()
    finding.get_by_role("button", name="Overrule it here").click()
    sign_in_over(screen, ward.writer)
    expect(screen.locator(".editor-finding--overruled").first).to_contain_text(words, timeout=PATIENCE)
    return Overrule.objects.get(key=page.translation_key).reason
