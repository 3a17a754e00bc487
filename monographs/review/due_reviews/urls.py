"""URLs of due reviews, below /admin/due-reviews/."""

from django.urls import path

from monographs.review.due_reviews import assign_views, due_views, unchanged_views

app_name = "due"

urlpatterns = [
    path("", due_views.DueReviewsView.as_view(), name="list"),
    path("assign/", assign_views.AssignView.as_view(), name="assign"),
    path("begin/", due_views.BeginView.as_view(), name="begin"),
    path("<int:page_id>/", unchanged_views.UnchangedView.as_view(), name="review"),
    path("<int:page_id>/text/", unchanged_views.EditionTextView.as_view(), name="text"),
]
