"""How long the queue, the board and a page's record take inside one process, at a given size.

``python -m benchmarks.admin [--pages N] [--in-review N] [--requests N]``. No network, no proxy: what it costs
to make a screen. Editions, signatures, submissions and contributions are made by the code that makes
real ones; drafts beside them are put into the tables in bulk.
"""

import argparse
import gc
import time
from itertools import cycle
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from benchmarks.harness import ROW, Request, measure, scratch_database
from devtools.synthetic.publisher import publish
from monographs.accounts.actors import contributor_of
from monographs.document import MonographDocument, sha256_of
from monographs.editions.contributions import record_contribution
from monographs.editions.models import ReviewKind
from monographs.models import MonographIndexPage, MonographPage
from monographs.review.actions import Submit
from monographs.review.diff_cache import clear_diff_cache
from monographs.review.models import Submission

#: Of the pages that are not in review, every fifth is a draft nobody has submitted.
DRAFTS = 5
#: Of the published, every tenth is overdue.
OVERDUE = 10
#: What a page is made of besides its words.
COPIED = (
    "summary",
    "brand_names",
    "drug_class_id",
    "routes",
    "sections",
    "sources",
    "review_interval_months",
)


class AdminFixture:
    """A desk full of pages, all like those of the demonstration."""

    def __init__(self) -> None:
        call_command("setup_site", verbosity=0)
        call_command("load_demo", verbosity=0)
        users = get_user_model().objects
        self.writer = users.get(username="writer2")
        self.reviewers = list(users.filter(username__in=["reviewer", "reviewer2"]))
        self.shelf = MonographIndexPage.objects.get(collection="medicines")
        self.originals = cycle(MonographPage.objects.order_by("pk"))

    def fill(self, pages: int, in_review: int) -> None:
        """``pages`` medicines in all, ``in_review`` of them in review with a section changed."""
        missing = pages - MonographPage.objects.count()
        for number in range(in_review):
            self._in_review(number)
        for page, number in zip(self._bulk(missing - in_review), range(missing), strict=False):
            with transaction.atomic():
                self._contributed(page)
                if number % DRAFTS:
                    publish(_document(page))
        self._some_overdue()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _fields(self, number: int) -> dict[str, Any]:
        original = next(self.originals)
        fields = {name: getattr(original, name) for name in COPIED}
        return fields | {"title": f"{original.title}{number:05}", "slug": f"{original.slug}{number:05}"}

    @transaction.atomic
    def _in_review(self, number: int) -> None:
        page = MonographPage(**self._fields(number))
        self.shelf.add_child(instance=page)
        page.save_revision(user=self.writer, clean=False)
        if number % 2:
            publish(_document(page))
        draft = page.get_latest_revision_as_object()
        data = draft.sections.get_prep_value()
        data[1]["value"]["content"].append({"type": "text", "value": f"<p>Take {number} mg, not 5 mg.</p>"})
        draft.sections = MonographPage._meta.get_field("sections").to_python(data)
        draft.change_note = "A new dose."
        draft.save_revision(user=self.writer, clean=False)
        submission = Submit(
            self.writer, page, review_kind=ReviewKind.FULL_REVIEW, reason="The label changed."
        ).execute()
        submission.reviewers.set(self.reviewers[: number % 3])
        Submission.objects.filter(pk=submission.pk).update(due_on=timezone.now().date())

    def _bulk(self, count: int) -> list[MonographPage]:
        shelf = MonographIndexPage.objects.get(pk=self.shelf.pk)
        made: list[MonographPage] = []
        for number in range(count):
            path = Page._get_path(shelf.path, shelf.depth + 1, shelf.numchild + 1 + number)
            page = MonographPage(**self._fields(50_000 + number), path=path, depth=shelf.depth + 1)
            page.url_path = f"{shelf.url_path}{page.slug}/"
            page.draft_title, page.owner, page.locale_id = page.title, self.writer, shelf.locale_id
            page.latest_revision_created_at = timezone.now()
            made.append(page)
        names = [field.attname for field in Page._meta.concrete_fields if field.attname != "id"]
        rows = [Page(**{name: getattr(page, name) for name in names}) for page in made]
        for page, row in zip(made, Page.objects.bulk_create(rows), strict=True):
            page.pk = page.page_ptr_id = row.pk
            page.save_base(raw=True, force_insert=True)
        Page.objects.filter(pk=shelf.pk).update(numchild=shelf.numchild + count)
        return made

    def _contributed(self, page: MonographPage) -> None:
        record_contribution(page.translation_key, contributor_of(self.writer), sha256_of(page.to_document()))

    def _some_overdue(self) -> None:
        """The record refuses to be rewritten; this database is the benchmark's own."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE editions_edition DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE editions_edition SET next_due = current_date - 9 WHERE id %% %s = 0", [OVERDUE]
            )
            cursor.execute("ALTER TABLE editions_edition ENABLE TRIGGER USER")


def _document(page: MonographPage) -> MonographDocument:
    return page.build_document(page.resolve_context())


def requests(desk: AdminFixture) -> dict[str, Request]:
    """What is measured, by name."""
    reviewer, writer = Client(), Client()
    reviewer.force_login(desk.reviewers[0])
    writer.force_login(desk.writer)
    board = reverse("dashboard:index")
    record = reverse("review:record", args=[Submission.objects.latest("pk").key])
    month = f"{timezone.now():%Y-%m}"

    def cold() -> Any:
        clear_diff_cache()
        return reviewer.get(reverse("review:queue"))

    return {
        "queue, nothing known yet": cold,
        "queue": lambda: reviewer.get(reverse("review:queue")),
        "queue, last page": lambda: reviewer.get(reverse("review:queue"), {"p": 99}),
        "queue of a writer": lambda: writer.get(reverse("review:queue")),
        "board": lambda: reviewer.get(board),
        "board, by name": lambda: reviewer.get(board, {"words": "mab", "order": "-age"}),
        "board, one person": lambda: reviewer.get(board, {"person": str(desk.writer.pk)}),
        "board, last page": lambda: reviewer.get(board, {"p": 999}),
        "calendar": lambda: reviewer.get(reverse("dashboard:calendar"), {"month": month}),
        "record": lambda: reviewer.get(record),
        "dashboard": lambda: reviewer.get(reverse("wagtailadmin_home")),
    }


def main() -> None:
    """Make the desk, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--in-review", type=int, default=200)
    parser.add_argument("--requests", type=int, default=30)
    options = parser.parse_args()
    with scratch_database():
        start = time.perf_counter()
        desk = AdminFixture()
        desk.fill(options.pages, options.in_review)
        took = time.perf_counter() - start
        print(
            f"{MonographPage.objects.count()} monographs, {options.in_review} in review, made in {took:.0f} s"
        )
        # A web process has not just made 5,000 pages: what that left behind is no request's to collect
        gc.collect()
        gc.freeze()
        print(ROW.format("screen", "queries", "kB", "p50 ms", "p95 ms", "worst"))
        for name, request in requests(desk).items():
            print(measure(name, request, options.requests), flush=True)


if __name__ == "__main__":
    main()
