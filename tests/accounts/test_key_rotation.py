"""Everything signed lives on while the site's secret key is replaced, and ends with the key."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current_settings
from django.core import mail
from django.test import Client, RequestFactory

from monographs.accounts import known_devices, password_links
from monographs.accounts.session_state import storage_keys
from monographs.imports.errors import ImportRefused
from monographs.imports.signed_state import read_signed_state, sign_state
from tests.accounts.conftest import Phone, sign_in
from tests.accounts.test_password_links import ask, link

pytestmark = pytest.mark.django_db

#: Where the key may be read: the settings, the check of its strength, and one function.
READS_THE_KEY = {"core/secret_keys.py", "site_checks/settings_values.py"}
NEWER = "a key of tomorrow, " * 4


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/admin/review/").status_code == 200)


def known(client: Client, user: Any) -> bool:
    request = RequestFactory().get("/admin/")
    request.COOKIES[known_devices.COOKIE] = client.cookies[known_devices.COOKIE].value
    return known_devices.device_of(request, user) is not None


def readable(state: str, user: Any) -> bool:
    try:
        return read_signed_state(state, user) == []
    except ImportRefused:
        return False


@pytest.mark.parametrize("kept", [True, False], ids=["with-fallback", "without"])
def test_what_was_signed_lives_as_long_as_its_key(
    client: Client, reviewer: Any, phone: Phone, settings: Any, kept: bool
) -> None:
    sign_in(client, reviewer)
    client.post("/admin/second-factor/code/", {"code": phone.code()})
    assert is_signed_in(client)
    ask(reviewer.email)
    import_state, text_key = sign_state([], reviewer), storage_keys(reviewer)[0]

    old, settings.SECRET_KEY = settings.SECRET_KEY, NEWER
    settings.SECRET_KEY_FALLBACKS = [old] if kept else []
    survived = {
        "session": is_signed_in(client),
        "known device": known(client, reviewer),
        "preview of an import": readable(import_state, reviewer),
        "unsaved text": text_key in storage_keys(reviewer)[1:],
        "link": Client().get(link()).status_code == 302,  # to the form, without the token
    }
    assert survived == dict.fromkeys(survived, kept)
    assert storage_keys(reviewer)[0] != text_key
    # The second factor's own secret is no signature: no key ends it
    after = Client()
    sign_in(after, reviewer)
    after.post("/admin/second-factor/code/", {"code": phone.code()})
    assert is_signed_in(after)

    settings.SECRET_KEY_FALLBACKS = []
    assert is_signed_in(client) is kept, "a session is signed anew when it is used"
    assert is_signed_in(after)


def test_processes_that_do_not_sign_with_the_new_key_yet_accept_it(
    client: Client, reviewer: Any, settings: Any
) -> None:
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEWER, [old]
    sign_in(client, reviewer)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = old, [NEWER]
    assert is_signed_in(client)
    assert known(client, reviewer)


def test_a_replaced_key_sends_no_more_links_than_allowed(reviewer: Any, settings: Any) -> None:
    for _ in range(password_links.PER_ADDRESS):
        ask(reviewer.email)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEWER, [settings.SECRET_KEY]
    ask(reviewer.email)
    assert len(mail.outbox) == password_links.PER_ADDRESS


def test_nothing_else_is_derived_from_the_key() -> None:
    package: Path = current_settings.BASE_DIR / "monographs"
    found = set()
    for path in package.rglob("*.py"):
        text = path.read_text()
        if "SECRET_KEY" not in text and "salted_hmac" not in text:
            continue  # parsing takes long
        names = {ast.unparse(n) for n in ast.walk(ast.parse(text)) if isinstance(n, ast.expr)}
        if any(name.endswith("SECRET_KEY") or name == "salted_hmac" for name in names):
            found.add(str(path.relative_to(package)))
    assert found == READS_THE_KEY
