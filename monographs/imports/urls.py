"""URLs of the import views below /admin/import/."""

from django.urls import path

from monographs.imports import origin_views, paste_view, views
from monographs.imports.from_label import label_views

app_name = "imports"

urlpatterns = [
    path("", views.UploadView.as_view(), name="upload"),
    path("drafts/", views.DraftsView.as_view(), name="drafts"),
    path("label/", label_views.LabelChoiceView.as_view(), name="label"),
    path("label/draft/", label_views.LabelDraftView.as_view(), name="label_draft"),
    path("paste/", paste_view.PasteView.as_view(), name="paste"),
    path("origin/<uuid:key>/", origin_views.OriginView.as_view(), name="origin"),
]
