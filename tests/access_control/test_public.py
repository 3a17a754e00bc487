"""Doors of everybody: addresses, parameters, headers and cookies that might lead to a draft."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from tests.access_control.attempt import Attempt, attempt_at, said
from tests.access_control.populated_site import PEOPLE, STRANGER, UNSIGNED, answer

SIGNED_IN = (*PEOPLE, "other writer")


def same_as_ever(attempt: Attempt, client: Client, address: str, plain: str = "", **headers: str) -> None:
    assert answer(client, address, **headers) == attempt.world.before[plain or address]


@attempt_at("public page: parameters that ask for a draft", STRANGER, "superuser")
def test_parameters(attempt: Attempt) -> None:
    for (
        query
    ) in "preview=1 draft=1 edition=2 revision=1 mode=default in_preview_panel=true _method=POST".split():
        for page in ("/", "/medicines/alphaumab/", "/classes/antibodies/", "/about/who-pays/"):
            same_as_ever(attempt, attempt.client, f"{page}?{query}", page)
    attempt.harmless()


@attempt_at("public pages: read by somebody signed in", *SIGNED_IN)
def test_signed_in(attempt: Attempt) -> None:
    for address in attempt.world.addresses:
        same_as_ever(attempt, attempt.client, address)
    attempt.harmless()


@attempt_at("public pages: cookies and languages that could poison a cache", STRANGER)
def test_cookies_and_languages(attempt: Attempt) -> None:
    attempt.client.cookies["sessionid"] = "made-up"
    attempt.client.cookies["wagtail_preview"] = "1"
    for address in attempt.world.addresses:
        same_as_ever(attempt, attempt.client, address, **{"Accept-Language": "fr", "X-Preview": "1"})
    attempt.harmless()


@attempt_at("public pages: another host in the request", STRANGER)
def test_hosts(attempt: Attempt, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Original-URL": "/admin/"}
    for address in attempt.world.addresses:
        same_as_ever(attempt, Client(headers=headers), address)
    attempt.harmless()


@attempt_at("public pages: a host that is not ours", STRANGER)
def test_foreign_host(attempt: Attempt) -> None:
    response = attempt.client.get("/medicines/alphaumab/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    attempt.outcome = "refused"


@attempt_at("public pages: methods that change things", STRANGER, "superuser")
def test_methods(attempt: Attempt) -> None:
    methods = [getattr(attempt.client, name) for name in ("post", "put", "patch", "delete", "trace")]
    answers = [ask(address) for ask in methods for address in ("/", "/medicines/alphaumab/")]
    assert {response.status_code for response in answers} <= {403, 405}
    attempt.unreachable(*(response.status_code for response in answers))


USUAL = """
    /home/medicines/alphaumab/
    /_util/authenticate_with_password/1/1/
    /_util/login/
    /documents/1/x.pdf
    /documents/authenticate_with_password/1/
    /images/1/fill-10x10/x.png
    /django-admin/
    /admin/auth/user/
    /admin/monographs/monographpage/
    /admin/redirects/
    /admin/searchpicks/
    /admin/styleguide/
    /admin/settings/
    /api/v2/pages/
    /api/main/pages/
    /graphql/
    /media/images/pump.png
    /wagtail/
    /cms/
    /pages/1/
    /feed/
    /rss/
"""


@attempt_at("address: Wagtail's and Django's usual ones", STRANGER)
def test_usual_addresses(attempt: Attempt) -> None:
    answers = [attempt.client.get(address) for address in USUAL.split()]
    assert not any(UNSIGNED.lower() in said(response).lower() for response in answers)
    attempt.unreachable(*(response.status_code for response in answers))


@attempt_at("draft: preview, revisions and history", STRANGER)
def test_drafts_need_a_sign_in(attempt: Attempt) -> None:
    revision = Revision.objects.latest("pk").pk
    plain = ("view_draft", "preview_on_edit", "edit", "history", "usage", "delete", "copy")
    answers = [attempt.get(f"wagtailadmin_pages:{name}", attempt.world.draft) for name in plain]
    address = "wagtailadmin_pages:revisions_view"
    answers.append(attempt.get(address, attempt.world.draft, revision))
    address = "wagtailadmin_pages:revisions_compare"
    answers.append(attempt.get(address, attempt.world.draft, "live", "latest"))
    assert all(response.url.startswith("/admin/login/") for response in answers)
    attempt.unreachable(*(response.status_code for response in answers))


@attempt_at("draft: preview by somebody without right to it", "reader")
def test_preview_without_right(attempt: Attempt) -> None:
    response = attempt.get("wagtailadmin_pages:view_draft", attempt.world.draft)
    attempt.refused(response, "do not have permission")


@attempt_at("draft: preview kept by no cache", "writer", "superuser")
def test_preview_is_not_kept(attempt: Attempt) -> None:
    response = attempt.get("wagtailadmin_pages:view_draft", attempt.world.alpha)
    assert UNSIGNED.encode() not in b"".join(a[2] for a in attempt.world.before.values())
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    attempt.harmless()


DESK = """
    wagtailadmin_home
    wagtailadmin_explore_root
    wagtailadmin_choose_page
    wagtailadmin_pages:search
    wagtailadmin_reports:site_history
    wagtailadmin_reports:workflow
    wagtailadmin_reports:aging_pages
    wagtailimages:index
    wagtaildocs:index
    wagtailusers_users:index
    review:queue
"""


@attempt_at("desk: lists, choosers and reports", STRANGER)
def test_the_desk_needs_a_sign_in(attempt: Attempt) -> None:
    answers = [attempt.get(name, query=f"?q={UNSIGNED}&export=csv") for name in DESK.split()]
    assert all(response.url.startswith("/admin/login/") for response in answers)
    attempt.unreachable(*(response.status_code for response in answers))


@attempt_at("desk: the password reset tells nobody who has an account", STRANGER)
def test_password_reset(attempt: Attempt) -> None:
    address = "wagtailadmin_password_reset"
    known = attempt.post(address, data={"email": "writer@example.org"})
    unknown = attempt.post(address, data={"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    attempt.harmless()


@attempt_at("desk: a stranger's forbidden post fills no ledger", STRANGER)
def test_strangers_fill_no_ledger(attempt: Attempt) -> None:
    attempt.client.handler.enforce_csrf_checks = True
    response = attempt.client.post(reverse("wagtailadmin_login"), {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert attempt.logged("by an anonymous user")
    assert not attempt.told_ledger()
    attempt.outcome = "refused"


@attempt_at("draft's words: lists, search, sitemap and error pages", STRANGER)
def test_words_of_drafts(attempt: Attempt) -> None:
    word = UNSIGNED.lower()
    places = [
        *(
            "/",
            "/medicines/",
            "/medicines/?letter=U",
            "/sitemap.xml",
            "/search/?q=umab",
            "/conditions/myeloma/",
        ),
        *("/classes/antibodies/", f"/medicines/{word}umab", "/medicines/gammaumab/"),
    ]
    for address in places:
        assert word not in said(attempt.client.get(address, follow=True)).lower(), address
    echoed = said(attempt.client.get(f"/search/?q={word}")).lower()
    assert f"{word}umab" not in echoed
    attempt.harmless()
