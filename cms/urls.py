"""Every address. Wagtail's own page serving is left out on purpose: the public reads editions only."""

from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from cms import health
from monographs.review.doors import CLOSED_IN_BULK, bulk_closed
from monographs.review.editor.screens import addresses as editor_addresses

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    # Pictures of the desk, drafts included: for people who are signed in there, and nobody else.
    path(
        "admin/media/<path:path>",
        require_admin_access(serve),
        {"document_root": settings.MEDIA_ROOT},
    ),
    # Before Wagtail's own, which would not know them any more
    *(
        path(f"admin/bulk/wagtailcore/page/{action}/", require_admin_access(bulk_closed), {"action": action})
        for action in CLOSED_IN_BULK
    ),
    path("admin/pages/", include(editor_addresses)),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("monographs.reading.urls")),
]

handler400 = "monographs.reading.errors.refused"
handler404 = "monographs.reading.errors.not_found"
handler500 = "monographs.reading.errors.broken"

if settings.DEBUG:
    urlpatterns = [*staticfiles_urlpatterns(), *urlpatterns]
