"""A reviewer sets up a second factor, signs in with it, and is locked out after wrong codes."""

from typing import Any

import pytest
from django.core import mail
from django_otp.oath import TOTP
from playwright.sync_api import expect

from monographs.accounts import second_factor
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def code_of(device: Any) -> str:
    """Return the app's next code."""
    type(device).objects.filter(pk=device.pk).update(last_t=-1)
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift).token():06d}"


def sign_out(person: Any) -> None:
    person.page.goto("about:blank")  # an answer that is on its way could bring the cookie back
    person.context.clear_cookies()


def enter(person: Any, username: str, password: str) -> None:
    person.page.goto("/admin/login/")
    person.page.fill("input[name=username]", username)
    person.page.fill("input[name=password]", password)
    with person.page.expect_navigation():
        person.page.click("button[type=submit]")


def test_a_mistake_below_the_qr_code_is_in_view_on_a_phone(open_browser: Any, reviewer: Any) -> None:
    page = open_browser(reviewer, width=360).page
    page.goto("/admin/second-factor/")
    page.get_by_label("Enter the six digits").fill(code_of(second_factor.unconfirmed_app(reviewer)))
    page.get_by_label("Your password").fill("guess")
    page.get_by_role("button", name="Turn on second factor").click()
    password = page.get_by_label("Your password")
    expect(password).to_be_focused()
    expect(password).to_have_accessible_description(
        "That password is not right. Nothing was changed; try again."
    )
    expect(page.get_by_text("That password is not right.")).to_be_in_viewport()


def test_set_up_sign_in_with_a_code_and_be_locked_out(open_browser: Any, reviewer: Any, editor: Any) -> None:
    person = open_browser(reviewer)
    page = person.page
    page.goto("/admin/second-factor/")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_label("Enter the six digits").fill(code_of(second_factor.unconfirmed_app(reviewer)))
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Turn on second factor").click()
    expect(page.locator(".accounts__codes li")).to_have_count(second_factor.RECOVERY_CODES)
    page.get_by_role("link", name="I have saved them").click()
    page.wait_for_url("**/admin/")

    sign_out(person)
    enter(person, reviewer.username, PASSWORD)
    page.wait_for_url("**/admin/second-factor/code/**")
    page.goto("/admin/review/")
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    page.get_by_label("Code").fill(code_of(second_factor.authenticator_app_of(reviewer)))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin/review/")

    sign_out(person)
    for _ in range(5):
        enter(person, reviewer.username, "guess")
        expect(page.locator(".messages .error")).to_be_visible()
    expect(page.locator(".messages")).to_contain_text("Too many wrong attempts")
    expect(page.locator(".messages")).to_contain_text("UTC")
    told = {address for message in mail.outbox for address in message.to}
    assert {"reviewer@example.org", "editor@example.org"} <= told
