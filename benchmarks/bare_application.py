"""A WSGI application that does nothing but send the bytes of a file: what the server itself costs."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BODY = Path(os.environ["BARE_BODY"]).read_bytes()
_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Content-Length", str(len(BODY))),
]


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer every request with the file."""
    start_response("200 OK", _HEADERS)
    return [BODY]
