"""What the measurements share: a database of their own, something published in it, and a row of figures."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devtools.synthetic.publisher import generate
from monographs.editions.models import Publication, PublicationState

#: Of what is picked at random: the same picks each time.
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
