"""What was published, signed and returned in a period, how long it took, and what comes next."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, DateField, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import TruncMonth
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.editions.models import Edition, PublicationState, ReviewKind, Signature
from monographs.editions.review_dates import add_months
from monographs.feedback.models import Feedback, Helpfulness, newest_value
from monographs.presentation.moments import short_day_text
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.team.period import Period
from monographs.review.team.period_plot import Plot, bar_plot
from monographs.review.team.period_sql import STAGE_TIMES

#: How many months of reviews to come are listed: this one, and a year, after which most are due again.
MONTHS_AHEAD = 13
#: Rows of a table on screen; its CSV file has all.
ROWS_SHOWN = 50
#: Stages in their order, as ``STAGE_TIMES`` names them: what they are called, and in a plot.
STAGES = {
    "writing": ("Written, until the text that was signed was submitted", "Written"),
    "signing": ("In review, until the last signature", "Until signed"),
    "waiting": ("Signed, until its publication day", "Until public"),
    "returning": ("In review, until it was returned", "Until returned"),
    "correcting": ("Returned, until it was submitted again", "Corrected"),
}
_HOUR, _DAY = 3600, 86400


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table of the report: its columns by name, its rows, and a plot of the same figures.

    A row that names a page has its ``key`` beside the columns. ``total`` says how many rows there are where
    ``rows`` has only those that a screen shows.
    """

    key: str
    heading: str
    columns: dict[str, str]
    rows: list[dict[str, Any]]
    empty: str
    plot: Plot | None = None
    total: int | None = None

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.rows) if self.total is None else self.total

    @property
    def shown_rows(self) -> list[list[tuple[str, str, str]]]:
        """The cells of the first rows: label of the column, text, and an address for the name of a page."""
        return [
            [
                (label, _cell_text(row[name]), _record_url(row["key"]) if name == "title" else "")
                for name, label in self.columns.items()
            ]
            for row in self.rows[:ROWS_SHOWN]
        ]


class PublishedEdition(NamedTuple):
    """What the report says of an edition."""

    created_at: datetime
    key: UUID
    title: str
    number: int
    review_kind: str
    submission: UUID
    reviewers: list[dict[str, Any]]


class PeriodRecord:
    """What several tables of a period are made of; with ``most``, of so many editions only, the newest.

    The others are counted by the database: at thousands of editions, reading each takes a second.
    """

    def __init__(self, period: Period, most: int | None = None) -> None:
        self.period = period
        self.most = most

    @property
    def made(self) -> QuerySet[Edition]:
        """The editions that were made in the period."""
        found = Edition.objects.filter(created_at__gte=self.period.begins, created_at__lt=self.period.ends)
        return found.order_by()

    @cached_property
    def editions(self) -> list[PublishedEdition]:
        """The newest editions of the period, newest first."""
        rows = self.made.order_by("-created_at", "-pk").values_list(*PublishedEdition._fields)
        return [PublishedEdition(*row) for row in rows[: self.most]]

    @cached_property
    def submitters(self) -> dict[UUID, str]:
        """The name of who submitted each of ``editions``, by submission."""
        submissions = Submission.objects.filter(uuid__in=[edition.submission for edition in self.editions])
        return {uuid: who["name"] for uuid, who in submissions.values_list("uuid", "submitter")}

    def count_by_month(self) -> dict[date, int]:
        """Return how many editions were made in each month, by its first day."""
        month = TruncMonth("created_at", tzinfo=UTC, output_field=DateField())
        return dict(self.made.annotate(month=month).values_list("month").annotate(Count("pk")))

    def count_by_submitter(self) -> Counter[str]:
        """Return how many editions each person submitted, by name."""
        submissions = Submission.objects.filter(uuid__in=self.made.values("submission")).order_by()
        named = submissions.annotate(who=KT("submitter__name")).values_list("who")
        return Counter(dict(named.annotate(Count("pk"))))

    def count_by_signer(self) -> Counter[str]:
        """Return how many signatures of editions each person gave, by name."""
        signatures = Signature.objects.filter(submission__in=self.made.values("submission")).order_by()
        return Counter(dict(signatures.values_list("name").annotate(Count("pk"))))


def report_tables(period: Period) -> list[ReportTable]:
    """Return all tables of a period as a screen shows them. A fixed number of queries."""
    record = PeriodRecord(period, ROWS_SHOWN)
    return [make(record) for make in TABLES.values()]


def report_table(name: str, period: Period) -> ReportTable:
    """Return one of ``TABLES`` with all its rows."""
    return TABLES[name](PeriodRecord(period))


def _published(record: PeriodRecord) -> ReportTable:
    rows = [
        {
            "day": edition.created_at.date(),
            "key": edition.key,
            "title": edition.title,
            "edition": edition.number,
            "review": ReviewKind(edition.review_kind).label,
            "submitted": record.submitters.get(edition.submission, ""),
            "signed": [_name(person) for person in edition.reviewers],
        }
        for edition in record.editions
    ]
    by_month = record.count_by_month()
    return ReportTable(
        "published",
        "Published",
        {"day": "Day", "title": "Page", "edition": "Edition", "review": "Review",
         "submitted": "Submitted by", "signed": "Signed by"},
        rows,
        "Nothing was published.",
        _month_plot("Editions published by month", record.period.months(), by_month),
        total=sum(by_month.values()),
    )  # fmt: skip


def _people(record: PeriodRecord) -> ReportTable:
    submitted, signed = record.count_by_submitter(), record.count_by_signer()
    names = sorted({*submitted, *signed}, key=lambda name: (-submitted[name] - signed[name], name))
    rows = [{"name": name, "submitted": submitted[name], "signed": signed[name]} for name in names]
    columns = {"name": "Person", "submitted": "Editions submitted", "signed": "Editions signed"}
    return ReportTable("people", "Published and signed by whom", columns, rows, "Nothing was published.")


def _stages(record: PeriodRecord) -> ReportTable:
    period = record.period
    with connection.cursor() as cursor:
        cursor.execute(STAGE_TIMES, {"begins": period.begins, "ends": period.ends})
        found = {stage: rest for stage, *rest in cursor.fetchall()}
    times = [(stage, *found[stage]) for stage in STAGES if stage in found]
    rows = [
        {"stage": STAGES[stage][0], "count": count, "median": _duration(median), "p90": _duration(p90)}
        for stage, count, median, p90 in times
    ]
    values = [(STAGES[stage][1], median, p90, _duration(median)) for stage, _, median, p90 in times]
    return ReportTable(
        "stages",
        "Time at each stage",
        {"stage": "Stage", "count": "Texts", "median": "Median", "p90": "90th percentile"},
        rows,
        "No text left a stage.",
        bar_plot("Median time at each stage; the line goes to the 90th percentile", values),
    )


def _returns(record: PeriodRecord) -> ReportTable:
    period = record.period
    returned = Submission.objects.filter(
        status=SubmissionStatus.RETURNED, closed_at__gte=period.begins, closed_at__lt=period.ends
    )
    columns_read = ("closed_at", "key", "title", "closer", "submitter", "outcome")
    rows = [
        {
            "day": closed_at.date() if closed_at else None,
            "key": key,
            "title": title,
            "by": (closer or {}).get("name", ""),
            "from": submitter["name"],
            "reason": outcome,
        }
        for closed_at, key, title, closer, submitter, outcome in returned.order_by("-closed_at").values_list(
            *columns_read
        )
    ]
    columns = {"day": "Day", "title": "Page", "by": "Returned by", "from": "Submitted by", "reason": "Reason"}
    return ReportTable("returns", "Returned, and why", columns, rows, "Nothing was returned.")


def _due(_record: PeriodRecord) -> ReportTable:
    """The reviews to come, counted from today whatever the period is; those overdue are in the first row."""
    this_month = database_today().replace(day=1)
    months = [add_months(this_month, ahead) for ahead in range(MONTHS_AHEAD)]
    end = add_months(this_month, MONTHS_AHEAD)
    current = Edition.objects.filter(publications__state=PublicationState.CURRENT, next_due__lt=end)
    counted = dict(
        current.annotate(month=TruncMonth("next_due")).order_by().values_list("month").annotate(Count("pk"))
    )
    overdue = sum(count for month, count in counted.items() if month < this_month)
    rows = [{"month": "Overdue since an earlier month", "count": overdue}] if overdue else []
    rows += [{"month": f"{month:%B %Y}", "count": counted.get(month, 0)} for month in months]
    return ReportTable(
        "due",
        "Reviews to come",
        {"month": "Month", "count": "Pages due for review"},
        rows,
        "No page is due for review.",
        _month_plot("Pages due for review by month", months, counted),
    )


def _feedback(record: PeriodRecord) -> ReportTable:
    period = record.period
    sent = Feedback.objects.filter(at__gte=period.begins, at__lt=period.ends)
    counted = (
        sent.order_by()
        .values("key")
        .annotate(
            title=newest_value("title"),
            **{answer.value: Count("pk", Q(answer=answer)) for answer in Helpfulness},
        )
        .order_by("-no", "-unsure", "title", "key")
    )
    rows = [
        {"key": row["key"], "title": row["title"], **{a.value: row[a.value] for a in Helpfulness}}
        for row in counted
    ]
    columns = {"title": "Page", "yes": "It helped", "no": "It did not help", "unsure": "Not sure"}
    return ReportTable("feedback", "Feedback by page", columns, rows, "Nobody sent feedback.")


#: The tables of the report by their names in addresses.
TABLES: dict[str, Callable[[PeriodRecord], ReportTable]] = {
    "published": _published,
    "people": _people,
    "stages": _stages,
    "returns": _returns,
    "due": _due,
    "feedback": _feedback,
}


def _name(person: dict[str, Any]) -> str:
    return str(person.get("name") or person.get("username") or "")


def _month_plot(label: str, months: Iterable[date], counted: dict[date, int]) -> Plot | None:
    values = [(f"{month:%b %Y}", counted.get(month, 0), None, str(counted.get(month, 0))) for month in months]
    return bar_plot(label, values)


def _record_url(key: UUID) -> str:
    return reverse("review:record", args=[key])


def _cell_text(value: Any) -> str:
    if isinstance(value, date):
        return short_day_text(value)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _duration(seconds: float) -> str:
    """E.g. “5 minutes”, “3.5 hours”, “12.0 days”."""
    if seconds < _HOUR:
        minutes = round(seconds / 60)
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"{seconds / _HOUR:.1f} hours" if seconds < _DAY else f"{seconds / _DAY:.1f} days"
