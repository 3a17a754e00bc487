"""System checks for rules that a release could break unnoticed. A site that fails one does not start.

Django runs them before every command, and `cms/wsgi.py` before the first request. E009 queries the database,
so it runs only where a database is named: in `cms/wsgi.py`, `migrate` and `check --database default`.

E005 is not used: import-linter checks what the public site imports (`make lint`).
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import DraftStateMixin, Page, get_page_models

from monographs.core.migration_history import pending_migrations
from monographs.models import ReviewedPage
from monographs.pages.permissions import ReviewedPagePermissionTester

FINISH_ACTION = "monographs.review.wagtail_integration.workflow_finish.publish_signed"
PUBLIC_PACKAGE = "monographs.public"
WORKFLOW_GUARD = "monographs.review.wagtail_integration.workflow_guard.WorkflowGuardMiddleware"
REFUSAL_MIDDLEWARE = "monographs.review.wagtail_integration.refusal_middleware.RefusalMiddleware"
#: Path prefixes that are not public pages: the admin, the health probes, and figures for who has a token.
NON_PUBLIC_PREFIXES = ("admin/", "healthz", "readyz", "metrics")
#: Apps that must not be installed, and why.
FORBIDDEN_APPS = {
    "wagtail.contrib.redirects": "A redirect made in the admin would replace a signed page.",
    "wagtail.contrib.sitemaps": "Wagtail's sitemap lists pages of the admin, not published editions.",
    "wagtail.contrib.search_promotions": "Promoted results are chosen in the admin without a signature.",
    "django.contrib.admin": "Django's admin writes to any table without the checks of the Wagtail admin.",
}


@register(Tags.models)
def check_page_types(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001, E002: every page type derives from ``ReviewedPage`` and uses its permission tester."""
    found: list[CheckMessage] = []
    for model in get_page_models():
        if model is not Page and not issubclass(model, ReviewedPage):
            found.append(
                Error(
                    f"The page type {model._meta.label} is not reviewed.",
                    hint="Derive it from monographs.models.ReviewedPage.",
                    obj=model,
                    id="monographs.E001",
                )
            )
        if not issubclass(_tester_class(model), ReviewedPagePermissionTester):
            found.append(
                Error(
                    f"The page type {model._meta.label} may be published by hand.",
                    hint="Its permissions_for_user must return a ReviewedPagePermissionTester.",
                    obj=model,
                    id="monographs.E002",
                )
            )
    return found


def _tester_class(model: Any) -> type:
    """Return the class of a page type's permission tester, without a database query."""
    page = model(id=1, content_type_id=1, depth=1)
    page.__dict__["specific_deferred"] = page
    return type(page.permissions_for_user(AnonymousUser()))


@register(Tags.models)
def check_draft_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E003: only pages have drafts. Any other model with drafts would be published without a signature."""
    return [
        Error(
            f"{model._meta.label} can be published in the admin without a signature.",
            hint="Remove DraftStateMixin, or make it a page type derived from ReviewedPage.",
            obj=model,
            id="monographs.E003",
        )
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]


@register(Tags.urls)
def check_public_views(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E004: every public URL is served by a view of ``monographs.public``, which reads editions only."""
    return [
        Error(
            f"The public URL “/{path}” is served by {view}, which is not in {PUBLIC_PACKAGE}.",
            hint=f"Patients read signed editions only. Serve it from {PUBLIC_PACKAGE}, or below /admin/.",
            id="monographs.E004",
        )
        for path, view in _views(get_resolver().url_patterns)
        if not (
            view.startswith(f"{PUBLIC_PACKAGE}.")
            or path.startswith(NON_PUBLIC_PREFIXES)
            or _is_static(path, view)
        )
    ]


def _views(patterns: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the dotted name of every view below ``patterns``."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern).lstrip("^/")
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            name = getattr(view, "__qualname__", type(view).__qualname__)
            yield path, f"{view.__module__}.{name}"


def _is_static(path: str, view: str) -> bool:
    return view == "django.contrib.staticfiles.views.serve" and path.startswith(
        str(settings.STATIC_URL).lstrip("/")
    )


@register(Tags.security)
def check_forbidden_apps(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E006: apps that publish without a signature, or write without our checks, are not installed."""
    return [
        Error(f"{name} is installed. {why}", hint="Remove it from INSTALLED_APPS.", id="monographs.E006")
        for name, why in FORBIDDEN_APPS.items()
        if apps.is_installed(name)
    ]


@register(Tags.security)
def check_workflow_finish_action(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E007: a finished workflow runs our action. Wagtail's own publishes without checking signatures."""
    if getattr(settings, "WAGTAIL_FINISH_WORKFLOW_ACTION", None) == FINISH_ACTION:
        import_module(FINISH_ACTION.rpartition(".")[0])
        return []
    return [
        Error(
            "The end of a workflow publishes without checking signatures.",
            hint=f"Set WAGTAIL_FINISH_WORKFLOW_ACTION to {FINISH_ACTION}.",
            id="monographs.E007",
        )
    ]


@register(Tags.security)
def check_refusal_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E008: the middleware that logs refused attempts in the admin is installed."""
    if REFUSAL_MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        Error(
            "Refused attempts in the admin are not logged.",
            hint=f"Put {REFUSAL_MIDDLEWARE} into MIDDLEWARE, after those of accounts.",
            id="monographs.E008",
        )
    ]


@register(Tags.security)
def check_workflow_guard(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E010: the middleware that asks a second person before the review is weakened is installed, last."""
    if settings.MIDDLEWARE[-1:] == [WORKFLOW_GUARD]:
        return []
    return [
        Error(
            "One person alone could weaken the review in the admin.",
            hint=f"Put {WORKFLOW_GUARD} last in MIDDLEWARE.",
            id="monographs.E010",
        )
    ]


@register(Tags.database)
def check_publish_permissions(
    app_configs: Any, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E009: no group and no account holds a permission to publish; publication follows from signatures.

    A database that cannot be reached or is not migrated yet is not checked: it serves no patient.
    """
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            if pending_migrations(alias):
                continue
            holders = sorted(publish_permissions(alias))
        except DatabaseError:
            continue
        found += [
            Error(
                f"{holder} may publish by hand ({permission}).",
                hint="Remove the permission; `manage.py setup_site` does so for page permissions.",
                id="monographs.E009",
            )
            for holder, permission in holders
        ]
    return found


def publish_permissions(alias: str) -> Iterator[tuple[str, str]]:
    """Yield each group or account that holds a permission to publish, and the permission."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_PUBLISH_PERMISSIONS_SQL)
        yield from cursor.fetchall()


#: One statement, because each `/readyz` asks it: three queries by the ORM take some 5 ms.
_PUBLISH_PERMISSIONS_SQL = """
    SELECT 'Group “' || g.name || '”', 'publish_page below “' || w.title || '”'
        FROM wagtailcore_grouppagepermission AS held
        JOIN auth_permission AS p ON p.id = held.permission_id AND p.codename = 'publish_page'
        JOIN auth_group AS g ON g.id = held.group_id
        JOIN wagtailcore_page AS w ON w.id = held.page_id
    UNION ALL SELECT 'Group “' || g.name || '”', p.codename
        FROM auth_group_permissions AS held
        JOIN auth_permission AS p ON p.id = held.permission_id AND p.codename LIKE 'publish\\_%'
        JOIN auth_group AS g ON g.id = held.group_id
    UNION ALL SELECT 'Account “' || u.username || '”', p.codename
        FROM auth_user_user_permissions AS held
        JOIN auth_permission AS p ON p.id = held.permission_id AND p.codename LIKE 'publish\\_%'
        JOIN auth_user AS u ON u.id = held.user_id
"""
