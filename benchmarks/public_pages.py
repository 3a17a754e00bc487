"""What a page costs, compared with a stock Wagtail page and a file in nginx, and how that grows.

``python -m benchmarks.public_pages [--sizes 100 1000 10000] [--editions 1] [--rounds 5] [--requests 300]``.
The compared pages are demonstration monographs, which are as long as real ones. Peers run side by side and
are read in turn, so that other load on the machine meets all of them; the processor time of their processes
and of the database is what counts. Writes ``benchmarks/results`` and prints the table.
"""

import argparse
import gzip
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from benchmarks import peers, report
from benchmarks.harness import SEED, temporary_database
from benchmarks.load import ask_without_pause, has_load_generator, read_pages, shown_words
from benchmarks.peers import Peer
from benchmarks.processes import cpu_seconds, largest_private_megabytes
from devtools.synthetic.generation import generate
from monographs.editions.models import Publication, PublicationState
from monographs.public.body_cache import bodies
from monographs.public.compression import GZIP_LEVEL
from monographs.public.queries import fetch_page

#: Pages that each peer of this site is read with.
PAGES = 5
#: Requests before the measured ones, and requests per address and size in the table of growth.
WARM_UP, GROWTH_REQUESTS = 200, 40
#: How long each server of bytes is asked without pause in a round, in seconds.
BUSY_SECONDS = 3
ADDRESSES = ("/", "/medicines/", "/medicines/?letter=B", "/search/?q=cancer", "/search/suggest?q=ble",
             "/whats-new/", "/updates.atom", "/sitemap.xml", "/api/v1/monographs",
             "/api/v1/monographs?route=by+mouth", "/api/v1/monographs?updated_since=2020-01-01T00:00:00Z",
             "/api/v1/search?q=cancer", "/api/v1/labels", "/api/v1/labels/versions",
             "/api/v1/labels/summary")  # fmt: skip
#: Of the pages with the longest lists: the class and the condition of most medicines, by name in the table.
_BIGGEST = """
    SELECT p.path FROM editions_publication p WHERE p.state = 'current' AND p.key = (
        SELECT k FROM editions_publication q JOIN editions_edition e ON e.id = q.edition_id, {keys} k
        WHERE q.state = 'current' GROUP BY k ORDER BY count(*) DESC, k LIMIT 1)"""
#: A medicine with an edition before the current one.
_REPLACED = """
    SELECT p.path, e.number FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
    WHERE p.state = 'current' AND e.kind = 'monograph' AND e.number > 1 ORDER BY p.path LIMIT 1"""


def publish(total: int, editions: int, jobs: int) -> list[str]:
    """Publish synthetic medicines until there are ``total``, and return their paths."""
    for _ in generate(total, editions=editions, jobs=jobs):
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return paths_of_medicines()


def paths_of_medicines() -> list[str]:
    """Return the paths of the public monographs."""
    current = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind="monograph")
    return list(current.order_by("path").values_list("path", flat=True))


def compare_peers(paths: list[str], rounds: int, requests: int, workers: int) -> dict[str, Any]:
    """Read every peer in turn, and return the figures of each by name, and those of servers of bytes."""
    chosen = random.Random(SEED).sample(paths, min(PAGES, len(paths)))  # noqa: S311  # not a secret
    page = Client().get(chosen[0]).content
    compressed = gzip.compress(page, GZIP_LEVEL)
    documents = [fetch_page(path).signed_document for path in chosen]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        # nginx drops its rights where it is started as root
        folder.chmod(0o755)
        kept = peers.this_site(peers.KEPT, chosen, folder, workers)
        fresh = peers.this_site(peers.RENDERED, chosen, folder, workers, BODY_CACHE_MB="0")
        running = [
            stack.enter_context(peers.stock_pages(documents, folder, workers)),
            stack.enter_context(fresh),
            service := stack.enter_context(kept),
            stack.enter_context(peers.bare_server(compressed, folder, workers)),
        ]
        servers = []
        if peers.is_installed("nginx"):
            servers.append(stack.enter_context(peers.static_file(page, compressed, folder, workers)))
        if peers.is_installed("varnishd"):
            servers.append(stack.enter_context(peers.varnish_node(service, folder)))
        return {
            "peers": _measured([*running, *servers], rounds, requests),
            "busy": _busy(servers, rounds) if has_load_generator() else {},
        }


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
    return {peer.name: _row(peer, figures[peer.name]) for peer in running}


def _row(peer: Peer, figures: list[tuple[float, float, int]]) -> dict[str, Any]:
    both = sorted(web + stored for web, stored, _ in figures)
    return {
        "web_ms": statistics.median(web for web, _, _ in figures),
        "database_ms": statistics.median(stored for _, stored, _ in figures),
        "cpu_ms": statistics.median(both),
        "spread_ms": [both[0], both[-1]],
        "size": figures[0][2],
        "words": statistics.mean(shown_words(peer.port, path, peer.headers) for path in peer.paths)
        if peer.serves_words
        else 0,
        "worker_mb": largest_private_megabytes(peer.pid),
    }


def _busy(servers: list[Peer], rounds: int) -> dict[str, Any]:
    """Ask each server of bytes for one page without pause, in turn; return its CPU and answers a second."""
    figures: dict[str, list[tuple[float, float]]] = {peer.name: [] for peer in servers}
    for _ in range(rounds):
        for peer in servers:
            busy = cpu_seconds(peer.pid)
            answers, seconds = ask_without_pause(peer.port, peer.paths[0], BUSY_SECONDS, peer.headers)
            busy = cpu_seconds(peer.pid) - busy
            figures[peer.name].append((busy / answers * 1e6, answers / seconds))
    return {
        name: {
            "cpu_us": statistics.median(microseconds for microseconds, _ in rows),
            "per_second": statistics.median(rate for _, rate in rows),
        }
        for name, rows in figures.items()
    }


def grown(paths: list[str]) -> dict[str, list[float]]:
    """Return the CPU per request of each address in this process, with the database, in ms.

    The median, and what 19 of 20 requests take at most.
    """
    client, rng = Client(), random.Random(SEED)  # noqa: S311  # not a secret
    sampled = rng.sample(paths, min(GROWTH_REQUESTS, len(paths)))
    found = {"/medicines/<slug>/": _cpu([partial(client.get, path) for path in sampled])}
    for name, address in [*((each, each) for each in ADDRESSES), *_addresses_by_content()]:
        found[name] = _cpu([partial(client.get, address)] * GROWTH_REQUESTS)
    return found


def _addresses_by_content() -> Iterator[tuple[str, str]]:
    """Yield name and address of what depends on the published pages."""
    with connection.cursor() as cursor:
        for name, keys in (
            ("class", "unnest(ARRAY[e.class_key])"),
            ("condition", "unnest(e.condition_keys)"),
        ):
            cursor.execute(_BIGGEST.format(keys=keys))
            yield f"the biggest {name}", cursor.fetchone()[0]
        cursor.execute(_REPLACED)
        path, number = cursor.fetchone()
    yield "/medicines/<slug>/changes/", f"{path}changes/{number - 1}/{number}/"
    yield "/medicines/<slug>/leaflet.pdf", f"{path}leaflet.pdf"


def _cpu(requests: list[Callable[[], Any]]) -> list[float]:
    times = []
    for request in [requests[0], *requests]:
        bodies.clear()
        stored, web = _backend_ms(), time.process_time()
        status = request().status_code
        if status != HTTPStatus.OK:
            raise SystemExit(f"{request} was answered with {status}.")
        times.append((time.process_time() - web) * 1000 + _backend_ms() - stored)
    return [statistics.median(times[1:]), statistics.quantiles(times[1:], n=20)[-1]]


def _backend_ms() -> float:
    """Return the processor time of this process's database connection."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def main() -> None:
    """Publish medicines size by size, measure, write the results and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[100, 1000, 10_000], help="published medicines"
    )
    parser.add_argument("--editions", type=int, default=1, help="editions of each medicine")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=300, help="requests of a peer in a round")
    parser.add_argument("--workers", type=int, default=2, help="processes of each peer")
    parser.add_argument("--jobs", type=int, default=2, help="processes that make medicines")
    options = parser.parse_args()
    growth: dict[str, dict[str, list[float]]] = {}
    load = os.getloadavg()[0]
    with temporary_database():
        call_command("setup_site", verbosity=0)
        call_command("load_demo", verbosity=0)
        compared = compare_peers(paths_of_medicines(), options.rounds, options.requests, options.workers)
        for size in sorted(options.sizes):
            for address, milliseconds in grown(publish(size, options.editions, options.jobs)).items():
                growth.setdefault(address, {})[str(size)] = milliseconds
    about = (
        f"{options.rounds} rounds of {options.requests} requests, the peers in turn, {options.workers} "
        f"workers of 4 threads each, {PAGES} demonstration monographs, gzip; growth with {options.editions} "
        f"editions of each medicine. {os.cpu_count()} processors; "
        f"load average {load:.1f} before and {os.getloadavg()[0]:.1f} after."
    )
    results = {"about": about, **compared, "growth": growth}
    print(report.write(results, report.previous()))


if __name__ == "__main__":
    main()
