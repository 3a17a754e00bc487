"""Screens about labels at many pages: ``python -m benchmarks.label_screens``.

``--pages 5000``: monographs, each with a label of its own, a third of them one version behind, ten statements
of each citing it; ``--tasks 200`` open label tasks and ten times as many answered ones. Prints for each
screen queries, size, and processor time in ms: median of this process, mean of the database (which Linux
counts in steps of 10 ms), and the 95th percentile of both together.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from benchmarks.harness import temporary_database
from benchmarks.label_watch import publish_followers, set_id_of
from benchmarks.processes import cpu_seconds
from monographs.core.db_clock import database_now
from monographs.document.canonical import sha256_hex
from monographs.document.page_statements import statements
from monographs.editions.models import Edition
from monographs.label_watch.label_knowledge import begin_round
from monographs.label_watch.models import Citation, LabelCheck, LabelVersion, UpdateTask
from monographs.label_watch.task_labels import LabelTaskOutcome
from monographs.label_watch.watched_editions import watch_missing_editions
from monographs.public.listed_pages import store_missing_listed_pages

ROW = "{:<34}{:>8}{:>8}{:>9}{:>9}{:>9}"
_CITING, _ANSWERED, _BATCH = 10, 10, 500
_WARM_UP, _REPEATS = 3, 40
_CLASSES = ("grave", "substance", "wording")


def _versions(pages: int) -> Iterator[LabelVersion]:
    """Yield a version of each label, and a second one of every third."""
    for number in range(pages):
        for version in (1, 2) if number % 3 == 0 else (1,):
            data = f"{number}.{version}".encode()
            yield LabelVersion(
                set_id=set_id_of(number), version=version, sha256=sha256_hex(data), data=data,
                source_format="spl", title=f"Invented medicine {number}", maker="Nobody", origin="here",
                effective=database_now().date() - timedelta(days=number % 900),
                stored_at=database_now(),
            )  # fmt: skip


def _citations(labels: dict[str, LabelVersion]) -> Iterator[Citation]:
    now = database_now()
    for edition in Edition.objects.filter(kind="monograph").iterator(chunk_size=50):
        label = labels[edition.document.identifiers.label_set_id]
        for number, each in enumerate(statements(edition.document)[:_CITING]):
            yield Citation(
                key=edition.key, statement=each.key, section=each.section, words=each.words, label=label,
                code="34084-4", passage=f"{number:064d}", sha256=f"{number:064d}", person={}, at=now,
            )  # fmt: skip


def _tasks(labels: list[LabelVersion], count: int) -> Iterator[UpdateTask]:
    now = database_now()
    keys = list(Edition.objects.filter(kind="monograph").order_by("pk").values_list("key", "title"))
    for number, (key, title) in islice(enumerate(keys), _ANSWERED * count):
        yield UpdateTask(
            key=key, title=title, set_id=labels[number].set_id, edition=1, from_version=0, to_version=1,
            change_class=_CLASSES[number % 3], opened_at=now - timedelta(days=90 - number % 80),
            closed_at=now, outcome=LabelTaskOutcome.ANSWERED,
        )  # fmt: skip
    for number, (key, title) in islice(enumerate(keys), 0, 3 * count, 3):
        reason = {"code": "34066-1", "heading": "Boxed warning", "class": "grave", "why": "new words"}
        resting = {"section": "how_it_works", "words": "Some words.", "class": "grave", "why": "changed"}
        yield UpdateTask(
            key=key, title=title, set_id=labels[number].set_id, edition=1, from_version=1, to_version=2,
            change_class=_CLASSES[number % 3], sections=["boxed_warning", "how_it_works"],
            reasons=[{**reason, "words": ["fatal", "3"]}] * 5, statements=[resting] * 4,
            opened_at=now - timedelta(days=number % 60), due_on=now.date() + timedelta(days=number % 40 - 7),
        )  # fmt: skip


def _fill(pages: int, tasks: int) -> None:
    call_command("setup_site", verbosity=0)
    publish_followers(pages)
    LabelVersion.objects.bulk_create(_versions(pages), batch_size=_BATCH)
    firsts = LabelVersion.objects.filter(version=1).defer("data")
    labels = {label.set_id: label for label in firsts}
    Citation.objects.bulk_create(_citations(labels), batch_size=_BATCH)
    start = time.process_time()
    watch_missing_editions()
    store_missing_listed_pages()
    print(f"Counted {pages} pages with {(time.process_time() - start) * 1000 / pages:.1f} ms each.")
    begin_round()
    LabelCheck.objects.update(checked_at=database_now(), newest_version=1)
    UpdateTask.objects.bulk_create(
        _tasks([labels[set_id_of(n)] for n in range(pages)], tasks), batch_size=_BATCH
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measure(name: str, client: Client, address: str) -> str:
    backend = connection.connection.info.backend_pid

    def get() -> Any:
        response: Any = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return response.status_code, len(body)

    with CaptureQueriesContext(connection) as queries:
        status, size = get()
        query_count = len(queries)  # before the next request, which empties the log
    if status != 200:  # noqa: PLR2004
        raise SystemExit(f"{address} answered {status}")
    for _ in range(_WARM_UP):
        get()
    own, database = [], []
    for _ in range(_REPEATS):
        before, of_database = time.process_time(), cpu_seconds(backend)
        get()
        own.append((time.process_time() - before) * 1000)
        database.append((cpu_seconds(backend) - of_database) * 1000)
    all_of_it = [sum(pair) for pair in zip(own, database, strict=True)]
    figures = (statistics.median(own), statistics.fmean(database), statistics.quantiles(all_of_it, n=20)[-1])
    return ROW.format(name, query_count, f"{size / 1024:.0f}", *(f"{each:.0f}" for each in figures))


def _addresses() -> dict[str, str]:
    task = UpdateTask.objects.filter(closed_at=None).first()
    if task is None:
        raise SystemExit("there is no task")
    return {
        "coverage": reverse("labels:coverage"),
        "coverage, follows none": f"{reverse('labels:coverage')}?state=none",
        "coverage, page 60": f"{reverse('labels:coverage')}?p=60",
        "coverage, file": reverse("labels:coverage_export"),
        "by label version": reverse("labels:coverage_versions"),
        "by label version, file": reverse("labels:coverage_versions_export"),
        "label changes": reverse("labels:tasks"),
        "label changes, closed": f"{reverse('labels:tasks')}?open=closed",
        "labels of a page": reverse("labels:page", args=[task.key]),
        "home": reverse("wagtailadmin_home"),
        "board": reverse("dashboard:index"),
        "board, file": reverse("dashboard:export"),
        "queue": reverse("review:queue"),
        "calendar": reverse("dashboard:calendar"),
        "API labels": "/api/v1/labels",
        "API labels, 200": "/api/v1/labels?limit=200",
        "API label versions, 200": "/api/v1/labels/versions?limit=200",
        "API summary": "/api/v1/labels/summary",
    }


def main() -> None:
    """Fill a new database and measure each screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--tasks", type=int, default=200)
    options = parser.parse_args()
    with temporary_database(), override_settings(ALLOWED_HOSTS=["*"]):
        _fill(options.pages, options.tasks)
        client = Client()
        client.force_login(User.objects.create_superuser("measured"))
        print(ROW.format("screen", "queries", "KiB", "CPU", "database", "p95 both"))
        for name, address in _addresses().items():
            print(_measure(name, client, address), flush=True)


if __name__ == "__main__":
    main()
