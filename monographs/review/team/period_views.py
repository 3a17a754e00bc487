"""The report of a period on screen, and each of its tables as a CSV file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from monographs.review.dashboard.csv_export import CsvExportView
from monographs.review.page_access import EditorAccessMixin
from monographs.review.team.period import PeriodForm, usual_periods
from monographs.review.team.period_report import ROWS_SHOWN, TABLES, report_table, report_tables
from monographs.review.team.team_views import NOT_FOR_YOU, EditorScreen


class PeriodView(EditorScreen):
    """The tables and plots of a period."""

    page_title = "Reviews by period"
    template_name = "review/team/periods.html"
    header_icon = "date"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the period that the query string names."""
        form = PeriodForm(request.GET)
        period = form.period()
        return self.render_to_response(
            self.get_context_data(
                form=form,
                period=period,
                usual_periods=usual_periods(form.default.last),
                tables=report_tables(period),
                rows_shown=ROWS_SHOWN,
            ),
            status=200 if form.is_valid() else 400,
        )


class PeriodCsvView(EditorAccessMixin, CsvExportView):
    """One table of a period as a CSV file."""

    refusal = NOT_FOR_YOU

    def get(self, request: HttpRequest, table: str) -> HttpResponseBase:
        """Stream the table."""
        if table not in TABLES:
            raise Http404("The report has no such table.")
        self.period = PeriodForm(request.GET).period()
        made = report_table(table, self.period)
        self.list_export, self.export_headings = list(made.columns), made.columns
        return self.csv_response(made.rows)

    def get_filename(self) -> str:
        first, last = self.period.first, self.period.last
        return f"{self.kwargs['table']}-{first:%Y-%m-%d}-to-{last:%Y-%m-%d}"
