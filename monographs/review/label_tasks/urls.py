"""URLs below /admin/labels/."""

from django.urls import path

from monographs.review.label_tasks.coverage_views import (
    CoverageExport,
    CoverageView,
    VersionsExport,
    VersionsView,
)
from monographs.review.label_tasks.page_labels import FollowView, PageLabelsView, UnfollowView
from monographs.review.label_tasks.sentence_views import AskSentenceView, SignSentenceView
from monographs.review.label_tasks.task_views import AnswerView, LabelTaskListView, LabelTaskView

app_name = "labels"

urlpatterns = [
    path("", LabelTaskListView.as_view(), name="tasks"),
    path("results/", LabelTaskListView.as_view(results_only=True), name="tasks_results"),
    path("coverage/", CoverageView.as_view(), name="coverage"),
    path("coverage/export.csv", CoverageExport.as_view(), name="coverage_export"),
    path("coverage/versions/", VersionsView.as_view(), name="coverage_versions"),
    path("coverage/versions/export.csv", VersionsExport.as_view(), name="coverage_versions_export"),
    path("page/<uuid:key>/", PageLabelsView.as_view(), name="page"),
    path("page/<uuid:key>/follow/", FollowView.as_view(), name="follow"),
    path("page/<uuid:key>/unfollow/<str:set_id>/", UnfollowView.as_view(), name="unfollow"),
    path("<int:pk>/", LabelTaskView.as_view(), name="task"),
    path("<int:pk>/answer/", AnswerView.as_view(), name="answer"),
    path("<int:pk>/sentence/ask/", AskSentenceView.as_view(), name="ask_sentence"),
    path("<int:pk>/sentence/sign/", SignSentenceView.as_view(), name="sign_sentence"),
]
