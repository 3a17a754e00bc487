"""Clients that are slow, ask for too much, or ask for ten thousand addresses."""

import socket
import subprocess
import time
from contextlib import ExitStack, suppress

from tests.deployment.proxies import HOST
from tests.deployment.test_container import START_SECONDS
from tests.resilience.faults import CALM, warm
from tests.resilience.outcome import Outcome, Scale, outcome_of
from tests.resilience.readers import Readers
from tests.resilience.stack import Stack, fetch, status
from tests.resilience.texts import Medicines

#: Clients that never finish a request; many more than the service has threads.
UNFINISHED = 200
#: Bytes that Varnish may use for answers that nobody asks for twice, as started by the tests.
TRANSIENT_BYTES = 16 * 2**20


def slow_clients(stack: Stack, medicines: Medicines, scale: Scale) -> Outcome:
    """Clients begin requests and do not finish them."""
    warm(stack, medicines)
    begun = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode()
    with ExitStack() as last:
        for _ in range(UNFINISHED):
            client = last.enter_context(
                socket.create_connection(("127.0.0.1", stack.front), timeout=START_SECONDS)
            )
            client.sendall(begun)
        with Readers([stack.front], medicines.paths, scale.readers) as readers:
            time.sleep(CALM * 3)
    return outcome_of(f"{UNFINISHED} clients that never finish", readers, 0.0, medicines)


#: Requests that are too large, and what may be answered.
OVERSIZE = {
    "form of 30 MB": (b"POST /admin/login/ HTTP/1.1\r\nHost: %s\r\nContent-Length: 30000000\r\n\r\n", {413}),
    "address of 40 kB": (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: %s\r\n\r\n", {414}),
    "header of 40 kB": (b"GET / HTTP/1.1\r\nHost: %s\r\nX-A: " + b"a" * 40_000 + b"\r\n\r\n", {400}),
    "search of 6 kB": (b"GET /search/?q=" + b"a" * 6_000 + b" HTTP/1.1\r\nHost: %s\r\n\r\n", {200, 400, 414}),
    "feedback of 1 MB": (
        b"POST /medicines/testumab0/helpful/ HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + b"a" * 1_000_000,
        {400, 413},
    ),
}


def oversize_input(stack: Stack, medicines: Medicines, scale: Scale) -> Outcome:
    """Requests that are too large are refused, and nobody else notices."""
    warm(stack, medicines)
    with Readers([stack.front], medicines.paths, scale.readers) as readers:
        for what, (data, expected) in OVERSIZE.items():
            found = _answer(stack.front, data.replace(b"%s", HOST.encode()))
            assert found in expected, f"{what}: {found}"
    return outcome_of(f"{len(OVERSIZE)} requests that are too large", readers, 0.0, medicines)


def _answer(port: int, data: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as client:
        with suppress(OSError):  # refused before all of it was sent
            client.sendall(data)
        return int(client.recv(4096).split(b" ", 2)[1])


def many_addresses(stack: Stack, medicines: Medicines, scale: Scale) -> Outcome:
    """A robot asks for addresses that do not exist and for searches that nobody repeats."""
    warm(stack, medicines)
    node = stack.nodes[0]
    with Readers([node], medicines.paths, scale.readers) as readers:
        for number in range(scale.addresses):
            kinds = (f"/medicines/no-{number}/", f"/{number}", f"/?x={number}", f"/search/?q=no{number}")
            code, _ = fetch(node, kinds[number % len(kinds)])
            assert code in {200, 404}, code
    used = varnish_counter(stack, "SMA.Transient.g_bytes")
    assert used <= TRANSIENT_BYTES, f"{used} bytes"
    assert all(status(node, path) == 200 for path in medicines.paths)
    assert varnish_counter(stack, "MAIN.n_lru_nuked") == 0, "no page was displaced"
    return outcome_of(f"{scale.addresses} addresses that nobody needs", readers, 0.0, medicines)


def varnish_counter(stack: Stack, name: str) -> int:
    """Return a counter of the first node."""
    work = stack.folder / "node-0" / f"varnish-{stack.nodes[0]}"
    found = subprocess.run(
        ["varnishstat", "-n", str(work), "-1", "-f", name], capture_output=True, text=True, check=True
    )
    return int(found.stdout.split()[1])
