"""The root URLconf. Wagtail's page serving is left out on purpose: patients read editions only."""

from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from cms import health
from cms.metrics import metrics
from cms.uploads import uploaded_file
from monographs.accounts.account_screen import AccountView
from monographs.accounts.password_link_views import ChoosePasswordView, PasswordLinkRequestView
from monographs.accounts.sign_out_view import sign_out
from monographs.review.calendar_feed.feed_views import calendar_file
from monographs.review.outside_review.expert_views import ExpertDecisionView
from monographs.review.outside_review.outside_views import OutsideFigureView, OutsideReviewView
from monographs.review.wagtail_integration.blocked_routes import BLOCKED_BULK_ACTIONS, refuse_bulk_action
from monographs.review.wagtail_integration.editor_views import addresses as editor_addresses

_admin = [
    # Uploads, also those of drafts: only for users with access to the admin
    path("media/<path:path>", require_admin_access(uploaded_file)),
    # Before Wagtail's own bulk actions, from which these are unregistered
    *(
        path(
            f"bulk/wagtailcore/page/{action}/",
            require_admin_access(refuse_bulk_action),
            {"action": action},
        )
        for action in BLOCKED_BULK_ACTIONS
    ),
    path("pages/", include(editor_addresses)),
    # For calendar programs, which do not sign in: whoever knows the key in the query string reads it
    path("calendar-feed.ics", calendar_file, name="calendar_feed_file"),
    # For outside experts, who have no account: whoever has the key reads one text and leaves notes
    path("outside-review/", OutsideReviewView.as_view(), name="outside_review"),
    path("outside-review/decision/", ExpertDecisionView.as_view(), name="outside_decision"),
    path("outside-review/figures/<str:file_name>", OutsideFigureView.as_view(), name="outside_figure"),
    # In place of Wagtail's screens of the same names, at the same addresses
    path("account/", require_admin_access(AccountView.as_view())),
    path("logout/", sign_out, name="wagtailadmin_logout"),
    path("password_reset/", PasswordLinkRequestView.as_view()),
    path("password_reset/confirm/<uidb64>/<token>/", ChoosePasswordView.as_view()),
    path("", include(wagtailadmin_urls)),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", include(_admin)),
    path("", include("monographs.public.urls")),
]

handler400 = "monographs.public.error_pages.bad_request"
handler404 = "monographs.public.error_pages.not_found"
handler500 = "monographs.public.error_pages.server_error"

if settings.DEBUG:
    urlpatterns = [*staticfiles_urlpatterns(), *urlpatterns]
