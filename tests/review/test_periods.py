"""The report of a period: who published and signed what, how long it took, what was returned, what comes."""

import csv
import html
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from monographs.core.db_clock import database_now, database_today
from monographs.editions.models import Edition
from monographs.feedback.models import Feedback
from monographs.review.actions import Return
from monographs.review.models import Submission
from monographs.review.team import period_report
from monographs.review.team.period import Period, PeriodForm, usual_periods
from monographs.review.team.period_plot import bar_plot
from monographs.review.team.period_report import ReportTable, report_tables
from tests.conftest import as_user
from tests.factories import edit, make_monograph, make_user, publish, submit
from tests.review.test_due_reviews import sign_unchanged

pytestmark = pytest.mark.django_db


def tables() -> dict[str, ReportTable]:
    today = database_today()
    return {table.key: table for table in report_tables(Period(today - timedelta(days=60), today))}


def moved(submission: Submission, **times: Any) -> None:
    Submission.objects.filter(pk=submission.pk).update(**times)


@pytest.fixture
def history(published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any) -> Any:
    """Three editions of one medicine; a text of another one that was returned twice, once corrected."""
    for name in ("Other.", "Another."):
        edit(published_medicine, writer, how_it_works=name)
        publish(published_medicine, writer, reviewer2)
    now, other = database_now(), make_monograph("backumab", by=writer)
    first = submit(other, writer)
    Return(reviewer, first, reason="=SUM(1) is no dose.").execute()
    second = submit(other, writer)
    Return(reviewer2, second, reason="Say it.").execute()
    moved(first, submitted_at=now - timedelta(days=20), closed_at=now - timedelta(days=18))
    moved(second, submitted_at=now - timedelta(days=15), closed_at=now - timedelta(days=7))
    for days, edition in zip((2, 4, 12), Edition.objects.order_by("number"), strict=True):
        submitted = edition.created_at - timedelta(days=days)
        Submission.objects.filter(uuid=edition.submission).update(submitted_at=submitted)
    for answer in ("no", "no", "yes"):
        Feedback.objects.create(
            key=published_medicine.translation_key, slug="testumab", title="testumab", number=1, answer=answer
        )
    return published_medicine


def test_the_figures_of_a_period(history: Any) -> None:
    found = tables()
    assert [(row["edition"], row["submitted"], row["signed"]) for row in found["published"].rows] == [
        (3, "Writer Tester", ["Reviewer2 Tester"]),
        (2, "Writer Tester", ["Reviewer2 Tester"]),
        (1, "Writer Tester", ["Reviewer Tester"]),
    ]
    assert [tuple(row.values()) for row in found["people"].rows] == [
        ("Writer Tester", 3, 0),
        ("Reviewer2 Tester", 0, 2),
        ("Reviewer Tester", 0, 1),
    ]
    times = {row["stage"].partition(",")[2]: tuple(row.values())[1:] for row in found["stages"].rows}
    # Of 2, 4 and 12 days: the middle one, and four fifths of the way from it to the last
    assert times[" until the last signature"] == (3, "4.0 days", "10.4 days")
    assert times[" until it was returned"] == (2, "5.0 days", "7.4 days")
    assert times[" until it was submitted again"] == (1, "3.0 days", "3.0 days")
    assert [(row["by"], row["reason"]) for row in found["returns"].rows] == [
        ("Reviewer2 Tester", "Say it."),
        ("Reviewer Tester", "=SUM(1) is no dose."),
    ]
    assert [tuple(row.values())[1:] for row in found["feedback"].rows] == [("testumab", 1, 2, 0)]
    due = Edition.objects.order_by("-number")[0].next_due
    assert [row["month"] for row in found["due"].rows if row["count"]] == [f"{due:%B %Y}"]


def test_a_review_after_which_nothing_changed_takes_no_time_of_a_stage(
    history: Any, reviewer: Any, reviewer2: Any
) -> None:
    """It is submitted and signed in one moment: a year of them would make each median zero."""
    before = tables()["stages"].rows
    reader = make_user("reader", "Medical reviewers", credentials="PharmD")
    sign_unchanged(history, reader)
    assert Edition.objects.count() == 4
    assert tables()["stages"].rows == before
    assert tables()["published"].rows[0]["signed"] == ["Reader Tester"]


def test_the_screen_reads_the_newest_editions_and_counts_the_others(
    history: Any, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period_report, "ROWS_SHOWN", 2)
    found = tables()
    assert [row["edition"] for row in found["published"].rows] == [3, 2]
    assert found["published"].row_count == 3
    assert tuple(found["people"].rows[0].values()) == ("Writer Tester", 3, 0)
    assert sum(bar.text == "3" for bar in found["published"].plot.bars) == 1
    today = database_today()
    whole = period_report.report_table("published", Period(today - timedelta(days=60), today))
    assert (len(whole.rows), whole.row_count) == (3, 3)


def test_feedback_on_a_renamed_page_is_counted_in_one_row(history: Any) -> None:
    now, key = database_now(), history.translation_key
    for hours, name in ((30, "zestumab"), (1, "newumab")):
        facts = {
            "slug": name,
            "title": name,
            "number": 3,
            "answer": "unsure",
            "at": now - timedelta(hours=hours),
        }
        Feedback.objects.create(key=key, **facts)
    Feedback.objects.filter(title="testumab").update(at=now - timedelta(days=3))
    assert [tuple(row.values())[1:] for row in tables()["feedback"].rows] == [("newumab", 1, 2, 2)]


def test_what_happened_outside_the_period_is_not_in_it(history: Any) -> None:
    long_ago = Period(database_today() - timedelta(days=400), database_today() - timedelta(days=300))
    rows = {table.key: table.rows for table in report_tables(long_ago)}
    assert {key for key, found in rows.items() if found} <= {"due"}


def test_a_page_that_is_overdue_for_review_is_in_the_first_row(
    published_medicine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = Edition.objects.get()
    assert "Overdue since an earlier month" not in [row["month"] for row in tables()["due"].rows]
    monkeypatch.setattr(period_report, "database_today", lambda: edition.next_due + timedelta(days=40))
    assert tables()["due"].rows[0] == {"month": "Overdue since an earlier month", "count": 1}


def test_the_screen_has_each_plot_beside_a_table_with_the_same_figures(history: Any, editor: Any) -> None:
    page = " ".join(html.unescape(as_user(editor).get(reverse("team:periods")).content.decode()).split())
    plots = re.findall(r'<svg class="team-plot"[^>]*role="img" aria-label="([^"]+)"', page)
    assert plots[0] == "Editions published by month. The table has the same figures."
    assert "Median time at each stage" in plots[1]
    assert page.count("<table") >= len(plots)
    assert "=SUM(1) is no dose." in page


def test_the_name_of_a_page_leads_to_its_record(history: Any, editor: Any) -> None:
    screen = as_user(editor).get(reverse("team:periods")).content.decode()
    edition = Edition.objects.latest("pk")
    url = reverse("review:record", args=[edition.key])
    assert f'<a href="{url}">{edition.title}</a>' in screen


@pytest.mark.parametrize("role", ["writer", "reviewer"])
def test_others_than_editors_see_no_report(role: str, request: pytest.FixtureRequest) -> None:
    client = as_user(request.getfixturevalue(role))
    for address in (reverse("team:periods"), reverse("team:period_csv", args=["people"])):
        assert client.get(address).status_code == 302


def test_each_table_is_a_csv_file_without_formulas(history: Any, editor: Any) -> None:
    client = as_user(editor)
    for key, table in tables().items():
        said = b"".join(client.get(reverse("team:period_csv", args=[key]))).decode()
        rows = list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff"))))
        assert len(rows) == len(table.rows)
        assert not rows or list(rows[0]) == list(table.columns.values())
        if key == "returns":
            assert rows[1]["Reason"] == "'=SUM(1) is no dose."
    assert client.get(reverse("team:period_csv", args=["other"])).status_code == 404


@pytest.mark.parametrize(
    "query",
    [{"first": "2026-02-30"}, {"first": "2026-03-02", "last": "2026-03-01"}, {"first": "1990-01-01"},
     {"first": "2010-01-01", "last": "2020-01-01"}],
    ids=["no day", "backwards", "too early", "too long"],
)  # fmt: skip
def test_a_period_that_is_none_is_named_and_replaced(query: dict[str, str], editor: Any) -> None:
    response = as_user(editor).get(reverse("team:periods"), query)
    assert response.status_code == 400
    assert b"review-field__error" in response.content


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2024, 3, 31), date(2026, 12, 1)], ids=str)
def test_usual_periods_are_whole_months_and_years_or_end_today(day: date) -> None:
    periods = dict(usual_periods(day))
    month, year = periods["Last month"], periods["Last year"]
    assert month.last + timedelta(days=1) == day.replace(day=1)
    assert (month.first.day, month.first.month) == (1, month.last.month)
    assert (year.first, year.last) == (date(day.year - 1, 1, 1), date(day.year - 1, 12, 31))
    assert periods["This month"] == Period(day.replace(day=1), day)
    assert periods["This year"] == Period(day.replace(month=1, day=1), day)


def test_last_month_is_one_click_away_and_said_to_be_chosen(editor: Any) -> None:
    client = as_user(editor)
    link = r'<a href="(\?first=[^"]+)"( aria-current="true")?>Last month</a>'
    ((address, chosen),) = re.findall(link, client.get(reverse("team:periods")).content.decode())
    assert not chosen
    again = client.get(f"{reverse('team:periods')}{html.unescape(address)}")
    ((_, chosen),) = re.findall(link, again.content.decode())
    assert chosen
    month = dict(usual_periods(database_today()))["Last month"]
    assert again.context["period"] == month


def test_both_ends_of_a_period_are_in_it() -> None:
    form = PeriodForm({"first": "2026-01-31", "last": "2026-03-01"})
    period = form.period()
    assert (period.begins, period.ends) == (
        datetime(2026, 1, 31, tzinfo=UTC),
        datetime(2026, 3, 2, tzinfo=UTC),
    )
    assert [month.month for month in period.months()] == [1, 2, 3]


def test_bars_stay_inside_the_picture() -> None:
    plot = bar_plot("x", [("a", 1, 10, "1"), ("b", 0, None, "0")])
    assert plot
    assert max(bar.value_x for bar in plot.bars) < plot.width
    assert bar_plot("x", [("a", 0, None, "0")]) is None


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_does_not_depend_on_the_number_of_editions(
    count: int, published_medicine: Any, writer: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        edit(published_medicine, writer, how_it_works=f"Version {number}.")
        publish(published_medicine, writer, reviewer)
    with django_assert_num_queries(9):
        tables()
