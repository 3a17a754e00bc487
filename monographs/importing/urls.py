"""Addresses of the import screens below /admin/import/."""

from django.urls import path

from monographs.importing import views

app_name = "importing"

urlpatterns = [
    path("", views.UploadView.as_view(), name="upload"),
    path("drafts/", views.DraftsView.as_view(), name="drafts"),
]
