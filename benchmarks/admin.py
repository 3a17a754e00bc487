"""Times the screens of writers, reviewers and editors in one process, at a given size.

``python -m benchmarks.admin [--pages N] [--in-review N] [--requests N] [--write]``. Measures the time to
render a screen, without network or proxy. Editions, signatures, submissions and contributions are created by
the application's own code; the other drafts are inserted in bulk. ``--write`` keeps the table in ``RESULTS``.
"""

import argparse
import gc
import json
import os
import time
from itertools import cycle
from pathlib import Path
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
from home.models import HomePage
from monographs.accounts.actors import contributor_of
from monographs.document import MonographDocument, sha256_of
from monographs.editions.contributions import record_contribution
from monographs.editions.models import Edition, Publication, PublicationState, ReviewKind
from monographs.models import MonographIndexPage, MonographPage, StandardTextPage
from monographs.review.actions import MakeBundle, SetAside, Submit
from monographs.review.models import ReviewAssignment, Submission, SubmissionStatus
from monographs.review.models.review_bundle import MOST_PAGES
from monographs.review.queue.diff_cache import clear_diff_cache
from monographs.source_library.models import LibrarySource

RESULTS = Path(__file__).parent / "results" / "admin.md"
HEADER = ("screen", "queries", "KiB", "p50 ms", "p95 ms", "worst ms")
#: One of so many pages that are not in review is a draft that was never submitted.
DRAFT_INTERVAL = 5
#: One of so many editions is overdue for review.
OVERDUE_INTERVAL = 10
#: One of so many pages shows a source of the library, and one of so many includes a standard text; how many
#: there are of each.
SOURCE_INTERVAL, TEXT_INTERVAL = 3, 5
SOURCES, STANDARD_TEXTS = 200, 10
#: One of so many pages has a draft that is set aside, and at least so many.
SET_ASIDE_INTERVAL, LEAST_SET_ASIDE = 100, 5
#: One of so many public pages has somebody asked for its next review.
ASKED_INTERVAL = 2
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
        self._create_shared()
        set_aside = max(LEAST_SET_ASIDE, pages // SET_ASIDE_INTERVAL)
        missing = pages - MonographPage.objects.count() - in_review - set_aside
        for number in range(in_review):
            self._create_in_review(number)
        for number in range(set_aside):
            self._create_set_aside(number)
        for page, number in zip(self._create_in_bulk(missing), range(missing), strict=False):
            with transaction.atomic():
                self._record_contribution(page)
                if number % DRAFT_INTERVAL:
                    publish(_document(page))
        self._make_some_overdue()
        self._ask_for_reviews()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _create_shared(self) -> None:
        """Create what pages share: sources of the library, and standard texts with an edition each."""
        kinds = {"kind": "guideline", "publisher": "Nobody"}
        self.sources = [LibrarySource(title=f"Guideline {n}", **kinds) for n in range(SOURCES)]
        for source in self.sources:
            source.save()
        home = HomePage.objects.get()
        self.texts: list[Edition] = []
        for number in range(STANDARD_TEXTS):
            page = StandardTextPage(title=f"Standard text {number}", slug=f"standard-text-{number}")
            page.body = json.dumps([{"type": "text", "value": f"<p>Tell us, {number}.</p>"}])
            home.add_child(instance=page)
            page.save_revision(user=self.writer, clean=False)
            self.texts.append(publish(page.get_latest_revision_as_object().to_document()))

    def _share(self, fields: dict[str, Any], number: int) -> None:
        """Let a page show a source of the library, or include a standard text, if it is its turn."""
        if number % SOURCE_INTERVAL == 0:
            source = self.sources[number % SOURCES]
            value = {"reference": "shared", "source": source.pk, "date_seen": None}
            fields["sources"] = _added("sources", fields["sources"], {"type": "library", "value": value})
        if number % TEXT_INTERVAL == 0:
            text = self.texts[number % STANDARD_TEXTS]
            data = fields["sections"].get_prep_value()
            block = {"type": "standard_text", "value": f"{text.key}/{text.number}/{text.sha256}"}
            data[1]["value"]["content"] = [*data[1]["value"]["content"], block]
            fields["sections"] = MonographPage._meta.get_field("sections").to_python(data)

    def _ask_for_reviews(self) -> None:
        """Ask reviewers for the next reviews of public pages, without notices."""
        current = Publication.objects.filter(state=PublicationState.CURRENT).order_by("pk")
        due = current.values_list("key", "edition__next_due")
        ReviewAssignment.objects.bulk_create(
            ReviewAssignment(key=key, due_on=day, reviewer=self.reviewers[number % len(self.reviewers)])
            for number, (key, day) in enumerate(due)
            if number % ASKED_INTERVAL == 0
        )

    def _fields(self, number: int) -> dict[str, Any]:
        original = next(self.originals)
        fields = {name: getattr(original, name) for name in COPIED_FIELDS}
        self._share(fields, number)
        return fields | {"title": f"{original.title}{number:05}", "slug": f"{original.slug}{number:05}"}

    @transaction.atomic
    def _create_in_review(self, number: int) -> None:
        page = MonographPage(**self._fields(number))
        self.index.add_child(instance=page)
        page.save_revision(user=self.writer, clean=False)
        if number % 2:
            publish(_document(page))
        self._change(page, number)
        submission = Submit(
            self.writer, page, review_kind=ReviewKind.FULL_REVIEW, reason="The label changed."
        ).execute()
        submission.reviewers.set(self.reviewers[: number % 3])
        Submission.objects.filter(pk=submission.pk).update(due_on=timezone.now().date())

    def _change(self, page: MonographPage, number: int) -> None:
        """Add a sentence to one section in a new revision."""
        draft = page.get_latest_revision_as_object()
        data = draft.sections.get_prep_value()
        data[1]["value"]["content"].append({"type": "text", "value": f"<p>Take {number} mg, not 5 mg.</p>"})
        draft.sections = MonographPage._meta.get_field("sections").to_python(data)
        draft.change_note = "A new dose."
        draft.save_revision(user=self.writer, clean=False)

    @transaction.atomic
    def _create_set_aside(self, number: int) -> None:
        """A page that patients read with a changed draft that is set aside, and a newer one."""
        self.changed = page = MonographPage(**self._fields(40_000 + number))
        self.index.add_child(instance=page)
        page.save_revision(user=self.writer, clean=False)
        publish(_document(page))
        self._change(page, number)
        page.refresh_from_db()
        SetAside(self.writer, page, seen=page.latest_revision_id).execute()
        self._change(page, number + 1)

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


def _added(name: str, value: Any, block: dict[str, Any]) -> Any:
    """Return the blocks of a field of a medicine with one more."""
    return MonographPage._meta.get_field(name).to_python([*value.get_prep_value(), block])


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
    review = reverse("review:review", args=[_changed_text().pk])
    public = Publication.objects.filter(state=PublicationState.CURRENT).order_by("-pk").values("key")
    due = MonographPage.objects.filter(translation_key__in=public).order_by("-pk")[0].pk
    source = reverse("source_library:inspect", args=[fixture.sources[0].pk])
    text = reverse("standard_texts:text", args=[fixture.texts[0].key])

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
        "ask for due reviews": lambda: editor.get(reverse("due:assign"), {"show": "year"}),
        "due review": lambda: reviewer.get(reverse("due:review", args=[due])),
        "due review, its text": lambda: reviewer.get(reverse("due:text", args=[due])),
        "review page": lambda: reviewer.get(review),
        "submit form": lambda: writer.get(reverse("review:submit", args=[fixture.changed.pk])),
        "drafts set aside": lambda: editor.get(dashboard, {"set_aside": "on"}),
        "sources": lambda: editor.get(reverse("source_library:list")),
        "source": lambda: editor.get(source),
        "standard texts": lambda: editor.get(reverse("standard_texts:list")),
        "standard text": lambda: editor.get(text),
        "bundles": lambda: editor.get(reverse("bundles:list")),
        "bundle of 100": lambda: reviewer.get(bundle),
        "find and replace, none": lambda: editor.get(reverse("bundles:replace"), {"words": "xylophone"}),
        "find and replace, all": lambda: editor.get(reverse("bundles:replace"), {"words": "medicine"}),
        "older names": lambda: editor.get(reverse("renamed:list")),
        "sources to look at again": lambda: editor.get(reverse("sources:tasks")),
        "notices": lambda: reviewer.get(reverse("notices:list")),
        "emails not sent": lambda: editor.get(reverse("team:emails")),
        "away": lambda: editor.get(reverse("absences:list")),
        "people": lambda: editor.get(reverse("handover:people")),
        "hand over": lambda: editor.get(reverse("handover:handover", args=[fixture.writer.pk])),
        "dictionary": lambda: editor.get(reverse("review:dictionary")),
        **_of_one_page(reviewer, editor),
        "Wagtail: pages": lambda: editor.get(reverse("wagtailadmin_explore", args=[fixture.index.pk])),
        "Wagtail: workflows": lambda: editor.get(reverse("wagtailadmin_reports:workflow")),
        "Wagtail: history": lambda: editor.get(reverse("wagtailadmin_pages:history", args=[due])),
    }


def _of_one_page(reviewer: Client, editor: Client) -> dict[str, Request]:
    """Return the requests for screens of one page that is in review."""
    text = _changed_text()
    section = reverse("review:passages_to_change", args=[text.pk, "how_it_works"])
    compared = reverse("review:compare", args=[text.key, "1", f"submission-{text.pk}"])
    return {
        "conflicts of interest": lambda: reviewer.get(reverse("review:conflicts", args=[text.key])),
        "links for experts": lambda: editor.get(reverse("review:outside_links", args=[text.pk])),
        "passages to change": lambda: reviewer.get(section),
        "comparison": lambda: reviewer.get(compared),
        "a Word file came back": lambda: editor.get(reverse("review:word_return", args=[text.key])),
    }


def _changed_text() -> Submission:
    """Return a text in review, in no bundle, of a page that patients read."""
    loose = Submission.objects.filter(status=SubmissionStatus.IN_REVIEW, bundle=None)
    published = Publication.objects.filter(state=PublicationState.CURRENT).values("key")
    return loose.filter(key__in=published).order_by("-pk")[0]


def document(title: str, rows: list[tuple[str, ...]]) -> str:
    """Return the table as Markdown."""
    lines = [HEADER, ("---", *["--:"] * (len(HEADER) - 1)), *rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"""# Results of `python -m benchmarks.admin`

{title}. Each screen was requested in one process, without network or proxy; times are those of this
process and of the database together. Load average {os.getloadavg()[2]:.1f} on {os.cpu_count()} processors.
The last rows are Wagtail's own screens on the same site: what they take is what this machine makes of a list.

{table}
"""


def main() -> None:
    """Create the pages, measure each request and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--in-review", type=int, default=200)
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with temporary_database():
        start = time.perf_counter()
        fixture = AdminFixture()
        fixture.fill(options.pages, options.in_review)
        seconds = time.perf_counter() - start
        title = f"{MonographPage.objects.count():,} monographs, {options.in_review:,} in review"
        print(f"{title} ({seconds:.0f} s)")
        # Objects left over from creating pages must not be collected during a measured request
        gc.collect()
        gc.freeze()
        print(ROW.format(*HEADER))
        rows = []
        for name, request in requests(fixture).items():
            rows.append(measure(name, request, options.requests))
            print(ROW.format(*rows[-1]), flush=True)
    if options.write:
        RESULTS.write_text(document(title, rows))


if __name__ == "__main__":
    main()
