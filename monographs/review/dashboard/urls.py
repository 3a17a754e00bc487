"""URLs of the review dashboard, below /admin/board/."""

from django.urls import path

from monographs.review.dashboard import views

app_name = "dashboard"

urlpatterns = [
    path("", views.DashboardView.as_view(), name="index"),
    path("export.csv", views.ExportView.as_view(), name="export"),
    path("calendar/", views.CalendarView.as_view(), name="calendar"),
]
