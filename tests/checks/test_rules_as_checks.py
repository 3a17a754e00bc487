"""System checks: each violated rule keeps the site from starting."""

import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group, Permission
from django.core.checks import Error, run_checks
from django.http import HttpResponse
from django.test import Client
from django.test.utils import isolate_apps
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import (
    DraftStateMixin,
    GroupPagePermission,
    Page,
    PagePermissionTester,
    RevisionMixin,
    pages,
)

from monographs import checks
from monographs.models import MonographPage


def ids(found: list[Any]) -> list[str]:
    assert all(isinstance(message, Error) and message.hint for message in found)
    return [message.id for message in found]


def test_this_site_breaks_no_rule(db: None, site: Any) -> None:
    assert [m for m in run_checks(databases=["default"]) if m.id.startswith("monographs.")] == []


def test_a_page_type_that_is_not_reviewed_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_MODEL_CLASSES", [*pages.PAGE_MODEL_CLASSES])
    with isolate_apps("home"):

        class SneakyPage(Page):
            class Meta:
                app_label = "home"

    assert issubclass(SneakyPage, Page)

    found = checks.check_page_types(None)
    assert ids(found) == ["monographs.E001"]
    assert "home.SneakyPage" in found[0].msg


@pytest.mark.parametrize("model", [Page, MonographPage])
def test_a_page_type_with_wagtails_own_tester_does_not_start(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "permissions_for_user", lambda self, user: PagePermissionTester(user, self))
    assert ids(checks.check_page_types(None)) == ["monographs.E002"]


def test_a_model_that_is_published_by_hand_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with isolate_apps("home"):

        class Banner(DraftStateMixin, RevisionMixin):
            class Meta:
                app_label = "home"

    stock = list(checks.apps.get_models())
    monkeypatch.setattr(checks.apps, "get_models", lambda: [*stock, Banner])
    found = checks.check_draft_models(None)
    assert ids(found) == ["monographs.E003"]
    assert "home.Banner" in found[0].msg


def bad_urls(*more: Any) -> ModuleType:
    """Return the site's URL configuration with additional patterns."""
    module = ModuleType("bad_urls")
    module.urlpatterns = [*more, path("", include("cms.urls"))]
    return module


def draft_for_everybody(request: Any) -> HttpResponse:
    return HttpResponse(MonographPage.objects.all())


def public_api() -> Any:
    router = WagtailAPIRouter("public")
    router.register_endpoint("pages", PagesAPIViewSet)
    return path("api/v2/", router.urls)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (path("drafts/", draft_for_everybody), "draft_for_everybody"),
        (path("wagtail/", include(wagtail_urls)), "wagtail.views.serve"),
        (public_api(), "PagesAPIViewSet"),
        (path("healthy/", include([path("drafts/", draft_for_everybody)])), "/healthy/drafts/"),
    ],
)
def test_a_public_view_from_elsewhere_does_not_start(pattern: Any, told: str, settings: Any) -> None:
    settings.ROOT_URLCONF = bad_urls(pattern)
    found = checks.check_public_views(None)
    assert found
    assert set(ids(found)) == {"monographs.E004"}
    assert told in " ".join(message.msg for message in found)


@pytest.mark.parametrize("app", list(checks.FORBIDDEN_APPS))
def test_an_app_that_bypasses_review_does_not_start(app: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.apps, "is_installed", lambda name: name == app)
    assert ids(checks.check_forbidden_apps(None)) == ["monographs.E006"]


@pytest.mark.parametrize("action", [None, "wagtail.workflows.publish_workflow_state"])
def test_wagtails_own_end_of_a_workflow_does_not_start(action: Any, settings: Any) -> None:
    settings.WAGTAIL_FINISH_WORKFLOW_ACTION = action
    assert ids(checks.check_workflow_finish_action(None)) == ["monographs.E007"]


def test_an_admin_without_the_refusal_middleware_does_not_start(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "RefusalMiddleware" not in name]
    assert ids(checks.check_refusal_middleware(None)) == ["monographs.E008"]


@pytest.mark.parametrize("place", [None, 0])
def test_an_admin_without_the_workflow_guard_at_the_end_does_not_start(place: Any, settings: Any) -> None:
    *others, guard = settings.MIDDLEWARE
    settings.MIDDLEWARE = others if place is None else [guard, *others]
    assert ids(checks.check_workflow_guard(None)) == ["monographs.E010"]


def test_a_group_that_may_publish_pages_does_not_start(db: None, site: Any) -> None:
    group = Group.objects.get(name="Editors")
    permission = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(group=group, page=site, permission=permission)
    found = checks.check_publish_permissions(None, databases=["default"])
    assert ids(found) == ["monographs.E009"]
    assert "Editors" in found[0].msg


def test_a_process_whose_group_may_publish_since_it_started_is_not_ready(
    client: Client, db: None, site: Any
) -> None:
    assert client.get("/readyz").status_code == 200
    permission = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(
        group=Group.objects.get(name="Editors"), page=site, permission=permission
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "publish by hand" in answer.json()["reason"]


@pytest.mark.parametrize("holder", ["group", "account"])
def test_a_permission_to_publish_anything_does_not_start(db: None, writer: Any, holder: str) -> None:
    permission = Permission.objects.get(codename="publish_page")
    if holder == "group":
        Group.objects.get(name="Medical writers").permissions.add(permission)
    else:
        writer.user_permissions.add(permission)
    assert ids(checks.check_publish_permissions(None, databases=["default"])) == ["monographs.E009"]


def test_a_database_that_is_not_migrated_yet_is_not_judged(
    db: None, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Group.objects.get(name="Editors").permissions.add(Permission.objects.get(codename="publish_page"))
    monkeypatch.setattr(checks, "pending_migrations", lambda alias: ["home.0001_release_1_0"])
    assert checks.check_publish_permissions(None, databases=["default"]) == []
    assert checks.check_publish_permissions(None, databases=None) == []


def test_production_exits_with_the_messages(db: None, site: Any, settings: Any) -> None:
    settings.DEBUG = True  # imported by a development server, it checks nothing by itself
    from cms import wsgi  # noqa: PLC0415  # importing it is what is tested

    wsgi.exit_if_checks_fail()
    Group.objects.get(name="Editors").permissions.add(Permission.objects.get(codename="publish_page"))
    with pytest.raises(SystemExit, match=r"Editors.*may publish by hand"):
        wsgi.exit_if_checks_fail()


def test_production_does_not_start_with_a_broken_rule() -> None:
    """Start a process as gunicorn does, without a database and with a violated rule."""
    program = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'cms.settings.production'\n"
        "from django.conf import settings\n"
        "settings.WAGTAIL_FINISH_WORKFLOW_ACTION = 'wagtail.workflows.publish_workflow_state'\n"
        "import cms.wsgi\n"
    )
    environment = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "SECRET_KEY": "x1" * 40,
        "ALLOWED_HOSTS": "example.org",
        "BASE_URL": "https://example.org",
        "EMAIL_URL": "smtp://mail.example.org:587",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "This site does not start" in done.stderr
    assert "monographs.E007" in done.stderr
