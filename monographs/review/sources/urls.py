"""URLs below /admin/source-tasks/."""

from django.urls import path

from monographs.review.sources.adoption_view import adopt_source
from monographs.review.sources.source_task_views import SourceTaskListView, SourceTaskView

app_name = "sources"

urlpatterns = [
    path("", SourceTaskListView.as_view(), name="tasks"),
    path("results/", SourceTaskListView.as_view(results_only=True), name="tasks_results"),
    path("adopt/", adopt_source, name="adopt"),
    path("<int:pk>/", SourceTaskView.as_view(), name="task"),
]
