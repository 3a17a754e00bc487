"""A witness as c2sp.org/tlog-witness describes it, on this machine."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from monographs.editions.checkpoints.keys import SigningKey, is_signature
from monographs.editions.record.signed_note import (
    NoteRefused,
    TreeHead,
    VerifierKey,
    opened_checkpoint,
    parse_note,
)
from tests.checkpoints.reference_tree import is_consistent


class Witness:
    """Signs what extends the tree that it saw last."""

    def __init__(self, key: SigningKey, log: VerifierKey) -> None:
        self.key, self.log = key, log
        self.seen = TreeHead(log.name, 0, b"")
        self.requests = 0

    def answer(self, body: str) -> tuple[int, str]:
        """The status and the text of an answer."""
        self.requests += 1
        opening, _, whole = body.partition("\n\n")
        lines = opening.split("\n")
        old = re.fullmatch(r"old (0|[1-9]\d*)", lines[0])
        try:
            note = parse_note(whole)
            head, _ = opened_checkpoint(note, [self.log], [], 0, is_signature)
        except NoteRefused:
            return 403, ""
        if not old or int(old[1]) > head.size:
            return 400, ""
        if int(old[1]) != self.seen.size:
            return 409, f"{self.seen.size}\n"
        proof = [base64.b64decode(line) for line in lines[1:]]
        if self.seen.size and not is_consistent(self.seen.size, head.size, self.seen.root, head.root, proof):
            return 422, ""
        self.seen = head
        return 200, self.key.sign(note.text, seconds=1_790_000_000).line()


@contextmanager
def serving(witness: Witness) -> Iterator[str]:
    """Serve a witness; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, text = witness.answer(body) if self.path == "/w1/add-checkpoint" else (404, "")
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/w1"
        finally:
            server.shutdown()
            thread.join()
