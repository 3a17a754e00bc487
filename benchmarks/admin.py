"""Times the review queue, the dashboard and a page's history in one process, at a given size.

``python -m benchmarks.admin [--pages N] [--in-review N] [--requests N]``. Measures the time to render a
screen, without network or proxy. Editions, signatures, submissions and contributions are created by the
application's own code; the other drafts are inserted in bulk.
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

from benchmarks.harness import ROW, Request, measure, temporary_database
from devtools.synthetic.publisher import publish
from monographs.accounts.actors import contributor_of
from monographs.document import MonographDocument, sha256_of
from monographs.editions.contributions import record_contribution
from monographs.editions.models import ReviewKind
from monographs.models import MonographIndexPage, MonographPage
from monographs.review.actions import MakeBundle, Submit
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.policies.bundle_policy import MOST_PAGES
from monographs.review.queue.diff_cache import clear_diff_cache

#: One of so many pages that are not in review is a draft that was never submitted.
DRAFT_INTERVAL = 5
#: One of so many editions is overdue for review.
OVERDUE_INTERVAL = 10
#: Fields that a new page copies from a page of the demonstration.
COPIED_FIELDS = (
    "summary",
    "brand_names",
    "drug_class_id",
    "routes",
    "sections",
    "sources",
    "review_interval_months",
)


class AdminFixture:
    """A site with many pages, all copies of those of the demonstration."""

    def __init__(self) -> None:
        call_command("setup_site", verbosity=0)
        call_command("load_demo", verbosity=0)
        users = get_user_model().objects
        self.writer = users.get(username="writer2")
        self.editor = users.get(username="editor")
        self.reviewers = list(users.filter(username__in=["reviewer", "reviewer2"]))
        self.index = MonographIndexPage.objects.get(collection="medicines")
        self.originals = cycle(MonographPage.objects.order_by("pk"))

    def fill(self, pages: int, in_review: int) -> None:
        """Create ``pages`` medicines in all, ``in_review`` of them in review with one changed section."""
        missing = pages - MonographPage.objects.count()
        for number in range(in_review):
            self._create_in_review(number)
        for page, number in zip(self._create_in_bulk(missing - in_review), range(missing), strict=False):
            with transaction.atomic():
                self._record_contribution(page)
                if number % DRAFT_INTERVAL:
                    publish(_document(page))
        self._make_some_overdue()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _fields(self, number: int) -> dict[str, Any]:
        original = next(self.originals)
        fields = {name: getattr(original, name) for name in COPIED_FIELDS}
        return fields | {"title": f"{original.title}{number:05}", "slug": f"{original.slug}{number:05}"}

    @transaction.atomic
    def _create_in_review(self, number: int) -> None:
        page = MonographPage(**self._fields(number))
        self.index.add_child(instance=page)
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

    def _create_in_bulk(self, count: int) -> list[MonographPage]:
        index = MonographIndexPage.objects.get(pk=self.index.pk)
        pages: list[MonographPage] = []
        for number in range(count):
            path = Page._get_path(index.path, index.depth + 1, index.numchild + 1 + number)
            page = MonographPage(**self._fields(50_000 + number), path=path, depth=index.depth + 1)
            page.url_path = f"{index.url_path}{page.slug}/"
            page.draft_title, page.owner, page.locale_id = page.title, self.writer, index.locale_id
            page.latest_revision_created_at = timezone.now()
            pages.append(page)
        names = [field.attname for field in Page._meta.concrete_fields if field.attname != "id"]
        rows = [Page(**{name: getattr(page, name) for name in names}) for page in pages]
        for page, row in zip(pages, Page.objects.bulk_create(rows), strict=True):
            page.pk = page.page_ptr_id = row.pk
            page.save_base(raw=True, force_insert=True)
        Page.objects.filter(pk=index.pk).update(numchild=index.numchild + count)
        return pages

    def _record_contribution(self, page: MonographPage) -> None:
        record_contribution(page.translation_key, contributor_of(self.writer), sha256_of(page.to_document()))

    def _make_some_overdue(self) -> None:
        """Change editions with their triggers disabled: this database is the benchmark's own."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE editions_edition DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE editions_edition SET next_due = current_date - 9 WHERE id %% %s = 0",
                [OVERDUE_INTERVAL],
            )
            cursor.execute("ALTER TABLE editions_edition ENABLE TRIGGER USER")


def _document(page: MonographPage) -> MonographDocument:
    return page.build_document(page.resolve_context())


def requests(fixture: AdminFixture) -> dict[str, Request]:
    """Return the requests to measure, by name."""
    reviewer, writer, editor = Client(), Client(), Client()
    reviewer.force_login(fixture.reviewers[0])
    writer.force_login(fixture.writer)
    editor.force_login(fixture.editor)
    waiting = list(Submission.objects.filter(status=SubmissionStatus.IN_REVIEW).order_by("pk")[:MOST_PAGES])
    made = MakeBundle(fixture.editor, waiting, title="Doses").execute()
    bundle = reverse("bundles:bundle", args=[made.pk])
    dashboard = reverse("dashboard:index")
    history = reverse("review:record", args=[Submission.objects.latest("pk").key])
    month = f"{timezone.now():%Y-%m}"

    def uncached() -> Any:
        clear_diff_cache()
        return reviewer.get(reverse("review:queue"))

    return {
        "queue, empty cache": uncached,
        "queue": lambda: reviewer.get(reverse("review:queue")),
        "queue, last page": lambda: reviewer.get(reverse("review:queue"), {"p": 99}),
        "queue of a writer": lambda: writer.get(reverse("review:queue")),
        "dashboard": lambda: reviewer.get(dashboard),
        "dashboard, by name": lambda: reviewer.get(dashboard, {"words": "mab", "order": "-age"}),
        "dashboard, one person": lambda: reviewer.get(dashboard, {"person": str(fixture.writer.pk)}),
        "dashboard, last page": lambda: reviewer.get(dashboard, {"p": 999}),
        "calendar": lambda: reviewer.get(reverse("dashboard:calendar"), {"month": month}),
        "history": lambda: reviewer.get(history),
        "admin home": lambda: reviewer.get(reverse("wagtailadmin_home")),
        "editor's home": lambda: editor.get(reverse("wagtailadmin_home")),
        "texts in review": lambda: editor.get(reverse("team:reviews")),
        "reviews by period": lambda: editor.get(reverse("team:periods")),
        "reviews due": lambda: reviewer.get(reverse("due:list"), {"show": "year"}),
        "bundles": lambda: editor.get(reverse("bundles:list")),
        "bundle of 100": lambda: reviewer.get(bundle),
        "find and replace, none": lambda: editor.get(reverse("bundles:replace"), {"words": "xylophone"}),
        "find and replace, all": lambda: editor.get(reverse("bundles:replace"), {"words": "medicine"}),
        "notices": lambda: reviewer.get(reverse("notices:list")),
    }


def main() -> None:
    """Create the pages, measure each request and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--in-review", type=int, default=200)
    parser.add_argument("--requests", type=int, default=30)
    options = parser.parse_args()
    with temporary_database():
        start = time.perf_counter()
        fixture = AdminFixture()
        fixture.fill(options.pages, options.in_review)
        seconds = time.perf_counter() - start
        print(f"{MonographPage.objects.count()} monographs, {options.in_review} in review ({seconds:.0f} s)")
        # Objects left over from creating pages must not be collected during a measured request
        gc.collect()
        gc.freeze()
        print(ROW.format("screen", "queries", "kB", "p50 ms", "p95 ms", "worst"))
        for name, request in requests(fixture).items():
            print(measure(name, request, options.requests), flush=True)


if __name__ == "__main__":
    main()
