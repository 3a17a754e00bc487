"""The first day, as docs/first-day.md tells it: on an empty site, step by step, to the first signed medicine.

``FIRST_DAY_PICTURES=docs/images`` makes the document's pictures anew. The document says in a table what each
step may take at most; ``-s`` prints what it took.
"""

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from PIL import Image
from playwright.sync_api import expect

from home.first_steps.steps import first_steps
from home.models import HomePage
from monographs.accounts import second_factor
from monographs.models import MonographPage
from monographs.review.models import Submission
from tests.accounts.test_signing_holds import let_a_day_pass
from tests.browser.admin_pages import PATIENCE, grave, press_submit, read_and_tick
from tests.browser.task_tally import SharedTally
from tests.browser.test_review_admin import fix_what_the_rules_name, import_word_file
from tests.browser.test_second_factor import code_of
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "first-day.md"
#: Milliseconds: nothing here is about speed, and the first page of the admin is slow on a busy machine.
LONG_PATIENCE = 2 * PATIENCE
STEPS_PAGE = "/admin/first-steps/"
#: Account, first name, group.
PEOPLE = (
    ("eve", "Eve", "Editors"),
    ("will", "Will", "Medical writers"),
    ("rosa", "Rosa", "Medical reviewers"),
)


def take_picture(person: Any, name: str) -> None:
    """Make a picture of the document, if asked to: few colours, so that it is small."""
    if folder := os.environ.get("FIRST_DAY_PICTURES"):
        with Image.open(BytesIO(person.page.screenshot())) as picture:
            few = picture.convert("RGB").quantize(48)
            few.save(Path(folder) / f"first-day-{name}.png", optimize=True)


def done_steps() -> set[str]:
    return {step.key for step in first_steps() if step.done}


def go_from_the_first_steps(person: Any, link: str) -> None:
    """Open the page of the first steps and follow one of its links."""
    person.page.goto(STEPS_PAGE)
    with person.page.expect_navigation():  # until the scripts of the page that it leads to have run
        person.page.get_by_role("main").get_by_role("link", name=link, exact=True).click()


class FirstDay:
    """The people of the first day; one method per step of the document, in order."""

    def __init__(self, open_browser: Any) -> None:
        self._tally = SharedTally()
        self.open_browser = open_browser
        self.admin = User.objects.create_superuser(
            "ada", "ada@example.org", PASSWORD, first_name="Ada", last_name="First"
        )
        self.boss = self._open()
        self.people: dict[str, Any] = {}

    def _open(self) -> Any:
        person = self.open_browser()
        person.context.set_default_timeout(LONG_PATIENCE)
        self._tally.follow(person.page)
        return person

    def _take(self, step: str) -> tuple[int, int, int]:
        """Do a step, and return its clicks, fields written in and pages loaded."""
        getattr(self, step)()
        return self._tally.next_step()

    def start_an_empty_site(self) -> None:
        self.boss.sign_in_by_password(self.admin)
        with self.boss.page.expect_navigation():
            self.boss.page.get_by_role("link", name="Numbers and language of your country").click()
        expect(self.boss.page.get_by_role("heading", name="First steps")).to_be_visible()
        assert not grave(self.boss.page)
        take_picture(self.boss, "empty")
        assert not done_steps()

    def choose_numbers_language_name_and_colours(self) -> None:
        settings.CHOSEN_SETTINGS = frozenset(("EMERGENCY_NUMBER", "POISON_LINE", "SITE_LANGUAGE"))
        assert done_steps() == {"settings"}

    def invite_people(self) -> None:
        page = self.boss.page
        for username, first, group in PEOPLE:
            go_from_the_first_steps(self.boss, "Add an account")
            page.get_by_label("Username").fill(username)
            page.get_by_label("Email").fill(f"{username}@example.org")
            page.get_by_label("First name").fill(first)
            page.get_by_label("Last name").fill("Example")
            page.locator("#tab-label-roles").click()
            page.get_by_label(group).check()
            page.get_by_role("button", name="Create", exact=True).click()
            expect(page.get_by_text(f"User '{username}' created")).to_be_visible(timeout=PATIENCE)
            self.people[username] = self._choose_password(username)
        assert "people" in done_steps()

    def _choose_password(self, username: str) -> Any:
        person = self._open()
        link = re.compile(r"http://[^/]+(/admin/password_reset/confirm/\S+)")
        invitations = [email.body for email in mail.outbox if f"{username}@example.org" in email.to]
        person.page.goto(next(found[1] for body in invitations if (found := link.search(body))))
        for field in person.page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        person.page.get_by_role("button", name="Save password").click()
        person.page.wait_for_url("**/admin/login/")
        return person.sign_in(User.objects.get(username=username))

    def name_the_signer(self) -> None:
        page, eve = self.boss.page, self.people["eve"].page
        go_from_the_first_steps(self.boss, "Enter credentials")
        page.locator("#id_user").select_option(label="Rosa Example (rosa)")
        page.get_by_label("PharmD", exact=True).check()
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url("**/reviewerprofile/")
        go_from_the_first_steps(self.people["eve"], "Confirm names and credentials")
        take_picture(self.people["eve"], "signer")
        eve.get_by_label("Your password").fill(PASSWORD)
        eve.get_by_role("button", name="Confirm for patients to read").click()
        expect(eve.get_by_text("Rosa Example, PharmD (rosa)")).to_be_visible(timeout=PATIENCE)
        self.boss.page.goto(STEPS_PAGE)
        expect(self.boss.page.locator("#credentials")).to_contain_text(
            "The password is new. They can sign on"
        )
        let_a_day_pass(User.objects.get(username="rosa"))
        assert "credentials" in done_steps()

    def turn_on_the_second_factor(self) -> None:
        for username in ("ada", "eve", "rosa"):
            page = self.people.get(username, self.boss).page
            account = User.objects.get(username=username)
            page.goto("/admin/second-factor/")
            code = code_of(second_factor.unconfirmed_app(account))
            page.get_by_label("Enter the six digits").fill(code)
            page.get_by_label("Your password").fill(PASSWORD)
            page.get_by_role("button", name="Turn on second factor").click()
            expect(page.locator(".accounts__codes li").first).to_be_visible(timeout=PATIENCE)
        assert "second-factor" in done_steps()

    def write_the_home_page(self) -> None:
        page = self.people["eve"].page
        go_from_the_first_steps(self.people["eve"], "Edit the home page")
        page.locator("#id_organisation").fill("Example Trust")
        page.locator("#id_if_nobody_answers").fill("If nobody answers, go to an emergency room.")
        page.locator("#id_summary").fill("Medicines in plain words.")
        self._submit(self.people["eve"], "The site begins.")
        self._sign()
        assert "home" in done_steps()
        page.goto(STEPS_PAGE)
        with page.expect_navigation():
            page.get_by_role("button", name="Make drafts from the starter texts").click()
        go_from_the_first_steps(self.people["eve"], "Edit “Privacy”")
        press_submit(self.people["eve"])
        expect(page.locator(".review-problems")).to_contain_text("[your organisation]", timeout=PATIENCE)

    def add_a_class_and_a_condition(self) -> None:
        page = self.people["eve"].page
        for link, name in (
            ("Add a drug class", "Example antibodies"),
            ("Add a condition", "Example disease"),
        ):
            go_from_the_first_steps(self.people["eve"], link)
            page.locator("#id_title").fill(name)
            page.locator("#id_title").blur()
            page.locator("footer").get_by_role("button", name="Save draft").first.click()
            page.wait_for_url("**/edit/**", timeout=PATIENCE)
        assert "lists" in done_steps()

    def import_the_first_medicine(self) -> None:
        import_word_file(self.people["will"])
        assert "medicine" in done_steps()

    def submit_it(self) -> None:
        fix_what_the_rules_name(self.people["will"])
        self._submit(self.people["will"], "A first text from our files.")
        assert "review" in done_steps()

    def sign_it(self) -> None:
        self._sign()
        assert {step.key for step in first_steps() if not step.done} == {"brand", "information"}
        self.boss.page.goto(STEPS_PAGE)
        take_picture(self.boss, "done")
        patient = self._open()
        patient.page.goto(MonographPage.objects.get().public_path())
        expect(patient.page.get_by_text("Rosa Example, PharmD").first).to_be_visible()
        expect(patient.page.locator(".header__name")).to_have_text("Example Trust")
        assert HomePage.objects.get().organisation == "Example Trust"

    def _submit(self, person: Any, reason: str) -> None:
        press_submit(person)
        person.page.get_by_label("Why was the change made?").fill(reason)
        person.page.get_by_label("Rosa Example").check()
        person.page.get_by_role("button", name="Submit for review").click()
        person.page.wait_for_url(re.compile(r"/admin/review/\d+/$"), timeout=PATIENCE)

    def _sign(self) -> None:
        rosa = self.people["rosa"]
        submission = Submission.objects.get(status="in_review")
        rosa.page.goto("/admin/review/")
        rosa.page.get_by_role("link", name=submission.title).first.click()
        rosa.page.wait_for_url(f"**/admin/review/{submission.pk}/")
        expect(rosa.page.locator("#remaining-steps li").first).to_be_visible(timeout=PATIENCE)
        read_and_tick(rosa)
        app = second_factor.authenticator_app_of(User.objects.get(username="rosa"))
        rosa.page.get_by_label("Your password").fill(PASSWORD)
        rosa.page.get_by_label("Code from your authenticator app").fill(code_of(app))
        rosa.page.get_by_role("button", name="Sign and approve").click()
        expect(rosa.page.get_by_text("Signed and published")).to_be_visible(timeout=PATIENCE)


def test_the_document_leads_from_an_empty_site_to_the_first_signed_medicine(
    open_browser: Any, site: HomePage, settings: Any
) -> None:
    settings.CHOSEN_SETTINGS = frozenset()
    document = DOCUMENT.read_text("utf-8")
    headings = re.findall(r"^## \d+\. (.+)$", document, re.MULTILINE)
    allowed = re.findall(r"^\| \d+ \| .+ \| (\d+) \| (\d+) \| (\d+) \|$", document, re.MULTILINE)
    day = FirstDay(open_browser)
    steps = [re.sub(r"\W+", "_", heading.lower()) for heading in headings]
    written = [name for name in vars(FirstDay) if not name.startswith("_")]
    assert steps == written, "the steps of the document are the methods of the test, in order"
    for step, at_most in zip(steps, allowed, strict=True):
        taken = day._take(step)
        print(step, *taken)  # noqa: T201
        assert all(count <= int(limit) for count, limit in zip(taken, at_most, strict=True)), (step, taken)
