"""URLs below /admin/styleguide/."""

from django.urls import path

from monographs.styleguide import views

app_name = "styleguide"

urlpatterns = [
    path("", views.StyleGuideView.as_view(), name="page"),
    path("<str:mode>/", views.frame, name="frame"),
    path("<str:mode>.css", views.style, name="style"),
    path("<slug:brand>/<str:mode>/", views.frame, name="frame"),
    path("<slug:brand>/<str:mode>.css", views.style, name="style"),
]
