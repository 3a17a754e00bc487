"""Addresses of the board below /admin/board/."""

from django.urls import path

from monographs.review.screens import dashboard

app_name = "dashboard"

urlpatterns = [
    path("", dashboard.DashboardView.as_view(), name="board"),
    path("export.csv", dashboard.ExportView.as_view(), name="export"),
    path("calendar/", dashboard.CalendarView.as_view(), name="calendar"),
]
