"""What a page costs, compared with a stock Wagtail page and a file in nginx, and how that grows.

``python -m benchmarks.public_pages [--sizes 100 1000] [--rounds 5] [--requests 300] [--workers 2]``. Peers
run side by side and are read in turn, so that other load on the machine meets all of them; the processor time
of their processes and of the database is what counts. Writes ``benchmarks/results`` and prints the table.
"""

import argparse
import gzip
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from benchmarks import peers, report
from benchmarks.harness import SEED, temporary_database
from benchmarks.load import read_pages
from benchmarks.peers import Peer
from benchmarks.processes import cpu_seconds, largest_private_megabytes
from devtools.synthetic.generation import generate
from monographs.editions.models import Publication, PublicationState
from monographs.public.body_cache import bodies
from monographs.public.queries import fetch_page

#: Pages that each peer of this site is read with.
PAGES = 5
#: Requests before the measured ones, and requests per address and size in the table of growth.
WARM_UP, GROWTH_REQUESTS = 200, 20
ADDRESSES = ("/", "/medicines/", "/medicines/?letter=B", "/search/?q=cancer", "/whats-new/", "/updates.atom",
             "/sitemap.xml", "/api/v1/monographs")  # fmt: skip


def publish(total: int) -> list[str]:
    """Publish synthetic medicines until there are ``total``, and return their paths."""
    for _ in generate(total):
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    current = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind="monograph")
    return list(current.order_by("path").values_list("path", flat=True))


def compare_peers(paths: list[str], rounds: int, requests: int, workers: int) -> dict[str, Any]:
    """Read every peer in turn, and return a row of figures for each."""
    chosen = random.Random(SEED).sample(paths, min(PAGES, len(paths)))  # noqa: S311  # not a secret
    page = Client().get(chosen[0]).content
    document = fetch_page(chosen[0]).signed_document
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        # nginx drops its rights where it is started as root
        folder.chmod(0o755)
        running = [
            stack.enter_context(peers.stock_page(document, folder, workers)),
            stack.enter_context(
                peers.this_site("this site, rendered each time", chosen, folder, workers, BODY_CACHE_MB="0")
            ),
            stack.enter_context(peers.this_site("this site, bodies kept", chosen, folder, workers)),
        ]
        if peers.has_nginx():
            running.append(stack.enter_context(peers.static_file(page, gzip.compress(page), folder, workers)))
        return _measured(running, rounds, requests)


def _measured(running: list[Peer], rounds: int, requests: int) -> dict[str, Any]:
    database = peers.server_pid()
    for peer in running:
        peers.warm_up(peer, WARM_UP)
    figures: dict[str, list[tuple[float, float, int]]] = {peer.name: [] for peer in running}
    for _ in range(rounds):
        for peer in running:
            web, stored = cpu_seconds(peer.pid), cpu_seconds(database)
            read = read_pages(peer.port, peer.paths, requests, peer.headers)
            web, stored = cpu_seconds(peer.pid) - web, cpu_seconds(database) - stored
            figures[peer.name].append((web / requests * 1000, stored / requests * 1000, read.size))
    return {peer.name: _row(figures[peer.name], largest_private_megabytes(peer.pid)) for peer in running}


def _row(figures: list[tuple[float, float, int]], worker_mb: float) -> dict[str, Any]:
    both = sorted(web + stored for web, stored, _ in figures)
    return {
        "web_ms": statistics.median(web for web, _, _ in figures),
        "database_ms": statistics.median(stored for _, stored, _ in figures),
        "cpu_ms": statistics.median(both),
        "spread_ms": [both[0], both[-1]],
        "size": figures[0][2],
        "worker_mb": worker_mb,
    }


def grown(paths: list[str]) -> dict[str, float]:
    """Return the median CPU per request of each address in this process, with the database, in ms."""
    client, rng = Client(), random.Random(SEED)  # noqa: S311  # not a secret
    sampled = rng.sample(paths, min(GROWTH_REQUESTS, len(paths)))
    found = {"/medicines/<slug>/": _median_cpu([partial(client.get, path) for path in sampled])}
    for address in ADDRESSES:
        found[address] = _median_cpu([partial(client.get, address)] * GROWTH_REQUESTS)
    return found


def _median_cpu(requests: list[Callable[[], Any]]) -> float:
    times = []
    for request in [requests[0], *requests]:
        bodies.clear()
        stored, web = _backend_ms(), time.process_time()
        request()
        times.append((time.process_time() - web) * 1000 + _backend_ms() - stored)
    return statistics.median(times[1:])


def _backend_ms() -> float:
    """Return the processor time of this process's database connection."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def main() -> None:
    """Publish medicines size by size, measure, write the results and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000], help="published medicines")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=300, help="requests of a peer in a round")
    parser.add_argument("--workers", type=int, default=2, help="processes of each peer")
    options = parser.parse_args()
    growth: dict[str, dict[str, float]] = {}
    compared: dict[str, Any] = {}
    load = os.getloadavg()[0]
    with temporary_database():
        call_command("setup_site", verbosity=0)
        for size in sorted(options.sizes):
            paths = publish(size)
            compared = compared or compare_peers(paths, options.rounds, options.requests, options.workers)
            for address, milliseconds in grown(paths).items():
                growth.setdefault(address, {})[str(size)] = milliseconds
    about = (
        f"{options.rounds} rounds of {options.requests} requests, the peers in turn, {options.workers} "
        f"workers of 4 threads each, {min(options.sizes)} medicines, gzip. {os.cpu_count()} processors; "
        f"load average {load:.1f} before and {os.getloadavg()[0]:.1f} after."
    )
    results = {"about": about, "peers": compared, "growth": growth}
    print(report.write(results, report.previous()))


if __name__ == "__main__":
    main()
