"""The gate before the admin: decided by constants, whatever a request says about its path."""

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.urls import get_resolver, reverse

from cms.wsgi_request import Utf8WSGIHandler
from monographs.accounts.middleware import EXEMPT_PATHS, SCREEN_PATHS
from monographs.core.admin_path import ADMIN_PATH, LOGIN_PATH
from tests.accounts.conftest import Phone, sign_in

pytestmark = pytest.mark.django_db

CODE = "/admin/second-factor/code/"

#: What a client or a proxy may say about where the service is.
CLAIMS: list[dict[str, str]] = [
    {"SCRIPT_NAME": "/elsewhere"},
    {"SCRIPT_NAME": "/admin"},
    {"SCRIPT_NAME": "/admin/login"},
    {"SCRIPT_URL": "/elsewhere/admin/"},
    {"REDIRECT_URL": "/elsewhere/admin/"},
    {"HTTP_SCRIPT_NAME": "/elsewhere"},
    {"HTTP_X_SCRIPT_NAME": "/elsewhere"},
    {"HTTP_X_FORWARDED_PREFIX": "/elsewhere"},
    {"HTTP_X_FORWARDED_PATH": "/admin/login/"},
    {"HTTP_X_FORWARDED_HOST": "elsewhere.example"},
    {"HTTP_FORWARDED": "for=127.0.0.1;host=elsewhere.example;proto=https"},
    {"HTTP_X_ORIGINAL_URL": "/admin/login/"},
    {"HTTP_X_REWRITE_URL": "/admin/login/"},
]

#: Spellings of a screen's path, none of which may show the screen.
SPELLINGS = [
    "/admin/review/",
    "/admin/%72eview/",
    "/%61dmin/review/",
    "//admin/review/",
    "/admin//review/",
    "/./admin/review/",
    "/admin/login/../review/",
    "/admin/login/..%2freview/",
    "/admin/review/.",
    "/admin/review;/",
    "/admin/review/%00",
    "/ADMIN/review/",
    "/admin%2freview/",
    "/admin/review/?/admin/login/",
    "/admin/review/%3f/admin/login/",
    "/medicines/../admin/review/",
]


@pytest.fixture
def before_the_code(client: Client, reviewer: Any, phone: Phone) -> Client:
    """A browser in which the password was entered and the code was not."""
    sign_in(client, reviewer)
    return client


def shows_the_screen(answer: Any) -> bool:
    return answer.status_code == 200


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_no_claim_about_the_path_opens_the_gate_for_others_or_itself(
    before_the_code: Client, claim: dict[str, str]
) -> None:
    Client().get("/admin/", **claim)  # one anonymous request, which must leave nothing behind
    Client().get("/admin/login/", **claim)
    assert before_the_code.get("/admin/review/")["Location"].startswith(CODE)
    assert not shows_the_screen(before_the_code.get("/admin/review/", **claim))
    assert before_the_code.get("/admin/review/")["Location"].startswith(CODE)


@pytest.mark.parametrize("prefix", ["/elsewhere", "/admin", "/admin/login"])
def test_a_forced_script_name_leaves_the_gate_closed(
    before_the_code: Client, settings: Any, prefix: str
) -> None:
    settings.FORCE_SCRIPT_NAME = prefix
    assert not shows_the_screen(before_the_code.get("/admin/review/", SCRIPT_NAME="/x"))
    assert not shows_the_screen(before_the_code.post("/admin/account/", {"name_email-first_name": "x"}))


@pytest.mark.parametrize("path", SPELLINGS)
def test_no_spelling_of_a_path_passes_the_gate(before_the_code: Client, path: str) -> None:
    answer = before_the_code.get(path)
    assert not shows_the_screen(answer)
    assert "review-queue" not in answer.content.decode()


def test_the_constants_are_the_urls() -> None:
    assert reverse("wagtailadmin_home") == ADMIN_PATH
    assert LOGIN_PATH in EXEMPT_PATHS.values()
    for name, path in (EXEMPT_PATHS | SCREEN_PATHS).items():
        assert reverse(name) == path, name


def test_whatever_needs_a_sign_in_is_below_the_admin() -> None:
    """Every other URL is public, and has no session (system check E004)."""
    admin = [str(p.pattern) for p in get_resolver().url_patterns if "admin" in str(p.pattern)]
    assert admin
    assert all(f"/{pattern}".startswith(ADMIN_PATH) for pattern in admin)


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_the_server_hands_django_no_script_name(
    monkeypatch: pytest.MonkeyPatch, claim: dict[str, str]
) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr(WSGIHandler, "__call__", lambda self, environ, start: seen.update(environ))
    Utf8WSGIHandler()({"PATH_INFO": "/admin/", **claim}, lambda *args: None)
    assert seen["SCRIPT_NAME"] == ""
    assert not {"SCRIPT_URL", "REDIRECT_URL"} & set(seen)
