"""URLs of pages whose name changed, below /admin/renamed-pages/."""

from django.urls import path

from monographs.review.renamed_pages import renamed_views

app_name = "renamed"

urlpatterns = [
    path("", renamed_views.RenamedPagesView.as_view(), name="list"),
    path("<uuid:key>/", renamed_views.RenamedPageView.as_view(), name="page"),
]
