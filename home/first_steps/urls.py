"""URLs below /admin/first-steps/."""

from django.urls import path

from home.first_steps import views

app_name = "first_steps"

urlpatterns = [
    path("", views.FirstStepsView.as_view(), name="page"),
    path("starter-texts/", views.StarterTextsView.as_view(), name="starter_texts"),
    path("dismiss/", views.DismissView.as_view(), name="dismiss"),
]
