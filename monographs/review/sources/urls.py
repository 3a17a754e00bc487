"""URLs below /admin/source-tasks/."""

from django.urls import path

from monographs.review.sources.adoption_view import adopt_source
from monographs.review.sources.answer_views import AnswerSourcesView
from monographs.review.sources.replacement_view import ReplaceSourceView
from monographs.review.sources.source_task_views import SourceTaskListView, SourceTaskView

app_name = "sources"

urlpatterns = [
    path("", SourceTaskListView.as_view(), name="tasks"),
    path("results/", SourceTaskListView.as_view(results_only=True), name="tasks_results"),
    path("adopt/", adopt_source, name="adopt"),
    path("of/<int:pk>/answers/", AnswerSourcesView.as_view(), name="answers"),
    path("of/<int:pk>/replace/", ReplaceSourceView.as_view(), name="replace"),
    path("<int:pk>/", SourceTaskView.as_view(), name="task"),
]
