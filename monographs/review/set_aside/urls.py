"""URLs of drafts set aside, below /admin/review/draft-set-aside/."""

from django.urls import path

from monographs.review.set_aside import set_aside_views as views

app_name = "set_aside"

urlpatterns = [
    path("<int:page_id>/", views.SetAsideDraftView.as_view(), name="draft"),
    path("<int:page_id>/correct/", views.CorrectView.as_view(), name="correct"),
    path("<int:page_id>/merge/", views.MergeView.as_view(), name="merge"),
]
