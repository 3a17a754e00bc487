"""Errors of scripts are noticed in every browser that a test opens, unless the test expects them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import BrowserUser

pytestmark = pytest.mark.django_db(transaction=True)

FAULTS = {
    "thrown": "setTimeout(() => { throw new Error('It is broken') })",
    "rejected": "Promise.reject(new Error('It is broken'))",
    "logged": "console.error('It is broken')",
}


@pytest.fixture
def person(chromium: Browser, live_server: Any, traffic: Any) -> Iterator[BrowserUser]:
    person = BrowserUser(chromium, live_server.url)
    person.page.goto("/admin/login/")
    yield person
    person.context.close()
    traffic.wait_until_idle()


@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_of_a_script_is_noticed_unless_it_is_expected(person: BrowserUser, fault: str) -> None:
    person.page.evaluate(f"() => {{ {FAULTS[fault]}; }}")
    person.page.evaluate("() => new Promise(resolve => setTimeout(resolve, 50))")
    (error,) = person.script_errors.unexpected()
    assert "It is broken" in error
    person.script_errors.allow("is br.ken")
    assert not person.script_errors.unexpected()


def test_a_page_that_is_not_there_and_a_warning_are_no_errors_of_scripts(person: BrowserUser) -> None:
    person.page.evaluate("() => fetch('/nowhere/').then(() => console.warn('Nowhere'))")
    person.page.goto("/nowhere/")
    assert not person.script_errors.unexpected()
