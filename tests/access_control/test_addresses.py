"""Bypass routes that Wagtail's optional apps would open, and screens that read or list what nobody signed."""

from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from tests.access_control.attempt import Attempt, bypass_attempt, messages_of
from tests.access_control.populated_site import ANONYMOUS, UNSIGNED

#: Addresses of apps that are not installed: each could change what an address of the site shows.
MISSING = {
    "redirects": ("redirects/", "redirects/add/", "redirects/import/", "redirects/report/"),
    "promoted search results": ("searchpicks/", "searchpicks/add/", "searchpicks/queries/chooser/"),
    "form builder": ("forms/", "forms/submissions/1/"),
    "translation of pages": ("translation/submit/page/{page}/", "translation/submit/snippet/x/y/1/"),
    "localization": ("localize/submit/page/{page}/", "locales/", "locales/new/"),
    "settings models": ("settings/home/anything/", "settings/home/anything/1/"),
    "page transfer": ("wagtail-transfer/choose/", "import-export/export-page/", "import-page/"),
    "Django's admin": ("django-admin/", "../django-admin/auth/user/"),
    "frontend cache": ("purge/", "frontendcache/purge/"),
    "public API": ("../api/v2/pages/", "../api/v2/pages/{page}/", "../api/v2/images/"),
    "public previews": ("../preview/{page}/", "../pages/preview/{page}/", "../_preview/1/"),
    "page serving by number": ("../pages/{page}/", "../serve/{page}/", "../?page_id={page}&preview=1"),
}
#: Roles of the admin who could otherwise do most, and nobody.
WHO = ("writer", "superuser", ANONYMOUS)


@pytest.mark.parametrize("app", MISSING)
@bypass_attempt("app: not installed, so nothing to reach", *WHO)
def test_apps_that_are_not_installed(attempt: Attempt, app: str) -> None:
    for pattern in MISSING[app]:
        path = pattern.format(page=attempt.site.draft)
        address = f"/{path.removeprefix('../')}" if path.startswith("../") else f"/admin/{path}"
        for response in (attempt.client.get(address), attempt.client.post(address, {"title": UNSIGNED})):
            if response.status_code == 200:
                assert UNSIGNED.lower() not in response.content.decode().lower()
                assert address.startswith("/?"), f"{address} answers"
    attempt.harmless()


#: Names of screens that list pages or choose among them, with what they need.
SCREENS: dict[str, list[Any]] = {
    "wagtailadmin_choose_page": [],
    "wagtailadmin_choose_page_search": [],
    "wagtailadmin_reports:locked_pages": [],
    "wagtailadmin_reports:workflow": [],
    "wagtailadmin_reports:workflow_tasks": [],
    "wagtailadmin_reports:site_history": [],
    "wagtailadmin_reports:aging_pages": [],
    "wagtailadmin_reports:page_types_usage": [],
    "wagtailadmin_pages:search": [],
    "wagtailadmin_explore_root": [],
    "wagtailadmin_collections:index": [],
    "wagtailadmin_collections:add": [],
    "wagtailadmin_workflows:index": [],
    "wagtailadmin_workflows:add": [],
    "wagtailadmin_workflows:task_index": [],
    "wagtailusers_users:index": [],
    "wagtailusers_groups:index": [],
    "wagtailsites:index": [],
    "wagtailimages:index": [],
    "wagtaildocs:index": [],
    "wagtailsnippets:index": [],
    "review:queue": [],
    "dashboard:index": [],
    "dashboard:export": [],
    "dashboard:calendar": [],
    "labels:tasks": [],
    "labels:coverage": [],
    "due:list": [],
    "due:assign": [],
    "labels:coverage_export": [],
    "labels:coverage_versions": [],
    "labels:coverage_versions_export": [],
    "site_status": [],
}


@pytest.mark.parametrize("name", SCREENS)
@bypass_attempt("screen: read without signing in", ANONYMOUS)
def test_screens_need_a_sign_in(attempt: Attempt, name: str) -> None:
    response = attempt.get(name, *SCREENS[name])
    assert UNSIGNED.lower() not in messages_of(response).lower()
    attempt.unreachable(response.status_code)


@pytest.mark.parametrize("name", ["userbar", "preview_on_edit", "view_draft", "revisions_view", "history"])
@bypass_attempt("draft: shown by Wagtail without signing in", ANONYMOUS)
def test_drafts_need_a_sign_in(attempt: Attempt, name: str) -> None:
    page = attempt.site.page(attempt.site.draft)
    arguments = {"userbar": [], "revisions_view": [page.pk, page.latest_revision_id]}.get(name, [page.pk])
    try:
        address = reverse(f"wagtailadmin_pages:{name}", args=arguments)
    except NoReverseMatch:
        address = f"/admin/{name}/{page.pk}/"
    answers = [attempt.client.get(address), attempt.client.post(address), attempt.client.head(address)]
    for response in answers:
        assert UNSIGNED.lower() not in messages_of(response).lower()
    attempt.unreachable(*(response.status_code for response in answers))


@pytest.mark.parametrize("name", ["lock", "unlock"])
@bypass_attempt("lock: a page in review", "writer", "reviewer", "editor", "superuser")
def test_locks_of_a_page_in_review(attempt: Attempt, name: str) -> None:
    attempt.post(f"wagtailadmin_pages:{name}", attempt.site.gamma)
    assert attempt.site.submission().is_open
    assert attempt.site.page(attempt.site.gamma).is_frozen
    attempt.harmless()
