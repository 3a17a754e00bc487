"""The review dashboard: the stage of every page, who sees it, filters, calendar and CSV export."""

import csv
import html
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from monographs.core.db_clock import database_today
from monographs.editions.models import Edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographIndexPage, MonographPage
from monographs.presentation.spreadsheet_cells import plain
from monographs.review.actions import Recall, Return, Withdraw
from monographs.review.dashboard.calendar_month import first_day_of, month_for
from monographs.review.dashboard.dashboard_sql import ORDERS
from monographs.review.dashboard.filter_form import DashboardFilterForm
from monographs.review.dashboard.page_stage import PageStage
from monographs.review.dashboard.rows import DashboardFilter, DashboardRow, counts, rows
from monographs.review.models import Submission
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, delete_as_before, edit, make_monograph, make_user, publish, sign, submit

pytestmark = pytest.mark.django_db


def row_of(user: Any, title: str = "testumab", **wanted: Any) -> DashboardRow:
    (row,) = [row for row in rows(user, DashboardFilter(**wanted), limit=None) if row.title == title]
    return row


def due_in(page: Any, days: int) -> None:
    """Make the newest edition's review due then, with the triggers off that make editions immutable."""
    run_deferred_constraints()
    edition = Edition.objects.of(page.translation_key).first()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editions_edition DISABLE TRIGGER USER")
        Edition.objects.filter(pk=edition.pk).update(next_due=database_today() + timedelta(days=days))
        cursor.execute("ALTER TABLE editions_edition ENABLE TRIGGER USER")


def test_each_stage_of_a_page(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    page = make_monograph(by=writer)
    row = row_of(writer)
    assert (row.stage, row.note, row.edition, row.writers) == (
        PageStage.DRAFT,
        "Never submitted",
        None,
        ["Writer Tester"],
    )
    submission = submit(page, writer)
    submission.reviewers.set([reviewer])
    row = row_of(writer)
    assert (row.stage, row.submitter, row.named, row.signers) == (
        PageStage.IN_REVIEW,
        "Writer Tester",
        ["Reviewer Tester"],
        [],
    )
    Return(reviewer, submission, reason="Mend it.").execute()
    assert (row_of(writer).stage, row_of(writer).note) == (PageStage.DRAFT, "Returned by a reviewer")
    Recall(writer, submit(page, writer)).execute()
    assert (row_of(writer).stage, row_of(writer).note) == (PageStage.DRAFT, "Recalled")
    publish(page, writer, reviewer)
    row = row_of(writer)
    assert (row.stage, row.edition, row.signers) == (PageStage.PUBLISHED, 1, ["Reviewer Tester"])
    assert row.due == Edition.objects.get().next_due
    edit(page, writer, how_it_works="Other.")
    assert (row_of(writer).stage, row_of(writer).note) == (PageStage.DRAFT, "Changed since edition 1")
    later = timezone.now() + timedelta(days=3)
    sign(submit(page, writer, publish_at=later), reviewer2)
    row = row_of(writer)
    assert (row.stage, row.due, row.signers) == (PageStage.SCHEDULED, later.date(), ["Reviewer2 Tester"])
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Tenfold.", password=PASSWORD
    ).execute()
    row = row_of(writer)
    assert (row.stage, row.due, row.due_text) == (PageStage.WITHDRAWN, None, "")


def test_a_revision_without_a_change_of_the_text_is_no_draft(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    page.get_latest_revision_as_object().save_revision(user=reviewer)
    assert row_of(writer).stage is PageStage.PUBLISHED
    edit(page, writer, change_note="", how_it_works="Other.")
    assert row_of(writer).stage is PageStage.DRAFT
    edit(page, writer, change_note="", how_it_works="About how_it_works.")
    assert row_of(writer).stage is PageStage.PUBLISHED


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-1, PageStage.OVERDUE),
        (0, PageStage.DUE_SOON),
        (30, PageStage.DUE_SOON),
        (31, PageStage.PUBLISHED),
    ],
)
def test_a_review_is_overdue_the_day_after_its_due_date(
    days: int, stage: PageStage, published_medicine: Any, writer: Any
) -> None:
    page = published_medicine
    due_in(page, days)
    assert row_of(writer).stage is stage
    assert row_of(writer).late == (days < 0)


def test_an_overdue_page_stays_overdue_until_it_is_in_review(published_medicine: Any, writer: Any) -> None:
    page = published_medicine
    due_in(page, -5)
    edit(page, writer, how_it_works="Other.")
    row = row_of(writer)
    assert (row.stage, row.due_text) == (PageStage.OVERDUE, "overdue by 5 days")
    assert row.since.date() == database_today() - timedelta(days=4)
    submit(page, writer)
    assert row_of(writer).stage is PageStage.IN_REVIEW


def test_a_withdrawn_page_in_review_shows_both(published_medicine: Any, writer: Any, reviewer: Any) -> None:
    page = published_medicine
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Tenfold.", password=PASSWORD
    ).execute()
    page = MonographPage.objects.get(pk=page.pk)
    edit(page, writer, how_it_works="Mended.")
    submit(page, writer)
    assert row_of(writer).stage is PageStage.IN_REVIEW
    assert row_of(writer).note == "Withdrawn until it is published again"


def test_every_page_is_at_exactly_one_stage(writer: Any, reviewer: Any) -> None:
    publish(make_monograph("oneumab", by=writer), writer, reviewer)
    submit(make_monograph("twoumab", by=writer), writer)
    everything = rows(writer, DashboardFilter(), limit=None)
    assert len(everything) == Page.objects.exclude(depth=1).count()
    assert sum(counts(writer, DashboardFilter()).values()) == len(everything)
    for stage, count in counts(writer, DashboardFilter()).items():
        assert count == len(rows(writer, DashboardFilter(stage=stage.value), limit=None))


def test_a_row_links_to_the_next_step_of_the_user(writer: Any, reviewer: Any, site: Any) -> None:
    page = make_monograph("draftumab", by=writer)
    shelf = MonographIndexPage.objects.get(collection="classes")
    GroupPagePermission.objects.filter(group__name="Medical reviewers").update(page=shelf)
    record = reverse("review:record", args=[page.translation_key])
    assert row_of(writer, "draftumab").url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert row_of(reviewer, "draftumab").url == record
    submission = submit(page, writer)
    assert row_of(writer, "draftumab").url == reverse("review:review", args=[submission.pk])
    sign(submission, reviewer)
    assert row_of(writer, "draftumab").url == record


def test_writers_of_a_part_of_the_page_tree_see_that_part(writer: Any, reviewer: Any, site: Any) -> None:
    make_monograph("draftumab", by=writer)
    shelf = MonographIndexPage.objects.get(collection="classes")
    GroupPagePermission.objects.filter(group__name="Medical writers").update(page=shelf)
    somebody = make_user("somebody", "Medical writers")
    assert [row.title for row in rows(somebody, DashboardFilter(), limit=None)] == [shelf.title]
    assert "draftumab" in [row.title for row in rows(reviewer, DashboardFilter(), limit=None)]


def test_rows_are_filtered_by_words_people_and_dates(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    other = make_user("other", "Medical writers")
    mine = make_monograph("blinatumomab", by=writer, brand_names=["Blincyto"])
    publish(mine, writer, reviewer)
    theirs = make_monograph("100%umab", slug="hundred", by=other)
    submission = submit(theirs, other)
    submission.reviewers.set([reviewer2])
    due = database_today() + timedelta(days=5)
    Submission.objects.filter(pk=submission.pk).update(due_on=due)

    def found(**wanted: Any) -> list[str]:
        return [row.title for row in rows(writer, DashboardFilter(**wanted), limit=None)]

    assert found(words="BLINC") == ["blinatumomab"]
    assert found(words="100%") == ["100%umab"]
    assert found(words="1_0") == []
    assert found(person=reviewer.pk) == ["blinatumomab"]
    assert found(person=reviewer2.pk) == ["100%umab"]
    assert found(person=other.pk) == ["100%umab"]
    assert found(due_within=4) == []
    assert found(due_within=5) == ["100%umab"]
    assert found(stage="published") == ["blinatumomab"]
    kinds = {label: value for value, label in DashboardFilterForm({}).fields["kind"].choices}
    assert found(kind=int(kinds["Medicine"])) == ["100%umab", "blinatumomab"]
    assert found(kind=int(kinds["List"])) == ["Conditions", "Drug classes", "Medicines"]


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_every_order_lists_every_page_once(order: str, published_medicine: Any, writer: Any) -> None:
    submit(make_monograph("twoumab", by=writer), writer)
    first = rows(writer, DashboardFilter(), order, limit=3)
    rest = rows(writer, DashboardFilter(), order, offset=3, limit=None)
    seen = [row.title for row in [*first, *rest]]
    assert sorted(seen) == sorted(row.title for row in rows(writer, DashboardFilter(), limit=None))
    if order.endswith("title"):
        assert seen == sorted(seen, key=str.lower, reverse=order.startswith("-"))


def test_invalid_parameters_are_ignored(writer: Any) -> None:
    make_monograph(by=writer)
    client = Client()
    client.force_login(writer)
    query = {"stage": "x", "person": "-1", "kind": "'", "due_within": "z", "order": "drop", "p": "999"}
    response = client.get(reverse("dashboard:index"), query)
    assert response.status_code == 200
    assert "testumab" in response.content.decode()
    for address in ("dashboard:calendar", "dashboard:export"):
        assert client.get(reverse(address), query | {"month": "99999-99"}).status_code == 200


def test_the_csv_file_has_the_filtered_rows_and_no_formula(writer: Any) -> None:
    make_monograph("=cmd()umab", slug="cmd", by=writer)
    make_monograph("ängstumab", slug="angst", by=writer)
    client = Client()
    client.force_login(writer)
    response = client.get(reverse("dashboard:export"), {"words": "umab", "order": "title"})
    said = b"".join(response).decode("utf-8")
    assert said.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff"))))
    assert [line["Name"] for line in table] == ["'=cmd()umab", "ängstumab"]
    assert {line["Stage"] for line in table} == {"Draft"}
    assert {line["Written by"] for line in table} == {"Writer Tester"}
    assert ".csv" in response["Content-Disposition"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_looks_like_a_formula_gets_a_quote(cell: str) -> None:
    assert plain(cell) == f"'{cell}"
    assert plain(f"x{cell}") == f"x{cell}"


def test_the_calendar_lists_reviews_publications_and_texts_to_sign(writer: Any, reviewer: Any) -> None:
    published = make_monograph("dueumab", by=writer)
    publish(published, writer, reviewer)
    due = Edition.objects.get().next_due
    later = timezone.now().replace(year=due.year, month=due.month, day=2) + timedelta(days=0)
    sign(submit(make_monograph("publicumab", by=writer), writer, publish_at=later), reviewer)
    submission = submit(make_monograph("signumab", by=writer), writer)
    Submission.objects.filter(pk=submission.pk).update(due_on=due.replace(day=3))
    month = month_for(writer, due.replace(day=1))
    found = {
        (day.date, entry.event.label, entry.title)
        for week in month.weeks
        for day in week
        for entry in day.entries
    }
    assert found == {
        (due, "Review due", "dueumab"),
        (later.date(), "Becomes public", "publicumab"),
        (due.replace(day=3), "To be signed", "signumab"),
    }
    client = Client()
    client.force_login(writer)
    page = client.get(reverse("dashboard:calendar"), {"month": f"{due:%Y-%m}"}).content.decode()
    for title in ("dueumab", "publicumab", "signumab"):
        assert title in page
    assert month.previous in page
    assert month.next in page


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "x-1", "0001-01", "9999-12", "2026-00"])
def test_an_invalid_month_is_the_current_one(month: str) -> None:
    assert first_day_of(month) == database_today().replace(day=1)


def test_an_empty_month_says_so(writer: Any) -> None:
    client = Client()
    client.force_login(writer)
    page = client.get(
        reverse("dashboard:calendar"), {"month": f"{database_today().year + 50}-02"}
    ).content.decode()
    assert "Nothing is due this month" in page


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_does_not_depend_on_the_number_of_pages(
    count: int, writer: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        publish(make_monograph(f"pub{number}", by=writer), writer, reviewer)
        submit(make_monograph(f"rev{number}", by=writer), writer)
        make_monograph(f"draft{number}", by=writer)
    writer = type(writer).objects.get(pk=writer.pk)
    rows(writer, DashboardFilter())
    with django_assert_num_queries(8):
        assert len(rows(writer, DashboardFilter(), limit=None)) == 3 * count + 4
    with django_assert_num_queries(2):
        counts(writer, DashboardFilter())
    with django_assert_num_queries(3):
        month_for(writer, database_today())
    client = Client()
    client.force_login(writer)
    client.get(reverse("dashboard:index"))
    with django_assert_num_queries(31):
        client.get(reverse("dashboard:index"))


def test_a_title_is_escaped(writer: Any) -> None:
    make_monograph("<b>boldumab</b>", slug="boldumab", by=writer)
    client = Client()
    client.force_login(writer)
    page = client.get(reverse("dashboard:index")).content.decode()
    assert "&lt;b&gt;boldumab" in page
    assert "<b>boldumab" not in page


def test_the_home_page_panel_counts_what_needs_attention(writer: Any, reviewer: Any) -> None:
    page = make_monograph("overdueumab", by=writer)
    publish(page, writer, reviewer)
    due_in(page, -1)
    submit(make_monograph("oneumab", by=writer), writer)
    back = submit(make_monograph("backumab", by=writer), writer)
    Return(reviewer, back, reason="Mend it.").execute()

    def home(user: Any) -> str:
        client = Client()
        client.force_login(user)
        return " ".join(client.get(reverse("wagtailadmin_home")).content.decode().split())

    def counted(page: str) -> dict[str, int]:
        panel = page[page.index("dashboard-panel") :]
        items = [item.split("</span>")[0] for item in panel.split("<strong>")[1:6]]
        pairs = [item.split("</strong> <span>") for item in items]
        return {label: int(count) for count, label in pairs}

    mine = counted(home(writer))
    assert mine == {
        "waiting for your signature": 0,
        "of your texts in review": 1,
        "of your texts returned": 1,
        "review overdue": 1,
        "signed and scheduled": 0,
    }
    theirs = home(reviewer)
    assert counted(theirs)["waiting for your signature"] == 1
    assert "Awaiting your review" not in theirs
    said = html.unescape(theirs)
    assert "Review: 1 waiting for your signature" in said
    assert '"data-dashboard-count": "1"' in said
    assert '"aria-label": "Review: ' not in html.unescape(home(writer))


def test_a_page_listing_links_to_the_record(writer: Any, medicines: Any) -> None:
    page = make_monograph(by=writer)
    client = Client()
    client.force_login(writer)
    listing = client.get(reverse("wagtailadmin_explore", args=[medicines.pk])).content.decode()
    assert reverse("review:record", args=[page.translation_key]) in listing


@pytest.mark.parametrize("withdrawn", [True, False])
def test_a_page_whose_row_is_missing_is_listed_from_its_record(
    published_medicine: Any, writer: Any, reviewer: Any, withdrawn: bool
) -> None:
    """Otherwise the dashboard would say “Withdrawn: 0” while patients read the notice."""
    page = published_medicine
    if withdrawn:
        Withdraw(
            reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Tenfold.", password=PASSWORD
        ).execute()
    before = counts(writer, DashboardFilter())
    delete_as_before(page)
    assert counts(writer, DashboardFilter()) == before
    stage = PageStage.WITHDRAWN if withdrawn else PageStage.PUBLISHED
    row = row_of(writer, stage=stage.value)
    assert (row.note, row.kind, row.action) == (
        "Deleted in the admin; its history remains",
        "Medicine",
        "Open its history",
    )
    assert row.url == reverse("review:record", args=[page.translation_key])
    client = Client()
    client.force_login(writer)
    for address in ("dashboard:index", "dashboard:export", "dashboard:calendar"):
        assert client.get(reverse(address)).status_code == 200
