"""How long a patient's page takes inside one process, from request to response, at a given size.

``python -m benchmarks.public_pages [--editions N] [--requests N]``. No network, no proxy, no cache: what it
costs to make a page. Prints a table.
"""

import argparse
import random
import time
from typing import Any

from django.test import Client

from benchmarks.harness import ROW, SEED, Request, measure, publish_many, scratch_database


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
