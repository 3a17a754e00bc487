"""Bypass routes of anonymous clients: addresses, parameters, headers and cookies that might show a draft."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from tests.access_control.attempt import Attempt, bypass_attempt, messages_of
from tests.access_control.populated_site import ANONYMOUS, ROLES, UNSIGNED, answer

SIGNED_IN = (*ROLES, "other writer")


def assert_unchanged(attempt: Attempt, client: Client, address: str, plain: str = "", **headers: str) -> None:
    assert answer(client, address, **headers) == attempt.site.before[plain or address]


@bypass_attempt("public page: parameters that ask for a draft", ANONYMOUS, "superuser")
def test_parameters(attempt: Attempt) -> None:
    for (
        query
    ) in "preview=1 draft=1 edition=2 revision=1 mode=default in_preview_panel=true _method=POST".split():
        for page in ("/", "/medicines/alphaumab/", "/classes/antibodies/", "/about/who-pays/"):
            assert_unchanged(attempt, attempt.client, f"{page}?{query}", page)
    attempt.harmless()


@bypass_attempt("public pages: read by somebody signed in", *SIGNED_IN)
def test_signed_in(attempt: Attempt) -> None:
    for address in attempt.site.addresses:
        assert_unchanged(attempt, attempt.client, address)
    attempt.harmless()


@bypass_attempt("public pages: cookies and languages that could poison a cache", ANONYMOUS)
def test_cookies_and_languages(attempt: Attempt) -> None:
    attempt.client.cookies["sessionid"] = "made-up"
    attempt.client.cookies["wagtail_preview"] = "1"
    for address in attempt.site.addresses:
        assert_unchanged(attempt, attempt.client, address, **{"Accept-Language": "fr", "X-Preview": "1"})
    attempt.harmless()


@bypass_attempt("public pages: another host in the request", ANONYMOUS)
def test_hosts(attempt: Attempt, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Original-URL": "/admin/"}
    for address in attempt.site.addresses:
        assert_unchanged(attempt, Client(headers=headers), address)
    attempt.harmless()


@bypass_attempt("public pages: a host that is not ours", ANONYMOUS)
def test_foreign_host(attempt: Attempt) -> None:
    response = attempt.client.get("/medicines/alphaumab/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    attempt.outcome = "refused"


@bypass_attempt("public pages: methods that change things", ANONYMOUS, "superuser")
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


@bypass_attempt("address: Wagtail's and Django's usual ones", ANONYMOUS)
def test_usual_addresses(attempt: Attempt) -> None:
    answers = [attempt.client.get(address) for address in USUAL.split()]
    assert not any(UNSIGNED.lower() in messages_of(response).lower() for response in answers)
    attempt.unreachable(*(response.status_code for response in answers))


@bypass_attempt("draft: preview, revisions and history", ANONYMOUS)
def test_drafts_need_a_sign_in(attempt: Attempt) -> None:
    revision = Revision.objects.latest("pk").pk
    plain = ("view_draft", "preview_on_edit", "edit", "history", "usage", "delete", "copy")
    answers = [attempt.get(f"wagtailadmin_pages:{name}", attempt.site.draft) for name in plain]
    address = "wagtailadmin_pages:revisions_view"
    answers.append(attempt.get(address, attempt.site.draft, revision))
    address = "wagtailadmin_pages:revisions_compare"
    answers.append(attempt.get(address, attempt.site.draft, "live", "latest"))
    assert all(response.url.startswith("/admin/login/") for response in answers)
    attempt.unreachable(*(response.status_code for response in answers))


@bypass_attempt("draft: preview by somebody without right to it", "reader")
def test_preview_without_right(attempt: Attempt) -> None:
    response = attempt.get("wagtailadmin_pages:view_draft", attempt.site.draft)
    attempt.refused(response, "do not have permission")


@bypass_attempt("draft: preview kept by no cache", "writer", "superuser")
def test_preview_is_not_kept(attempt: Attempt) -> None:
    response = attempt.get("wagtailadmin_pages:view_draft", attempt.site.alpha)
    assert UNSIGNED.encode() not in b"".join(a[2] for a in attempt.site.before.values())
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    attempt.harmless()


ADMIN_PATHS = """
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


@bypass_attempt("admin: lists, choosers and reports", ANONYMOUS)
def test_the_admin_needs_a_sign_in(attempt: Attempt) -> None:
    answers = [attempt.get(name, query=f"?q={UNSIGNED}&export=csv") for name in ADMIN_PATHS.split()]
    assert all(response.url.startswith("/admin/login/") for response in answers)
    attempt.unreachable(*(response.status_code for response in answers))


@bypass_attempt("admin: the password reset does not reveal accounts", ANONYMOUS)
def test_password_reset(attempt: Attempt) -> None:
    address = "wagtailadmin_password_reset"
    known = attempt.post(address, data={"email": "writer@example.org"})
    unknown = attempt.post(address, data={"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    attempt.harmless()


@bypass_attempt("admin: an anonymous client's forbidden post is not recorded in the ledger", ANONYMOUS)
def test_strangers_fill_no_ledger(attempt: Attempt) -> None:
    attempt.client.handler.enforce_csrf_checks = True
    response = attempt.client.post(reverse("wagtailadmin_login"), {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert attempt.logged("by an anonymous user")
    assert not attempt.is_recorded_in_ledger()
    attempt.outcome = "refused"


@bypass_attempt("draft's words: lists, search, sitemap and error pages", ANONYMOUS)
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
        assert word not in messages_of(attempt.client.get(address, follow=True)).lower(), address
    echoed = messages_of(attempt.client.get(f"/search/?q={word}")).lower()
    assert f"{word}umab" not in echoed
    attempt.harmless()
