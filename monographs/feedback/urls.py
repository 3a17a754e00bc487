"""URLs below /admin/feedback/."""

from django.urls import path

from monographs.feedback.reports import AnswersView, CountsView, EraseView

app_name = "feedback"

urlpatterns = [
    path("", CountsView.as_view(), name="counts"),
    path("results/", CountsView.as_view(results_only=True), name="counts_results"),
    path("answers/", AnswersView.as_view(), name="answers"),
    path("answers/results/", AnswersView.as_view(results_only=True), name="answers_results"),
    path("answers/<int:pk>/erase/", EraseView.as_view(), name="erase"),
]
