"""Images are pinned by what a registry says, with the token that it asks for."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from devtools.image_digests import FILES, Image, images, pinned

DIGEST = f"sha256:{'ab' * 32}"


class Registry(BaseHTTPRequestHandler):
    """Asks for a token that anybody gets, as Docker's own registry does."""

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"token": "%s"}' % self.path.encode())

    def do_HEAD(self) -> None:
        if "pull" not in self.headers.get("Authorization", ""):
            port = self.server.server_address[1]
            self.send_response(401)
            self.send_header(
                "WWW-Authenticate",
                f'Bearer realm="http://127.0.0.1:{port}/token",service="x",scope="repository:library/a:pull"',
            )
        elif "index.v1" not in self.headers["Accept"] or self.path != "/v2/library/a/manifests/1.2":
            self.send_response(404)
        else:
            self.send_response(200)
            self.send_header("Docker-Content-Digest", DIGEST)
        self.end_headers()


@pytest.fixture
def registry() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_registry_is_asked_for_the_list_of_all_platforms(registry: str) -> None:
    assert Image(registry, "library/a", "1.2").digest() == DIGEST
    with pytest.raises(OSError, match="404"):
        Image(registry, "library/a", "1.3").digest()


def test_names_are_those_that_docker_means() -> None:
    hub = "https://registry-1.docker.io"
    assert Image.named("postgres:18") == Image(hub, "library/postgres", "18")
    assert Image.named("axllent/mailpit:v1") == Image(hub, "axllent/mailpit", "v1")
    assert Image.named("ghcr.io/a/b:2") == Image("https://ghcr.io", "a/b", "2")
    for text in ("postgres", "localhost:5000/a"):
        with pytest.raises(ValueError, match="names no version"):
            Image.named(text)


def test_a_newer_digest_replaces_the_one_before() -> None:
    text = "FROM a:1 AS build\nservices:\n  b:\n    image: b/c:2\n  own:\n    image: ${IMAGE:-own}\n"
    once = pinned(text, {"a:1": DIGEST, "b/c:2": DIGEST})
    assert once == text.replace("a:1", f"a:1@{DIGEST}").replace("b/c:2", f"b/c:2@{DIGEST}")
    assert pinned(once, {"a:1": DIGEST, "b/c:2": DIGEST}) == once


def test_every_image_of_the_project_is_found() -> None:
    found = {name for file in FILES for name in images(file.read_text())}
    assert len(found) == 5
    assert all(Image.named(name) for name in found)
