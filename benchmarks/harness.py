"""Shared by the benchmarks: a temporary database, published content, and a row of measurements."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devtools.synthetic.generation import generate
from monographs.editions.models import Publication, PublicationState

#: Seed of random choices, so that each run makes the same ones.
SEED = 20_260_101
#: Requests before the measured ones.
WARM_UP = 20
ROW = "{:<28}{:>8}{:>10}{:>10}{:>10}{:>10}"

Request = Callable[[], Any]


def publish_many(total: int) -> list[str]:
    """Publish demonstration and synthetic medicines, ``total`` in all, and return their paths."""
    call_command("setup_site", verbosity=0)
    call_command("load_demo", verbosity=0)
    public = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind="monograph")
    for _ in generate(max(0, total - public.count())):
        pass
    return list(public.order_by("path").values_list("path", flat=True))


@contextmanager
def temporary_database() -> Iterator[None]:
    """Use a new database, and drop it afterwards."""
    original = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "monographs_benchmark"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)


def measure(name: str, request: Request, repeats: int) -> tuple[str, ...]:
    """Return the cells of ``ROW``: queries and KiB of one response; p50, p95 and worst time, milliseconds."""
    with CaptureQueriesContext(connection) as queries:
        response = request()
    query_count = len(queries)  # before the next request, which empties the log
    if response.status_code not in {200, 304}:
        raise SystemExit(f"{name}: the response had status {response.status_code}")
    for _ in range(WARM_UP):
        request()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        request()
        times.append((time.perf_counter() - start) * 1000)
    percentiles = statistics.quantiles(times, n=100)
    figures = [f"{ms:.1f}" for ms in (percentiles[49], percentiles[94], max(times))]
    return (name, str(query_count), f"{len(response.content) / 1024:.0f}", *figures)
