"""The handover screen in Wagtail's admin."""

from django.urls import URLResolver, include, path
from wagtail import hooks

from monographs.review.handover.handover_views import HandoverView

app_name = "handover"
urlpatterns = [path("<int:pk>/", HandoverView.as_view(), name="handover")]


@hooks.register("register_admin_urls")
def handover_urls() -> list[URLResolver]:
    """Register the URL below /admin/handover/."""
    return [path("handover/", include((urlpatterns, app_name)))]
