"""URLs of the screens for editors, below /admin/team/."""

from django.urls import path

from monographs.review.team.period_views import PeriodCsvView, PeriodView
from monographs.review.team.team_views import StuckEmailsView, TeamView

app_name = "team"

urlpatterns = [
    path("reviews/", TeamView.as_view(), name="reviews"),
    path("emails/", StuckEmailsView.as_view(), name="emails"),
    path("periods/", PeriodView.as_view(), name="periods"),
    path("periods/<slug:table>.csv", PeriodCsvView.as_view(), name="period_csv"),
]
