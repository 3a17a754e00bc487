"""The house's rules as system checks: a site that breaks one does not start.

Django runs them before every command and `cms/wsgi.py` before the first request. The last one asks the
database, so it runs where Django is told which: in `cms/wsgi.py`, `migrate`, `check --database default`.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import URLPattern, URLResolver, get_resolver

FINISH = "monographs.review.wagtail_integration.workflow_finish.publish_signed"
READING = "monographs.public"
REFUSAL_MIDDLEWARE = "monographs.review.wagtail_integration.refusal_middleware.RefusalMiddleware"
#: Addresses that serve no patient: the desk, probes, and files of the interface.
NOT_PUBLIC = ("admin/", "healthz", "readyz")
CLOSED_APPS = {
    "wagtail.contrib.redirects": "A redirect made on the desk would shadow a signed page.",
    "wagtail.contrib.sitemaps": "Wagtail's sitemap lists the desk's pages, not what is signed.",
    "wagtail.contrib.search_promotions": "Promoted results are chosen on the desk, and signed by nobody.",
    "django.contrib.admin": "Django's admin writes to any table, asking none of the desk's rules.",
}


@register(Tags.models)
def page_types_are_reviewed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001, E002: no page type escapes review or its permission tester."""
    from wagtail.models import Page, get_page_models  # noqa: PLC0415  # Wagtail's models exist only now

    from monographs.models import ReviewedPage  # noqa: PLC0415
    from monographs.pages.permissions import ReviewedPagePermissionTester  # noqa: PLC0415

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
        if not issubclass(_tester_of(model), ReviewedPagePermissionTester):
            found.append(
                Error(
                    f"The page type {model._meta.label} may be published by hand.",
                    hint="Its permissions_for_user must give a ReviewedPagePermissionTester.",
                    obj=model,
                    id="monographs.E002",
                )
            )
    return found


def _tester_of(model: Any) -> type:
    """Of which kind the tester of a page type is; an id spares the page a look into the database."""
    page = model(id=1, content_type_id=1, depth=1)
    page.__dict__["specific_deferred"] = page
    return type(page.permissions_for_user(AnonymousUser()))


@register(Tags.models)
def nothing_else_is_published(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E003: only pages have drafts; anything else that is published by hand would be unsigned."""
    from wagtail.models import DraftStateMixin, Page  # noqa: PLC0415  # Wagtail's models exist only now

    return [
        Error(
            f"{model._meta.label} can be published on the desk, and no signature stands behind it.",
            hint="Patients read editions. Leave DraftStateMixin out, or make it a reviewed page.",
            obj=model,
            id="monographs.E003",
        )
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]


@register(Tags.urls)
def public_views_read_editions(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E004: every public address is answered by the reading room."""
    return [
        Error(
            f"The public address “/{address}” is answered by {name}, which is not in {READING}.",
            hint="Patients read signed editions only. Serve it from the reading room, or below /admin/.",
            id="monographs.E004",
        )
        for address, name in _views(get_resolver().url_patterns)
        if not (name.startswith(f"{READING}.") or address.startswith(NOT_PUBLIC) or _is_static(address, name))
    ]


def _views(patterns: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern).lstrip("^/")
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            name = getattr(view, "__qualname__", type(view).__qualname__)
            yield address, f"{view.__module__}.{name}"


def _is_static(address: str, name: str) -> bool:
    return name == "django.contrib.staticfiles.views.serve" and address.startswith(
        str(settings.STATIC_URL).lstrip("/")
    )


@register(Tags.security)
def closed_apps_stay_out(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E006: apps that bring ways around the reading room."""
    return [
        Error(f"{name} is installed. {why}", hint="Leave it out of INSTALLED_APPS.", id="monographs.E006")
        for name, why in CLOSED_APPS.items()
        if apps.is_installed(name)
    ]


@register(Tags.security)
def the_workflow_ends_in_our_hands(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E007: Wagtail's own end of a workflow publishes without looking at signatures."""
    if getattr(settings, "WAGTAIL_FINISH_WORKFLOW_ACTION", None) == FINISH:
        import_module(FINISH.rpartition(".")[0])
        return []
    return [
        Error(
            "The end of a workflow publishes without looking at signatures.",
            hint=f"Set WAGTAIL_FINISH_WORKFLOW_ACTION to {FINISH}.",
            id="monographs.E007",
        )
    ]


@register(Tags.security)
def the_desk_is_watched(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E008: refused attempts on the desk are noted."""
    if REFUSAL_MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        Error(
            "Refused attempts leave no line.",
            hint=f"Put {REFUSAL_MIDDLEWARE} last in MIDDLEWARE.",
            id="monographs.E008",
        )
    ]


@register(Tags.database)
def nobody_holds_a_permission_to_publish(
    app_configs: Any, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E009: publication follows from signatures, so no group and no account may hold a permission for it.

    A database that is not there, or not migrated yet, is not judged: it serves no patient.
    """
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            if not _is_migrated(alias):
                continue
            holders = sorted(publishers(alias))
        except DatabaseError:
            continue
        found += [
            Error(
                f"{holder} may publish by hand ({permission}).",
                hint="Take the permission away; `manage.py setup_site` does so for page permissions.",
                id="monographs.E009",
            )
            for holder, permission in holders
        ]
    return found


def _is_migrated(alias: str) -> bool:
    executor = MigrationExecutor(connections[alias])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def publishers(alias: str) -> Iterator[tuple[str, str]]:
    """Who holds a permission to publish, and which."""
    from django.contrib.auth.models import Permission  # noqa: PLC0415  # models exist only now
    from wagtail.models import GroupPagePermission  # noqa: PLC0415

    pages = GroupPagePermission.objects.using(alias).filter(permission__codename="publish_page")
    for row in pages.select_related("group", "page", "permission"):
        yield f"Group “{row.group.name}”", f"publish_page below “{row.page.title}”"
    for permission in Permission.objects.using(alias).filter(codename__startswith="publish_"):
        for group in permission.group_set.all():
            yield f"Group “{group.name}”", permission.codename
        for user in permission.user_set.all():
            yield f"Account “{user.get_username()}”", permission.codename
