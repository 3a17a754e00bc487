"""A local server that speaks the addresses of DailyMed and openFDA, for labels in words of our own."""

import gzip
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

from tests.labels.label_sources import PRODUCT, result, section, spl

SET_IDS = [f"{number:08d}-2222-4333-8444-555555555555" for number in range(8)]


def label_xml(
    version: int, box: str = "Fever can be fatal.", *, set_id: str = SET_IDS[0], maker: str = ""
) -> bytes:
    """An SPL label with a boxed warning and a dose, of the product BLA123456."""
    text = spl(
        section("34066-1", "Boxed warning", f"<paragraph>{box}</paragraph>"),
        section("34068-7", "Dosage", "<paragraph>Give 28 mcg daily for 28 days.</paragraph>"),
        version=str(version),
        set_id=set_id,
        product=PRODUCT.format(application="BLA123456"),
    )
    return text.replace(b"Example Makers", maker.encode()) if maker else text


def zipped(text: bytes) -> bytes:
    """A version as DailyMed sends an older one: a zip with the XML, named by its document, and a picture."""
    written = io.BytesIO()
    with ZipFile(written, "w") as package:
        package.writestr("exemplar-01.jpg", b"a picture")
        package.writestr("aaaa.xml", text)
    return written.getvalue()


@dataclass
class LabelSite:
    """What the server knows and how it misbehaves: by path of the request, a status and a body to send."""

    #: Versions of each label, in the order in which the list names them.
    versions: dict[str, list[int]] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    #: What is sent of older versions, by set id and version.
    zips: dict[tuple[str, int], bytes] = field(default_factory=dict)
    #: Set ids of all labels of the one product.
    product: list[str] = field(default_factory=list)
    faults: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    #: Paths whose answer ends before its end, and how often a fault is answered before all is well.
    cut: set[str] = field(default_factory=set)
    times: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers_304: bool = True
    address: str = ""

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [urlsplit(path).path for path, _ in self.requests]

    def publish(self, version: int, text: bytes | None = None, *, set_id: str = SET_IDS[0]) -> None:
        """Add a version of a label."""
        self.versions.setdefault(set_id, []).append(version)
        self.texts[set_id] = label_xml(version, set_id=set_id) if text is None else text


class Answers(BaseHTTPRequestHandler):
    """Answers of the two services."""

    protocol_version = "HTTP/1.1"

    @property
    def site(self) -> LabelSite:
        return self.server.site

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        self.site.requests.append((self.path, dict(self.headers)))
        fault = self.site.faults.get(asked.path)
        left = self.site.times.get(asked.path)
        if fault and left != 0:
            if left is not None:
                self.site.times[asked.path] = left - 1
            status, headers, body = fault
            self.send(status, body, headers)
            return
        query = {name: values[-1] for name, values in parse_qs(asked.query).items()}
        match asked.path.strip("/").split("/"):
            case ["dailymed", "spls", set_id, "history.json"]:
                self.history(set_id, int(query.get("page", 1)))
            case ["dailymed", "spls", file] if file.removesuffix(".xml") in self.site.texts:
                self.send(200, self.site.texts[file.removesuffix(".xml")])
            case ["getFile.cfm"] if (query["setid"], int(query["version"])) in self.site.zips:
                self.send(200, self.site.zips[query["setid"], int(query["version"])])
            case ["dailymed", "spls.json"]:
                rows = [
                    {"setid": each.upper(), "title": "EXEMPLAR", "spl_version": 1}
                    for each in self.site.product
                ]
                self.send_json({"data": rows, "metadata": {"next_page": "null"}})
            case ["openfda", "label.json"]:
                self.openfda(query["search"].removeprefix('set_id:"').removesuffix('"'))
            case _:
                self.send(404, b"<html>not found</html>")

    def history(self, set_id: str, page: int) -> None:
        """Send a page of versions, two a page; conditional requests are answered."""
        versions = self.site.versions.get(set_id)
        if versions is None:
            self.send(404, b"<html>not found</html>")
            return
        tag = f'"{len(versions)}-{versions[-1]}"'
        if self.site.answers_304 and self.headers.get("If-None-Match") == tag:
            self.send(304, b"", {"ETag": tag})
            return
        start = 2 * (page - 1)
        rows = [
            {"spl_version": each, "published_date": "Sep 26, 2012"} for each in versions[start : start + 2]
        ]
        more: Any = page + 1 if start + 2 < len(versions) else "null"
        answer = {
            "data": {"spl": {"setid": set_id, "title": "EXEMPLAR"}, "history": rows},
            "metadata": {"current_page": page, "next_page": more},
        }
        self.send_json(answer, {"ETag": tag} if self.site.answers_304 else {})

    def openfda(self, set_id: str) -> None:
        versions = self.site.versions.get(set_id)
        if versions is None:
            self.send(404, b'{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}')
            return
        dose = f"2.1 Dose Give {versions[-1]} mcg daily."
        one = {**result(versions[-1], dosage_and_administration=dose), "set_id": set_id}
        self.send_json({"meta": {"results": {"total": 1}}, "results": [one]})

    def send_json(self, answer: Any, headers: dict[str, str] | None = None) -> None:
        body = gzip.compress(json.dumps(answer).encode())
        self.send(
            200, body, {"Content-Encoding": "gzip", "Content-Type": "application/json", **(headers or {})}
        )

    def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        cut = urlsplit(self.path).path in self.site.cut
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def label_service() -> Iterator[LabelSite]:
    """Run the server."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    httpd.daemon_threads = True
    site = LabelSite(address=f"http://127.0.0.1:{httpd.server_port}")
    httpd.site = site
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield site
    httpd.shutdown()
    httpd.server_close()
