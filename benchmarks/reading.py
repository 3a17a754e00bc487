"""How long a patient's page takes inside one process, from request to response, at a given size.

``python -m benchmarks.reading [--editions N] [--requests N]``. No network, no proxy, no cache: what it
costs to make a page. Prints a table.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from monographs.demo.synthetic.publishing import generate  # noqa: E402
from monographs.editions.models import Publication, PublicationState  # noqa: E402

SEED = 20_260_101
WARM_UP = 20
ROW = "{:<28}{:>8}{:>10}{:>10}{:>10}{:>10}"

Request = Callable[[], Any]


def publish_many(wanted: int) -> list[str]:
    """The demonstration content and invented medicines, ``wanted`` medicines in all; their paths."""
    call_command("setup_site", verbosity=0)
    call_command("load_demo", verbosity=0)
    public = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind="monograph")
    for _ in generate(max(0, wanted - public.count())):
        pass
    return list(public.order_by("path").values_list("path", flat=True))


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of this run's, dropped afterwards."""
    ordinary = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "monographs_benchmark"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(ordinary, verbosity=0)


def measure(name: str, request: Request, repeats: int) -> str:
    """A row of the table: queries and kilobytes of one answer, milliseconds at p50, p95 and worst."""
    with CaptureQueriesContext(connection) as queries:
        answer = request()
    asked = len(queries)  # now: the next request empties the log
    if answer.status_code not in {200, 304}:
        raise SystemExit(f"{name}: the answer was {answer.status_code}")
    for _ in range(WARM_UP):
        request()
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        request()
        took.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(took, n=100)
    figures = [f"{ms:.1f}" for ms in (cuts[49], cuts[94], max(took))]
    return ROW.format(name, asked, f"{len(answer.content) / 1024:.0f}", *figures)


def requests(paths: list[str]) -> dict[str, Request]:
    """What is measured, by name; medicines are picked at random, the same ones each time."""
    client, pick = Client(), random.Random(SEED)  # noqa: S311  # not for secrets
    etags = {
        path: client.get(path).headers.get("ETag", "") for path in pick.sample(paths, min(50, len(paths)))
    }

    def unchanged() -> Any:
        path = pick.choice(list(etags))
        return client.get(path, headers={"if-none-match": etags[path]})

    return {
        "medicine": lambda: client.get(pick.choice(paths)),
        "medicine, unchanged (304)": unchanged,
        "A–Z": lambda: client.get("/medicines/"),
        "A–Z, one letter": lambda: client.get("/medicines/", {"letter": "B"}),
    }


def main() -> None:
    """Publish, measure, print."""
    parser = argparse.ArgumentParser(description="Time patients' pages in-process.")
    parser.add_argument("--editions", type=int, default=500, help="published medicines (500)")
    parser.add_argument("--requests", type=int, default=200, help="requests per row (200)")
    options = parser.parse_args()
    with scratch_database():
        start = time.perf_counter()
        paths = publish_many(options.editions)
        print(f"{len(paths)} medicines published in {time.perf_counter() - start:.0f} s\n")
        print(ROW.format("page", "queries", "KiB", "p50 ms", "p95 ms", "worst ms"))
        for name, request in requests(paths).items():
            print(measure(name, request, options.requests))


if __name__ == "__main__":
    main()
