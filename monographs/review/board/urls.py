"""Addresses of the board below /admin/board/."""

from django.urls import path

from monographs.review.views import board

app_name = "board"

urlpatterns = [
    path("", board.BoardView.as_view(), name="board"),
    path("export.csv", board.ExportView.as_view(), name="export"),
    path("calendar/", board.CalendarView.as_view(), name="calendar"),
]
