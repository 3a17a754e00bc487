"""URLs below /admin/labels/."""

from django.urls import path

from monographs.label_watch.task_views import TaskListView, TaskView

app_name = "labels"

urlpatterns = [
    path("", TaskListView.as_view(), name="tasks"),
    path("results/", TaskListView.as_view(results_only=True), name="tasks_results"),
    path("<int:pk>/", TaskView.as_view(), name="task"),
]
