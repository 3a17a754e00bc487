"""A client that reads pages one after the other over one connection, and counts what it gets."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from itertools import cycle, islice


@dataclass(frozen=True, slots=True)
class Read:
    """What a series of requests took."""

    seconds: float
    #: The bytes of the largest body.
    size: int


def read_pages(port: int, paths: Sequence[str], count: int, headers: dict[str, str]) -> Read:
    """Read ``count`` pages. Raises ``SystemExit`` if one is not there."""
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    size = 0
    began = time.perf_counter()
    for path in islice(cycle(paths), count):
        client.request("GET", path, headers=headers)
        response: HTTPResponse = client.getresponse()
        size = max(size, len(response.read()))
        if response.status not in {200, 304}:
            raise SystemExit(f"{path} on port {port} answered with {response.status}")
    client.close()
    return Read(time.perf_counter() - began, size)
