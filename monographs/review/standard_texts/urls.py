"""URLs of standard texts, below /admin/standard-texts/."""

from django.urls import path

from monographs.review.standard_texts import choice_views, text_views

app_name = "standard_texts"

urlpatterns = [
    path("", text_views.StandardTextsView.as_view(), name="list"),
    path("choice/", choice_views.TextChoiceView.as_view(), name="choice"),
    path("<uuid:key>/", text_views.StandardTextView.as_view(), name="text"),
]
