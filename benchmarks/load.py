"""Clients: one reads pages one after the other and counts what it gets, one asks without pause."""

import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from itertools import cycle, islice

#: Connections of the client that asks without pause.
CONNECTIONS = 32
_HIDDEN = re.compile(r"<(script|style|svg)\b.*?</\1>|<head>.*?</head>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Read:
    """What a series of requests took."""

    seconds: float
    #: The bytes of the largest body.
    size: int


def read_pages(port: int, paths: Sequence[str], count: int, headers: Mapping[str, str]) -> Read:
    """Read ``count`` pages. Raises ``SystemExit`` if one is not there."""
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    size = 0
    began = time.perf_counter()
    for path in islice(cycle(paths), count):
        size = max(size, len(_read(client, path, headers)))
    client.close()
    return Read(time.perf_counter() - began, size)


def shown_words(port: int, path: str, headers: Mapping[str, str]) -> int:
    """Return how many words a page shows."""
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    page = _read(client, path, {**headers, "Accept-Encoding": "identity"})
    client.close()
    return len(_HIDDEN.sub(" ", page.decode()).split())


def _read(client: HTTPConnection, path: str, headers: Mapping[str, str]) -> bytes:
    client.request("GET", path, headers=dict(headers))
    response: HTTPResponse = client.getresponse()
    body = response.read()
    if response.status not in {200, 304}:
        raise SystemExit(f"{path} on port {client.port} answered with {response.status}")
    return body


def has_load_generator() -> bool:
    """Whether ``wrk`` is installed."""
    return shutil.which("wrk") is not None


def ask_without_pause(port: int, path: str, seconds: int, headers: Mapping[str, str]) -> tuple[int, float]:
    """Ask for a page over many connections with ``wrk``; return how many answers came, in how many seconds.

    Raises ``SystemExit`` if an answer was not the page.
    """
    options = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *options, f"http://127.0.0.1:{port}{path}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    counted = re.search(r"(\d+) requests in ([\d.]+)s", told)
    if counted is None or "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"{path} on port {port} was not answered each time:\n{told}")
    return int(counted[1]), float(counted[2])
