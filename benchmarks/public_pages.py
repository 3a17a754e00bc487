"""Times public pages in one process, from request to response, at a given number of medicines.

``python -m benchmarks.public_pages [--editions N] [--requests N]``. Measures the time to render a page,
without network, proxy or cache, and prints a table.
"""

import argparse
import random
import time
from typing import Any

from django.test import Client

from benchmarks.harness import ROW, SEED, Request, measure, publish_many, temporary_database


def requests(paths: list[str]) -> dict[str, Request]:
    """Return the requests to measure, by name. Medicines are chosen at random, the same in each run."""
    client, rng = Client(), random.Random(SEED)  # noqa: S311  # not used for secrets
    etags = {
        path: client.get(path).headers.get("ETag", "") for path in rng.sample(paths, min(50, len(paths)))
    }

    def unchanged() -> Any:
        path = rng.choice(list(etags))
        return client.get(path, headers={"if-none-match": etags[path]})

    return {
        "medicine": lambda: client.get(rng.choice(paths)),
        "medicine, unchanged (304)": unchanged,
        "A–Z": lambda: client.get("/medicines/"),
        "A–Z, one letter": lambda: client.get("/medicines/", {"letter": "B"}),
    }


def main() -> None:
    """Publish medicines, measure each request and print a table."""
    parser = argparse.ArgumentParser(description="Time public pages in one process.")
    parser.add_argument("--editions", type=int, default=500, help="published medicines (500)")
    parser.add_argument("--requests", type=int, default=200, help="requests per row (200)")
    options = parser.parse_args()
    with temporary_database():
        start = time.perf_counter()
        paths = publish_many(options.editions)
        print(f"{len(paths)} medicines published in {time.perf_counter() - start:.0f} s\n")
        print(ROW.format("page", "queries", "KiB", "p50 ms", "p95 ms", "worst ms"))
        for name, request in requests(paths).items():
            print(measure(name, request, options.requests))


if __name__ == "__main__":
    main()
